use super::{Icon, tone::Told};
use leptos::prelude::*;

/// A state in one word, with its icon.
#[component]
pub fn Badge<T: Told + Send + Sync + 'static>(
    /// What it tells of.
    of: T,
) -> impl IntoView {
    let (tone, word) = of.told();
    view! {
        <span class=format!("badge {}", tone.class())>
            <Icon shape=tone.shape()/>
            {word}
        </span>
    }
}
