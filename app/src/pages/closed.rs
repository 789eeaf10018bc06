use crate::{
    api::{gate::FindClosed, set_forbidden},
    pages::{loaded::loaded, parts::bare},
    ui::{Frame, Icon, PageHead, Shape},
};
use domain::ClosedView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What somebody sees who came from an app that is not open to them.
#[component]
pub fn Closed() -> impl IntoView {
    let host = use_query_map().read_untracked().get("app").unwrap_or_default();
    loaded(move || FindClosed { host: host.clone() }, |view| view! { <Frame><Page view/></Frame> }.into_any())
}

#[component]
fn Page(view: ClosedView) -> impl IntoView {
    let ClosedView { host, open, email } = view;
    if let Some(address) = open {
        let shown = bare(&address).to_owned();
        return view! {
            <PageHead title=format!("{host} is open to you")/>
            <p>"You may open it now: "<a href=address rel="external">{shown}<Icon shape=Shape::Open/></a></p>
        }
        .into_any();
    }
    set_forbidden();
    view! {
        <PageHead title=format!("{host} is not open to you")/>
        <section class="card stack">
            <p>"Only people on a list may open this app. You are signed in as "<strong>{email}</strong>", which is not on it."</p>
            <p>"Ask whoever gave you the address: an owner or a developer of the team that runs the app can put you on the list. Then open the address again."</p>
            <p class="help">"Is it another account of yours that is on the list? Sign out in the menu at the top, then sign in with that one."</p>
        </section>
    }
    .into_any()
}
