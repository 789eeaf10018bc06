use super::{Banner, Crumb, Crumbs, Mark, PersonMenu, Switcher, Toasts, Tone};
use crate::api::session::Session;
use leptos::prelude::*;

/// What surrounds every page: the bar at the top, and the demo's word of warning.
#[component]
pub fn Frame(
    /// The way to this page.
    #[prop(optional, into)]
    crumbs: Signal<Vec<Crumb>>,
    /// The pages of the thing that is looked at.
    #[prop(optional)]
    rail: Option<AnyView>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let session = use_context::<Session>();
    let is_demo = session.as_ref().is_some_and(|session| session.info.is_demo);
    let has_rail = rail.is_some();
    let person = session.and_then(|session| session.person);
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <header class="topbar">
            <a class="brand" href="/" aria-label="Slipway, home"><Mark/><span>"Slipway"</span></a>
            <Crumbs steps=crumbs/>
            {person.map(|person| view! { <Switcher/><PersonMenu person/> })}
        </header>
        {is_demo.then(|| view! {
            <Banner tone=Tone::Warning>"Demo: nothing here runs on Docker. Apps are pretended, and gone when the platform stops."</Banner>
        })}
        <div class="page" class:with-rail=has_rail>
            {rail}
            <main id="main" tabindex="-1">{children()}</main>
        </div>
        <Toasts/>
    }
    .into_any()
}
