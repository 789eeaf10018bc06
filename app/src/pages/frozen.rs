//! What pages say of a frozen project.

use crate::ui::{Banner, Field, Tone};
use domain::{Action, Project, Rights};
use leptos::prelude::*;

/// That nobody makes releases, until when and why.
#[component]
pub fn Frozen(
    /// The project, frozen or not.
    project: Project,
) -> impl IntoView {
    project.freeze.map(|freeze| view! { <Banner tone=Tone::Warning>{freeze.sentence(&project.name)}</Banner> })
}

/// The reason that lets an owner make a release all the same.
#[component]
pub fn Despite(
    /// The project, frozen or not.
    project: Project,
    /// What the person is there.
    role: Rights,
    /// What the field is called in the form that is sent.
    name: &'static str,
) -> impl IntoView {
    let value = RwSignal::new(String::new());
    (project.freeze.is_some() && role.may(Action::Freeze)).then(|| {
        let help = "You own the team, so you may. The reason stands in the audit log.";
        view! { <Field name field="despite" label="Override the freeze, because" value help required=true/> }
    })
}
