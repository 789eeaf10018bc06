use crate::{
    api::session::Session,
    live::Ticker,
    pages::{self, apps, projects},
    ui::{Frame, NotFound, Toaster},
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, LazyRoute, SsrMode,
    components::{Outlet, ParentRoute, Redirect, Route, Router, Routes},
    lazy_route, path,
};

/// Pages whose code a browser fetches when somebody goes there: what is loaded first stays small however many there are.
macro_rules! fetched {
    ($($name:ident: $page:path;)*) => {$(
        struct $name;

        #[lazy_route]
        impl LazyRoute for $name {
            fn data() -> Self {
                Self
            }

            fn view(_this: Self) -> AnyView {
                $page().into_any()
            }
        }
    )*};
}

fetched! {
    HomePage: pages::Home;
    ProjectNew: projects::New;
    ProjectShow: projects::Show;
    AppNew: apps::New;
    AppLayout: apps::Layout;
    AppOverview: apps::Overview;
    AppDeployNew: apps::DeployNew;
    AppDeployShow: apps::DeployShow;
    AppReleases: apps::Releases;
    AppLogs: apps::Logs;
    AppDanger: apps::Danger;
}

/// The whole console. What is at which address stands here and nowhere else.
#[component]
pub fn Console() -> impl IntoView {
    provide_meta_context();
    provide_context(Session::of_page());
    Toaster::provide();
    Ticker::provide();
    mark_hydrated();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Slipway".to_owned() } else { format!("{title} · Slipway") }/>
        <Router>
            <Routes fallback=NoPage>
                <Route path=path!("/sign-in") view=pages::SignIn ssr=SsrMode::Async/>
                <Route path=path!("/gallery") view=pages::Gallery ssr=SsrMode::Async/>
                // Rendered whole, so that pages can be read without scripts and a status fits what is on them.
                <ParentRoute path=path!("") view=SignedIn ssr=SsrMode::Async>
                    <Route path=path!("/") view={Lazy::<HomePage>::new()}/>
                    <Route path=path!("/projects/new") view={Lazy::<ProjectNew>::new()}/>
                    <Route path=path!("/projects/:id") view={Lazy::<ProjectShow>::new()}/>
                    <Route path=path!("/projects/:id/apps/new") view={Lazy::<AppNew>::new()}/>
                    <ParentRoute path=path!("/apps/:name") view={Lazy::<AppLayout>::new()}>
                        <Route path=path!("") view={Lazy::<AppOverview>::new()}/>
                        <Route path=path!("deploy") view={Lazy::<AppDeployNew>::new()}/>
                        <Route path=path!("deploys/:id") view={Lazy::<AppDeployShow>::new()}/>
                        <Route path=path!("releases") view={Lazy::<AppReleases>::new()}/>
                        <Route path=path!("logs") view={Lazy::<AppLogs>::new()}/>
                        <Route path=path!("danger") view={Lazy::<AppDanger>::new()}/>
                    </ParentRoute>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Pages for people who are signed in; others are asked to.
#[component]
fn SignedIn() -> impl IntoView {
    if use_context::<Session>().is_some_and(|session| session.person.is_some()) {
        view! { <Outlet/> }.into_any()
    } else {
        view! { <Redirect path="/sign-in"/> }.into_any()
    }
}

#[component]
fn NoPage() -> impl IntoView {
    view! { <Frame><NotFound/></Frame> }
}

/// Says on the document that the browser has taken over; tests wait for it before they press anything.
fn mark_hydrated() {
    Effect::new(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}
