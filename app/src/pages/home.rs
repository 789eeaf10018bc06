use super::{
    invitation::Accept,
    loaded::loaded,
    parts::{AppTable, Refusal},
};
use crate::{
    api::home::{DeploySample, MyHome},
    live::{About, keep_fresh, use_changes},
    ui::{Form, Frame, Icon, PageHead, Sending, Shape, Status, Submit, Told},
};
use domain::{Action, AppCard, Home as Everything, ProjectOverview};
use leptos::prelude::*;

/// What needs me, what is happening, my apps. For somebody new: one press that puts something online.
#[component]
pub fn Home() -> impl IntoView {
    loaded(|| MyHome {}, |home| view! { <Frame><HomeBody home/></Frame> }.into_any())
}

#[component]
fn HomeBody(home: Everything) -> impl IntoView {
    let state = RwSignal::new(home);
    keep_fresh(use_changes(|| About::Everything), || MyHome {}, move |fresh| state.set(fresh));
    let is_new = Memo::new(move |_| state.read().apps().next().is_none());
    let invitations = Memo::new(move |_| state.read().invitations.clone());
    view! {
        {move || invitations.get().into_iter().map(|invitation| view! { <Accept invitation/> }).collect_view()}
        {move || if is_new.get() {
            view! { <Welcome home=state/> }.into_any()
        } else {
            view! { <Everywhere home=state/> }.into_any()
        }}
    }
}

/// Somebody who has no app yet.
#[component]
fn Welcome(home: RwSignal<Everything>) -> impl IntoView {
    let sample = Sending::to::<DeploySample>();
    let own = move || {
        home.read()
            .projects
            .iter()
            .find(|p| p.role.may(Action::CreateApp))
            .map_or_else(|| "/projects/new".to_owned(), new_app)
    };
    let may = move || home.read().teams.iter().any(|(_, role)| role.may(Action::CreateProject));
    view! {
        <leptos_meta::Title text="Home"/>
        <section class="welcome">
            <Slipway/>
            <h1>"Put the first app online"</h1>
            <p class="lead">"An image and a tag go in, an address comes out. The sample shows how it looks: it takes a few seconds, and deleting it takes one more."</p>
            <Refusal error=sample.refused/>
            {move || may().then(|| view! {
                <div class="welcome-ways">
                    <Form sending=sample><Submit pending=sample.pending><Icon shape=Shape::Deploy/>"Deploy a sample app"</Submit></Form>
                    <a class="button quiet" href=own>"Deploy an image of your own"</a>
                </div>
            })}
            {move || (!may()).then(|| view! { <p>"You may look, but not deploy here. An owner of a team can change that."</p> })}
        </section>
    }
}

/// The hull at the top of its way.
#[component]
fn Slipway() -> impl IntoView {
    view! {
        <svg class="slipway" viewBox="0 0 240 96" width="240" height="96" aria-hidden="true" focusable="false">
            <path class="slipway-water" d="M150 86c8 0 8-4 16-4s8 4 16 4 8-4 16-4 8 4 16 4 8-4 16-4"/>
            <path class="slipway-way" d="M8 40l168 42M32 46v40M64 54v32M96 62v24M128 70v16"/>
            <path class="slipway-hull" d="M26 12l84 21c-6 14-18 20-34 16l-22-5.500C36 39 27 28 26 12z"/>
            <path class="slipway-way" d="M62 20.500l4-14 18 4.500-3.500 14"/>
        </svg>
    }
}

/// Somebody who has apps.
#[component]
fn Everywhere(home: RwSignal<Everything>) -> impl IntoView {
    let new = move || home.read().projects.iter().find(|p| p.role.may(Action::CreateApp)).map(new_app);
    let caring = move || home.read().needing_care().into_iter().cloned().collect::<Vec<_>>();
    let under_way = move || home.read().under_way().into_iter().cloned().collect::<Vec<_>>();
    let of_several_teams = move || home.read().teams.len() > 1;
    view! {
        <PageHead title="Apps" tab="Home">
            <a class="button quiet" href="/projects/new">"New project"</a>
            {move || new().map(|href| view! { <a class="button primary" href=href>"New app"</a> })}
        </PageHead>
        <Notices title="Needs you" apps=Signal::derive(caring)/>
        <Notices title="Happening now" apps=Signal::derive(under_way)/>
        {move || home.read().projects.iter().map(|project| view! { <ProjectApps project=project.clone() names_team=of_several_teams()/> }).collect_view()}
    }
}

/// Apps with the sentence that says why they stand here.
#[component]
fn Notices(title: &'static str, apps: Signal<Vec<AppCard>>) -> impl IntoView {
    let row = |card: AppCard| {
        let (tone, _) = card.state.health.told();
        view! {
            <li><a href=format!("/apps/{}", card.app.name)><strong>{card.app.name.to_string()}</strong><Status tone sentence=card.state.sentence/></a></li>
        }
    };
    move || {
        (!apps.read().is_empty()).then(|| {
            view! { <section class="notices"><h2>{title}</h2><ul>{apps.get().into_iter().map(row).collect_view()}</ul></section> }
        })
    }
}

#[component]
fn ProjectApps(project: ProjectOverview, names_team: bool) -> impl IntoView {
    let href = format!("/projects/{}", project.project.id);
    let new = project.role.may(Action::CreateApp).then(|| new_app(&project));
    view! {
        <section class="project">
            <div class="section-head">
                <h2><a href=href>{project.project.name.to_string()}</a></h2>
                {names_team.then(|| view! { <a class="help" href=format!("/teams/{}", project.team.id)>{project.team.name.to_string()}</a> })}
            </div>
            {if project.apps.is_empty() {
                view! { <p class="nothing">"No app yet. "{new.map(|href| view! { <a href=href>"Deploy one"</a> })}</p> }.into_any()
            } else {
                view! { <AppTable apps=project.apps/> }.into_any()
            }}
        </section>
    }
}

fn new_app(project: &ProjectOverview) -> String {
    format!("/projects/{}/apps/new", project.project.id)
}
