use crate::{
    api::apps::StartApp,
    pages::{apps::layout::ThisApp, parts::Refusal},
    ui::{Form, Icon, Sending, Shape, Submit},
};
use domain::Action;
use leptos::prelude::*;

/// The main action on a stopped app's page. It asks nothing first: what it does is undone by a press.
#[component]
pub fn Start(this: ThisApp) -> impl IntoView {
    let start = Sending::to::<StartApp>();
    let may = this.now().is_some_and(|now| now.role.may(Action::Stop));
    let waits = this.part(|app| app.card.app.stopped.is_some() && app.deploying().is_none());
    view! {
        <Refusal error=start.refused/>
        {move || (may && waits.get().unwrap_or_default()).then(|| view! {
            <Form sending=start>
                <input type="hidden" name="name" value=this.name()/>
                <Submit pending=start.pending><Icon shape=Shape::Play/>"Start"</Submit>
            </Form>
        })}
    }
}
