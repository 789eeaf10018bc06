use super::{Icon, Tone};
use leptos::prelude::*;

/// A sentence that concerns the whole page or form.
#[component]
pub fn Banner(
    /// How it is meant.
    tone: Tone,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Broken { "alert" } else { "status" };
    view! {
        <div class=format!("banner {}", tone.class()) role=role>
            <Icon shape=tone.shape()/>
            <div>{children()}</div>
        </div>
    }
}
