use super::{
    layout::ThisApp,
    life::{More, Start},
};
use crate::{
    pages::parts::bare,
    ui::{Ago, Badge, Banner, Copyable, Empty, Icon, PageHead, Shape, Status, Timeline, Told, Tone},
};
use domain::{Action, AppOverview, Release, Replica};
use leptos::prelude::*;

/// How many releases the overview shows.
const FEW: usize = 5;

/// An app in one look: how it is, where it is, what runs, what was released.
#[component]
pub fn Overview() -> impl IntoView {
    let this = ThisApp::of_page();
    let Some(now) = this.now() else { return ().into_any() };
    let (name, address) = (this.name(), now.card.address.clone());
    let state = this.part(|app| app.card.state.clone());
    let tone = Signal::derive(move || state.read().as_ref().map_or(Tone::Quiet, |state| state.health.told().0));
    let sentence = Signal::derive(move || state.get().map(|state| state.sentence).unwrap_or_default());
    let shown = bare(&address).to_owned();
    let deploy_href = format!("/apps/{name}/deploy");
    let is_stopped = this.part(|app| app.card.app.stopped.is_some());
    // On a stopped app's page the main action is to start it.
    let kind = move || if is_stopped.get() == Some(true) { "button quiet" } else { "button primary" };
    view! {
        <PageHead title=name>
            {now.role.may(Action::Deploy).then(|| view! { <a class=kind href=deploy_href><Icon shape=Shape::Deploy/>"Deploy"</a> })}
            <More this/>
            <Start this/>
        </PageHead>
        <div class="app-head">
            <Status tone sentence/>
            <p class="app-address">
                <a href=address.clone() target="_blank" rel="noreferrer">{shown}<Icon shape=Shape::Open/></a>
                <Copyable text=address shown="Copy"/>
                <Who this/>
            </p>
        </div>
        <Asking this/>
        <UnderWay this/>
        <div class="columns">
            <Replicas this/>
            <LastReleases this/>
        </div>
    }
    .into_any()
}

/// Who may open it, in a word beside the address.
#[component]
fn Who(this: ThisApp) -> impl IntoView {
    let (who, href) = (this.part(|app| app.who.title()), format!("/apps/{}/access", this.name()));
    view! { <a class="who" href=href title="Who may open it"><Icon shape=Shape::People/><span class="unseen">"Open to: "</span>{who}</a> }
}

/// Somebody asks to be let in.
#[component]
fn Asking(this: ThisApp) -> impl IntoView {
    let (asking, href) = (this.part(|app| app.asking), format!("/apps/{}/access", this.name()));
    move || {
        let words = match asking.get().unwrap_or_default() {
            0 => return None,
            1 => "One person asks to be let in. ".to_owned(),
            n => format!("{n} people ask to be let in. "),
        };
        let href = href.clone();
        Some(view! { <Banner tone=Tone::Working>{words}<a href=href>"Answer"</a></Banner> })
    }
}

/// The deploy that is on its way, in short.
#[component]
fn UnderWay(this: ThisApp) -> impl IntoView {
    let deploy = this.part(|app| app.deploying().cloned());
    move || {
        deploy.get().flatten().map(|deploy| {
            let href = format!("/apps/{}/deploys/{}", this.name(), deploy.id);
            view! {
                <section class="card">
                    <div class="section-head"><h2>{format!("Deploy of r{}", deploy.number)}</h2><a href=href>"Watch it"</a></div>
                    <Timeline deploy/>
                </section>
            }
        })
    }
}

/// Replicas, node by node.
#[component]
fn Replicas(this: ThisApp) -> impl IntoView {
    let nodes = this.part(AppOverview::replicas_by_node);
    view! {
        <section class="card">
            <div class="section-head"><h2>"Replicas"</h2></div>
            {move || {
                let nodes = nodes.get().unwrap_or_default();
                if nodes.is_empty() {
                    view! { <p class="nothing">"None runs."</p> }.into_any()
                } else {
                    nodes.into_iter().map(|(node, replicas)| view! { <Node node replicas/> }).collect_view().into_any()
                }
            }}
        </section>
    }
}

#[component]
fn Node(node: Option<String>, replicas: Vec<(u32, Replica)>) -> impl IntoView {
    let row = |(release, replica): (u32, Replica)| {
        let why = replica.ending();
        view! {
            <li>
                <span class="mono">{format!("r{release}.{}", replica.slot)}</span>
                <Badge of=replica.state/>
                <Ago at=replica.since/>
                {why.map(|why| view! { <span class="replica-why">{why}</span> })}
            </li>
        }
    };
    view! {
        <div class="node">
            <h3>{node.unwrap_or_else(|| "No node yet".to_owned())}</h3>
            <ul>{replicas.into_iter().map(row).collect_view()}</ul>
        </div>
    }
}

#[component]
fn LastReleases(this: ThisApp) -> impl IntoView {
    let releases = this.part(|app| {
        app.releases.iter().take(FEW).map(|release| (release.clone(), app.standing(release))).collect::<Vec<_>>()
    });
    let href = format!("/apps/{}/releases", this.name());
    let row = |(release, standing): (Release, domain::Standing)| {
        view! {
            <li>
                <span class="mono release-number">{format!("r{}", release.number)}</span>
                <code title=release.image.to_string()>{release.image.tag.to_string()}</code>
                <Badge of=standing/>
                <Ago at=release.made_at/>
            </li>
        }
    };
    view! {
        <section class="card">
            <div class="section-head"><h2>"Last releases"</h2><a href=href>"All"</a></div>
            {move || {
                let releases = releases.get().unwrap_or_default();
                if releases.is_empty() {
                    view! { <Empty title="Nothing released yet"><p>"The first deploy makes r1."</p></Empty> }.into_any()
                } else {
                    view! { <ul class="releases-short">{releases.into_iter().map(row).collect_view()}</ul> }.into_any()
                }
            }}
        </section>
    }
}
