//! What becomes of an app between two deploys, on its overview.

mod restart;
mod start;
mod stop;

use super::layout::ThisApp;
use crate::ui::{DialogRef, Icon, Menu, Shape};
use domain::Action;
use leptos::prelude::*;
use restart::RestartDialog;
pub use start::Start;
use stop::StopDialog;

/// The menu beside the main action, while there is something that runs.
#[component]
pub fn More(this: ThisApp) -> impl IntoView {
    let (restart, stop) = (DialogRef::new(), DialogRef::new());
    let runs = this.part(|app| app.card.release.is_some() && app.card.app.stopped.is_none());
    let may = move |action| this.now().is_some_and(|now| now.role.may(action));
    let (may_restart, may_stop) = (may(Action::Restart), may(Action::Stop));
    let button = ViewFn::from(|| view! { <span class="button quiet">"More"<Icon shape=Shape::Chevron/></span> });
    let menu = move || {
        let button = button.clone();
        view! {
            <Menu label="More for this app" button>
                {may_restart.then(|| view! { <Item this path="/api/console/apps/restart" shape=Shape::Restart word="Restart" dialog=restart/> })}
                {may_stop.then(|| view! { <Item this path="/api/console/apps/stop" shape=Shape::Stop word="Stop" dialog=stop/> })}
            </Menu>
        }
    };
    view! {
        {move || ((may_restart || may_stop) && runs.get().unwrap_or_default()).then(&menu)}
        <RestartDialog this dialog=restart/>
        <StopDialog this dialog=stop/>
    }
}

/// Without scripts the form is sent as it stands; with them the dialog asks first.
#[component]
fn Item(this: ThisApp, path: &'static str, shape: Shape, word: &'static str, dialog: DialogRef) -> impl IntoView {
    let ask = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let menu = event_target::<web_sys::Element>(&event).closest("details").ok().flatten();
        menu.and_then(|menu| menu.remove_attribute("open").ok());
        dialog.open();
    };
    view! {
        <form method="post" action=path on:submit=ask>
            <input type="hidden" name="name" value=this.name()/>
            <button type="submit" class="menu-item"><Icon shape/>{word}</button>
        </form>
    }
}
