use super::layout::ThisApp;
use crate::{
    api::deploys::{CancelDeploy, FindDeploy},
    live::keep_fresh,
    pages::{
        loaded::loaded_part,
        parts::{Refusal, bare},
    },
    ui::{
        Ago, Copyable, Elapsed, Form, Icon, KeyValue, KeyValues, PageHead, Sending, Shape, Status, Submit, Timeline,
        Told, Traffic,
    },
};
use domain::{Action, Deploy, DeployId, DeployState, Release};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// A deploy, step by step, until it has ended; then what came of it.
#[component]
pub fn DeployShow() -> impl IntoView {
    let (this, params) = (ThisApp::of_page(), use_params_map());
    // An address that is none is one that nothing is at.
    let id = move || params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or(DeployId::NIL);
    loaded_part(
        move || FindDeploy { name: this.name(), id: id() },
        move |deploy| view! { <Body this deploy/> }.into_any(),
    )
}

#[component]
fn Body(this: ThisApp, deploy: Deploy) -> impl IntoView {
    let (id, number) = (deploy.id, deploy.number);
    let state = RwSignal::new(deploy);
    keep_fresh(this.changes, move || FindDeploy { name: this.name(), id }, move |fresh| state.set(fresh));
    let tone = Signal::derive(move || state.read().state.told().0);
    let sentence = Signal::derive(move || state.read().headline());
    let name = this.name();
    view! {
        <PageHead title=format!("Deploy of r{number}") tab=format!("r{number} of {name}")><Ways this state/></PageHead>
        <div class="deploy-head">
            <Status tone sentence/>
            {move || state.read().aftermath().map(|sentence| view! { <p class="aftermath">{sentence}</p> })}
        </div>
        <Aftermath state/>
        <div class="columns deploy-columns">
            <section class="card"><div class="section-head"><h2>"Steps"</h2><Total state/></div><Timeline deploy=state/></section>
            <section class="card side">
                <div class="section-head"><h2>"Traffic"</h2></div>
                {move || (!state.read().stayed_stopped()).then(|| view! { <Traffic deploy=state/> })}
                <Facts this state/>
            </section>
        </div>
    }
}

/// What can be done now: cancel it, open what it brought, or try again.
#[component]
fn Ways(this: ThisApp, state: RwSignal<Deploy>) -> impl IntoView {
    let role = this.now().map(|now| now.role);
    let address = this.now().map(|now| now.card.address).unwrap_or_default();
    let may = move |action| role.is_some_and(|role| role.may(action));
    let cancel = Sending::to::<CancelDeploy>();
    let is_cancellable = Memo::new(move |_| state.read().is_cancellable() && may(Action::CancelDeploy));
    let ended = Memo::new(move |_| state.read().state);
    view! {
        <Refusal error=cancel.refused/>
        {move || is_cancellable.get().then(|| view! {
            <Form sending=cancel>
                <input type="hidden" name="name" value=this.name()/>
                <input type="hidden" name="id" value=state.read_untracked().id.to_string()/>
                <Submit pending=cancel.pending kind="quiet">"Cancel"</Submit>
            </Form>
        })}
        {move || match ended.get() {
            _ if state.read_untracked().stayed_stopped() => {
                view! { <a class="button quiet" href=format!("/apps/{}", this.name())>"To the app"</a> }.into_any()
            }
            state if state.has_switched() => {
                let shown = bare(&address).to_owned();
                view! { <a class="button primary" href=address.clone() target="_blank" rel="noreferrer">"Open "{shown}<Icon shape=Shape::Open/></a> }.into_any()
            }
            DeployState::Failed | DeployState::Cancelled if may(Action::Deploy) => {
                view! { <a class="button primary" href=format!("/apps/{}/deploy", this.name())><Icon shape=Shape::Deploy/>"Deploy again"</a> }.into_any()
            }
            _ => ().into_any(),
        }}
    }
}

/// The last lines of what failed.
#[component]
fn Aftermath(state: RwSignal<Deploy>) -> impl IntoView {
    let lines = Memo::new(move |_| state.read().last_lines.clone());
    move || {
        (!lines.read().is_empty()).then(|| {
            view! {
                <section class="card">
                    <div class="section-head"><h2>"The last lines it wrote"</h2></div>
                    <pre class="last-lines" tabindex="0">{lines.get().join("\n")}</pre>
                </section>
            }
        })
    }
}

#[component]
fn Total(state: RwSignal<Deploy>) -> impl IntoView {
    move || {
        let deploy = state.read();
        let millis = deploy.ended_at.map(|end| end.millis_since(deploy.started_at));
        view! { <Elapsed since=deploy.started_at millis/> }
    }
}

#[component]
fn Facts(this: ThisApp, state: RwSignal<Deploy>) -> impl IntoView {
    let deploy = state.get_untracked();
    // The app as it was read before the press does not have it yet.
    let release: Memo<Option<Option<Release>>> =
        this.part(move |now| now.releases.iter().find(|release| release.id == deploy.release_id).cloned());
    view! {
        <KeyValues>
            {move || release.get().flatten().map(|release| view! {
                <KeyValue key="Image"><code title=release.image.to_string()>{release.image.to_string()}</code></KeyValue>
                <KeyValue key="Digest"><Copyable text=release.digest.as_str() shown=release.digest.short()/></KeyValue>
                <KeyValue key="Runs as">{release.settings.in_short()}</KeyValue>
            })}
            <KeyValue key="By">{deploy.started_by}</KeyValue>
            <KeyValue key="Began"><Ago at=deploy.started_at/></KeyValue>
        </KeyValues>
    }
}
