use super::{
    deploy_fields::{DeployFields, FIELDS, Typed},
    layout::ThisApp,
};
use crate::{
    api::deploys::StartDeploy,
    pages::{frozen::Despite, parts::Refusal},
    ui::{Banner, Empty, Field, Form, Icon, PageHead, Sending, Shape, Submit, Tone},
};
use domain::{Action, Release};
use leptos::prelude::*;

/// The next deploy of an app: everything stands as it was, so that the tag is enough.
#[component]
pub fn DeployNew() -> impl IntoView {
    let this = ThisApp::of_page();
    let Some(now) = this.now() else { return ().into_any() };
    let title = format!("Deploy {}", this.name());
    if !now.role.may(Action::Deploy) {
        return view! { <PageHead title/><Empty title="Not yours to deploy"><p>"It takes the role owner. An owner of the team can give it to you."</p></Empty> }.into_any();
    }
    let typed = now
        .last_release()
        .map_or_else(|| Typed::first(None), |last| Typed::next(last, now.role.may(Action::ReadVariables)));
    let busy = this.part(|app| app.deploying().map(|deploy| (deploy.number, deploy.id)));
    let stopped = this.part(|app| app.card.app.stopped.clone());
    let name = this.name();
    view! {
        <PageHead title/>
        {move || busy.get().flatten().map(|(number, id)| view! {
            <Banner tone=Tone::Working>
                {format!("r{number} is still being deployed. ")}<a href=format!("/apps/{}/deploys/{id}", this.name())>"Watch or cancel it"</a>"; a next deploy can start after it."
            </Banner>
        })}
        {move || stopped.get().flatten().map(|stopped| view! {
            <Banner tone=Tone::Quiet>
                {format!("{} stopped {}, and a deploy leaves it so: the release runs when somebody starts the app.", stopped.by, this.name())}
            </Banner>
        })}
        <NextDeploy this name typed last=now.last_release().cloned()/>
    }
    .into_any()
}

#[component]
fn NextDeploy(this: ThisApp, name: String, typed: Typed, last: Option<Release>) -> impl IntoView {
    let start = Sending::to::<StartDeploy>();
    let error = Signal::from(start.refused);
    let (tag, reason) = (typed.tag, RwSignal::new(String::new()));
    let next = last.map_or(1, |last| last.number + 1);
    let word = move || match tag.read().trim() {
        "" => "Deploy".to_owned(),
        tag => format!("Deploy {tag}"),
    };
    let back = format!("/apps/{name}");
    let place = this.part(|app| (app.card.project.clone(), app.role));
    view! {
        <Form sending=start>
            <div class="form">
                <Refusal error fields=FIELDS/>
                <input type="hidden" name="name" value=name/>
                <DeployFields typed error/>
                <Field name="deploy[reason]" field="reason" label="Why" value=reason help=format!("Stands beside r{next} in the list of releases. May stay empty.")/>
                {move || place.get().map(|(project, role)| view! { <Despite project role name="deploy[despite]"/> })}
                <div class="form-end">
                    <Submit pending=start.pending><Icon shape=Shape::Deploy/>{word}</Submit>
                    <a class="button quiet" href=back>"Back"</a>
                </div>
            </div>
        </Form>
    }
}
