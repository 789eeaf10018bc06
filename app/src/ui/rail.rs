use super::{Icon, Shape};
use leptos::prelude::*;
use leptos_router::components::A;

/// The pages of a thing: at the left, or along the bottom of a phone.
#[component]
pub fn Rail(
    /// What the pages are of.
    label: &'static str,
    /// [`RailItem`]s.
    children: Children,
) -> impl IntoView {
    view! { <nav class="rail" aria-label=label>{children()}</nav> }
}

/// One of them.
#[component]
pub fn RailItem(
    /// Where.
    href: String,
    /// What it is called.
    label: &'static str,
    /// Its icon.
    shape: Shape,
    /// Whether pages below it are not part of it.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    view! { <A href=href exact=exact><Icon shape/><span>{label}</span></A> }
}
