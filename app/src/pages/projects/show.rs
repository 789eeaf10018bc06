use crate::{
    api::projects::{DeleteProject, FindProject},
    live::{About, keep_fresh, use_changes},
    pages::{
        frozen::Frozen,
        loaded::loaded,
        parts::{AppTable, Refusal},
    },
    ui::{Ago, Crumb, Empty, Field, Form, Frame, KeyValue, KeyValues, PageHead, Sending, Submit},
};
use domain::{Action, ProjectId, ProjectOverview};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// A project: its apps, and at the end the way to delete it.
#[component]
pub fn Show() -> impl IntoView {
    let params = use_params_map();
    // An address that is none is one that nothing is at.
    let id = move || params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or(ProjectId::NIL);
    loaded(
        move || FindProject { id: id() },
        |project| {
            let crumbs = vec![Crumb::new(&project.project.name, format!("/projects/{}", project.project.id))];
            view! { <Frame crumbs=crumbs><Body project/></Frame> }.into_any()
        },
    )
}

#[component]
fn Body(project: ProjectOverview) -> impl IntoView {
    let id = project.project.id;
    let (name, team, role) = (project.project.name.to_string(), project.team.name.to_string(), project.role);
    let (made, team_href) = (project.project.created_at, format!("/teams/{}", project.team.id));
    let state = RwSignal::new(project);
    keep_fresh(use_changes(|| About::Everything), move || FindProject { id }, move |fresh| state.set(fresh));
    let new = format!("/projects/{id}/apps/new");
    let (head_new, empty_new) = (new.clone(), new);
    let may_create = role.may(Action::CreateApp);
    let frozen = Memo::new(move |_| state.read().project.clone());
    let freeze_word =
        move || if frozen.read().freeze.is_some() { "Change or lift the freeze" } else { "Freeze for a while" };
    view! {
        <PageHead title=name.clone()>
            {may_create.then(|| view! { <a class="button primary" href=head_new>"New app"</a> })}
        </PageHead>
        {move || view! { <Frozen project=frozen.get()/> }}
        {move || {
            let apps = state.read().apps.clone();
            if apps.is_empty() {
                let new = empty_new.clone();
                view! {
                    <Empty title="No app yet">
                        <p>"Apps of this project reach each other by a network of their own."</p>
                        {may_create.then(|| view! { <a class="button primary" href=new>"Deploy an app"</a> })}
                    </Empty>
                }.into_any()
            } else {
                view! { <AppTable apps/> }.into_any()
            }
        }}
        <KeyValues>
            <KeyValue key="Team"><a href=team_href>{team}</a></KeyValue>
            <KeyValue key="Made"><Ago at=made/></KeyValue>
            {role.may(Action::ReadVariables).then(|| view! {
                <KeyValue key="Elsewhere"><a href=format!("/projects/{id}/export/compose.yaml") download="compose.yaml" rel="external">"Compose file"</a></KeyValue>
            })}
            {role.may(Action::Freeze).then(|| view! { <KeyValue key="Deploys"><a href=format!("/projects/{id}/freeze")>{freeze_word}</a></KeyValue> })}
        </KeyValues>
        {role.may(Action::DeleteProject).then(|| view! { <Delete id name apps=Signal::derive(move || state.read().apps.len())/> })}
    }
    .into_any()
}

#[component]
fn Delete(id: ProjectId, name: String, apps: Signal<usize>) -> impl IntoView {
    let delete = Sending::to::<DeleteProject>();
    let typed = RwSignal::new(String::new());
    let what = move || match apps.get() {
        0 => "It holds no app.".to_owned(),
        1 => "Its app is deleted with it and its address stops answering at once.".to_owned(),
        n => format!("Its {n} apps are deleted with it and their addresses stop answering at once."),
    };
    view! {
        <details class="danger-zone">
            <summary>"Delete this project"</summary>
            <p>{what}" This cannot be taken back."</p>
            <Form sending=delete>
                <Refusal error=delete.refused/>
                <input type="hidden" name="id" value=id.to_string()/>
                <Field name="typed" field="typed" label="Type the project's name" value=typed required=true pattern=name.clone() example=name.clone()/>
                <Submit pending=delete.pending kind="danger">"Delete "{name}</Submit>
            </Form>
        </details>
    }
}
