use crate::{
    api::{
        gate::{AskForAccess, FindClosed},
        set_forbidden,
    },
    pages::{
        loaded::loaded,
        parts::{Refusal, bare},
    },
    ui::{Form, Frame, Icon, PageHead, Sending, Shape, Submit},
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
    let ClosedView { host, open, email, asked_at } = view;
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
            <Ask host was_asked=asked_at.is_some()/>
            <p class="help">"Is it another account of yours that is on the list? Sign out in the menu at the top, then sign in with that one."</p>
        </section>
    }
    .into_any()
}

/// One press to be let in, by whoever can.
#[component]
fn Ask(host: String, was_asked: bool) -> impl IntoView {
    let (ask, asked) = (Sending::to::<AskForAccess>(), RwSignal::new(was_asked));
    Effect::new(move |was_pending: Option<bool>| {
        let pending = ask.pending.get();
        if was_pending == Some(true) && !pending && ask.refused.read_untracked().is_none() {
            asked.set(true);
        }
        pending
    });
    view! {
        <Refusal error=ask.refused/>
        <div hidden=asked>
            <Form sending=ask>
                <input type="hidden" name="host" value=host/>
                <Submit pending=ask.pending>"Ask for access"</Submit>
            </Form>
        </div>
        <p hidden=move || !asked.get()>"You have asked for access. The team that runs the app sees it on the app's page; nothing is mailed, so tell them. Then open the address again."</p>
    }
}
