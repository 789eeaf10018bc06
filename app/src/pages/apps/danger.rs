use super::layout::ThisApp;
use crate::{
    api::apps::DeleteApp,
    pages::parts::{Refusal, bare},
    ui::{Empty, Field, Form, PageHead, Sending, Submit},
};
use domain::Action;
use leptos::prelude::*;

/// What cannot be taken back.
#[component]
pub fn Danger() -> impl IntoView {
    let this = ThisApp::of_page();
    let Some(now) = this.now() else { return ().into_any() };
    let name = this.name();
    let head = view! { <PageHead title="Danger" tab=format!("Delete {name}")/> };
    if !now.role.may(Action::DeleteApp) {
        return view! { {head}<Empty title="Nothing here for you"><p>"Deleting an app takes the role developer."</p></Empty> }.into_any();
    }
    let delete = Sending::to::<DeleteApp>();
    let typed = RwSignal::new(String::new());
    let address = bare(&now.card.address).to_owned();
    let releases = match now.releases.len() {
        1 => "1 release".to_owned(),
        n => format!("{n} releases"),
    };
    let file = now.role.may(Action::ReadVariables).then(|| format!("/apps/{name}/export/compose.yaml"));
    view! {
        {head}
        {file.map(|href| view! { <TakeAway href/> })}
        <section class="card danger-zone">
            <h2>{format!("Delete {name}")}</h2>
            <ul>
                <li><strong>{address}</strong>" stops answering at once. Requests that are under way still finish."</li>
                <li>"All replicas stop, and "{releases}" with their settings and variables are gone."</li>
                <li>"The name becomes free for others. This cannot be taken back."</li>
            </ul>
            <Form sending=delete>
                <Refusal error=delete.refused/>
                <input type="hidden" name="name" value=name.clone()/>
                <Field name="typed" field="typed" label="Type the app's name" value=typed required=true pattern=name.clone() example=name.clone()/>
                <Submit pending=delete.pending kind="danger">{format!("Delete {name}")}</Submit>
            </Form>
        </section>
    }
    .into_any()
}

/// The way out that loses nothing.
#[component]
fn TakeAway(href: String) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>"Take it elsewhere"</h2>
            <p>"As a Compose file it runs on plain Docker with "<code>"docker compose up"</code>": the image by its digest, variables, port, replicas and
               limits. Secrets are named in it, and their values are not. That somebody took it stands in the audit log."</p>
            <a class="button quiet" href=href download="compose.yaml" rel="external">"Download compose.yaml"</a>
        </section>
    }
}
