use crate::{
    api::projects::{FindProject, FreezeProject, LiftFreeze},
    pages::{frozen::Frozen, loaded::loaded, parts::Refusal},
    ui::{Crumb, Empty, Field, Form, Frame, PageHead, Sending, Submit},
};
use domain::{Action, Project, ProjectId, ProjectOverview};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Where an owner keeps changes out of a project for a while, or lets them in again.
#[component]
pub fn Freeze() -> impl IntoView {
    let params = use_params_map();
    // An address that is none is one that nothing is at.
    let id = move || params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or(ProjectId::NIL);
    loaded(
        move || FindProject { id: id() },
        |project| {
            let href = format!("/projects/{}", project.project.id);
            let crumbs =
                vec![Crumb::new(&project.project.name, href.clone()), Crumb::new("Freeze", format!("{href}/freeze"))];
            view! { <Frame crumbs=crumbs><Body project/></Frame> }.into_any()
        },
    )
}

#[component]
fn Body(project: ProjectOverview) -> impl IntoView {
    let ProjectOverview { project, role, .. } = project;
    let head = view! { <PageHead title=format!("Freeze {}", project.name)/><Frozen project=project.clone()/> };
    if !role.may(Action::Freeze) {
        return view! { {head}<Empty title="Not yours to freeze"><p>"It takes the role owner."</p></Empty> }.into_any();
    }
    let is_frozen = project.freeze.is_some();
    view! {
        {head}
        {is_frozen.then(|| view! { <Lift id=project.id/> })}
        <Keep project/>
    }
    .into_any()
}

/// The way out before the time is over.
#[component]
fn Lift(id: ProjectId) -> impl IntoView {
    let lift = Sending::to::<LiftFreeze>();
    view! {
        <Form sending=lift>
            <Refusal error=lift.refused/>
            <input type="hidden" name="id" value=id.to_string()/>
            <Submit pending=lift.pending>"Lift the freeze"</Submit>
        </Form>
    }
}

/// Until when, and why.
#[component]
fn Keep(project: Project) -> impl IntoView {
    let freeze = Sending::to::<FreezeProject>();
    let error = freeze.refused;
    let (id, back) = (project.id.to_string(), format!("/projects/{}", project.id));
    let (until, reason) = match project.freeze {
        Some(freeze) => (freeze.until.to_iso()[..16].to_owned(), freeze.reason),
        None => (String::new(), String::new()),
    };
    let (word, kind) = if until.is_empty() { ("Freeze", "primary") } else { ("Change the freeze", "quiet") };
    let (until, reason) = (RwSignal::new(until), RwSignal::new(reason));
    view! {
        <Form sending=freeze>
            <div class="form">
                <p>"While a project is frozen nobody makes a release in it: no deploy, no change of settings, no restart, no new app.
                   What serves goes on. Rolling back, stopping and starting stay possible, and an owner can override the freeze for a reason."</p>
                <Refusal error fields=&["until", "reason"]/>
                <input type="hidden" name="id" value=id/>
                <Field name="freeze[until]" field="until" label="Until (UTC)" value=until error required=true kind="datetime-local"/>
                <Field name="freeze[reason]" field="reason" label="No deploys, because" value=reason error required=true
                    help="Everybody who wants to deploy reads this." example="the fair is on"/>
                <div class="form-end">
                    <Submit pending=freeze.pending kind>{word}</Submit>
                    <a class="button quiet" href=back>"Back"</a>
                </div>
            </div>
        </Form>
    }
}
