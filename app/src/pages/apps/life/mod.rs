//! What becomes of an app between two deploys, on its overview.

mod restart;

use super::layout::ThisApp;
use crate::ui::{DialogRef, Icon, Menu, Shape};
use domain::Action;
use leptos::prelude::*;
use restart::RestartDialog;

/// The menu beside the main action.
#[component]
pub fn More(this: ThisApp) -> impl IntoView {
    let restart = DialogRef::new();
    let has_traffic = this.part(|app| app.card.release.is_some());
    let may_restart = this.now().is_some_and(|now| now.role.may(Action::Restart));
    let can_restart = move || may_restart && has_traffic.get().unwrap_or_default();
    let button = ViewFn::from(|| view! { <span class="button quiet">"More"<Icon shape=Shape::Chevron/></span> });
    view! {
        {move || can_restart().then(|| {
            let button = button.clone();
            view! {
                <Menu label="More for this app" button>
                    <Item this path="/api/console/apps/restart" shape=Shape::Ring word="Restart" dialog=restart/>
                </Menu>
            }
        })}
        <RestartDialog this dialog=restart/>
    }
}

/// Without scripts the form is sent as it stands; with them the dialog asks first.
#[component]
fn Item(
    this: ThisApp,
    path: &'static str,
    shape: Shape,
    word: &'static str,
    dialog: DialogRef,
) -> impl IntoView {
    view! {
        <form method="post" action=path on:submit=move |event| { event.prevent_default(); dialog.open(); }>
            <input type="hidden" name="name" value=this.name()/>
            <button type="submit" class="menu-item"><Icon shape/>{word}</button>
        </form>
    }
}
