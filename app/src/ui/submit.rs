use super::{Icon, Shape};
use leptos::prelude::*;

/// The button that sends a form. While the form is on its way it says so and does not send again.
#[component]
pub fn Submit(
    /// Whether the form is on its way.
    #[prop(into)]
    pending: Signal<bool>,
    /// `primary`, `quiet` or `danger`.
    #[prop(default = "primary")]
    kind: &'static str,
    /// A verb.
    children: Children,
) -> impl IntoView {
    view! {
        <button type="submit" class=format!("button {kind}") aria-disabled=move || pending.get().to_string() on:click=move |press| {
            if pending.get_untracked() {
                press.prevent_default();
            }
        }>
            {move || pending.get().then(|| view! { <span class="tone-working"><Icon shape=Shape::Ring/></span> })}
            {children()}
        </button>
    }
}
