use super::{Icon, Shape};
use leptos::prelude::*;
use std::time::Duration;

/// How long it says that it has been copied.
const SAYS_SO: Duration = Duration::from_millis(1500);

/// Something to take elsewhere: an address, a digest, a command. Shortened on screen, whole on the clipboard.
#[component]
pub fn Copyable(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What is shown, when that is less.
    #[prop(optional, into)]
    shown: Option<String>,
) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let shown = shown.unwrap_or_else(|| text.clone());
    let label = format!("Copy {shown}");
    let title = text.clone();
    let copy = move |_| {
        let _promise = window().navigator().clipboard().write_text(&text);
        is_copied.set(true);
        set_timeout(
            move || {
                is_copied.try_set(false);
            },
            SAYS_SO,
        );
    };
    view! {
        <span class="copyable">
            <code title=title>{shown}</code>
            <button type="button" class="button bare small" aria-label=label on:click=copy>
                {move || view! { <Icon shape=if is_copied.get() { Shape::Check } else { Shape::Copy }/> }}
            </button>
            <span class="unseen" role="status">{move || is_copied.get().then_some("Copied")}</span>
        </span>
    }
}
