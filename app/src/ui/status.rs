use super::{Icon, Tone};
use leptos::prelude::*;

/// A state in one sentence: the first thing to read on a page.
#[component]
pub fn Status(
    /// How it is.
    #[prop(into)]
    tone: Signal<Tone>,
    /// The sentence.
    #[prop(into)]
    sentence: Signal<String>,
) -> impl IntoView {
    view! {
        <p class=move || format!("status {}", tone.get().class()) role="status">
            {move || view! { <Icon shape=tone.get().shape()/> }}
            <span>{sentence}</span>
        </p>
    }
}
