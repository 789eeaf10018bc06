//! The settings of an app: edit several, see what that would change, apply it once.

mod editor;
mod fields;
mod meanwhile;
mod reveal;
mod review;
mod secrets;
mod variables;

use super::layout::ThisApp;
use crate::{
    api::settings::FindSettings,
    pages::loaded::loaded_part,
    ui::{Empty, PageHead},
};
use domain::Action;
use leptos::prelude::*;

/// The page.
#[component]
pub fn Settings() -> impl IntoView {
    let this = ThisApp::of_page();
    let may = this.now().is_some_and(|now| now.role.may(Action::ChangeSettings));
    if !may {
        return view! {
            <PageHead title="Settings" tab=format!("Settings of {}", this.name())/>
            <Empty title="Not yours to change"><p>"It takes the role owner. What each release runs with stands in the list of releases."</p></Empty>
        }
        .into_any();
    }
    // Not followed: what is being edited must not move under somebody's hands.
    loaded_part(
        move || FindSettings { name: this.name() },
        move |found| view! { <editor::Editor this found/> }.into_any(),
    )
}
