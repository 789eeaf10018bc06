use crate::{
    api::session::Session,
    live::Ticker,
    pages::{self, apps, costs, projects, teams, tokens},
    ui::{Frame, NotFound, Toaster},
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, LazyRoute, SsrMode,
    components::{Outlet, ParentRoute, Redirect, Route, Router, Routes},
    path,
};

/// Pages whose code a browser fetches together, when somebody goes to the first of them: what is loaded at first stays small however
/// many pages there are. The pieces are few, because code that two of them share is a file of its own. Each has a function that
/// fetches it, whose name Leptos makes of the piece's own.
macro_rules! pieces {
    ($($piece:ident ($fetch:ident): $pages:ident { $($name:ident: $page:path;)* })*) => {
        $(
            #[derive(Debug, Clone, Copy)]
            enum $pages {
                $($name,)*
            }

            #[lazy]
            fn $piece(page: $pages) -> AnyView {
                match page {
                    $($pages::$name => $page().into_any(),)*
                }
            }

            $(
                struct $name;

                impl LazyRoute for $name {
                    fn data() -> Self {
                        Self
                    }

                    async fn view(_this: Self) -> AnyView {
                        $piece($pages::$name).await
                    }
                }
            )*
        )*

        /// Fetches the code of the page at a path.
        #[cfg(feature = "hydrate")]
        pub async fn fetch_piece_at(path: &str) {
            let wanted = piece_at(path);
            $(
                if wanted == Some(stringify!($piece)) {
                    $fetch().await;
                }
            )*
        }
    };
}

pieces! {
    front (__preload_front): FrontPage {
        HomePage: pages::Home;
    }

    app (__preload_app): AppPage {
        ProjectNew: projects::New;
        ProjectShow: projects::Show;
        ProjectFreeze: projects::Freeze;
        AppNew: apps::New;
        AppLayout: apps::Layout;
        AppOverview: apps::Overview;
        AppDeployNew: apps::DeployNew;
        AppDeployShow: apps::DeployShow;
        AppReleases: apps::Releases;
        AppCompare: apps::Compare;
        AppSettings: apps::Settings;
        AppLogs: apps::Logs;
        AppDanger: apps::Danger;
        AppTokensPage: tokens::AppTokens;
        AppAccess: apps::Access;
        AppDomains: apps::Domains;
        ClosedPage: pages::Closed;
        GalleryPage: pages::Gallery;
    }

    team (__preload_team): TeamPage {
        AppCost: costs::OfApp;
        AuditPage: pages::Audit;
        CertificatesPage: pages::Certificates;
        CompanyCost: costs::Company;
        InvitationPage: pages::Invitation;
        PeoplePage: pages::People;
        PermissionsPage: pages::Permissions;
        RatesPage: costs::Rates;
        SessionsPage: pages::Sessions;
        OwnTokensPage: tokens::OwnTokens;
        TeamList: teams::List;
        TeamNew: teams::New;
        TeamLayout: teams::Layout;
        TeamPeople: teams::People;
        TeamLimits: teams::Limits;
        TeamAudit: teams::Audit;
        TeamCost: costs::OfTeam;
        TeamDanger: teams::Danger;
    }
}

/// The piece that the page at a path is in. The server names its files in the page's head, and the browser has them before it takes
/// the page over, so that every page hydrates in one go.
pub fn piece_at(path: &str) -> Option<&'static str> {
    let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        ["sign-in"] => None,
        [] => Some("front"),
        ["apps", _, "cost"]
        | ["audit" | "certificates" | "cost" | "invitations" | "me" | "people" | "permissions" | "teams", ..] => {
            Some("team")
        }
        _ => Some("app"),
    }
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
                <Route path=path!("/gallery") view={Lazy::<GalleryPage>::new()} ssr=SsrMode::Async/>
                // Rendered whole, so that pages can be read without scripts and a status fits what is on them.
                <ParentRoute path=path!("") view=SignedIn ssr=SsrMode::Async>
                    <Route path=path!("/") view={Lazy::<HomePage>::new()}/>
                    <Route path=path!("/projects/new") view={Lazy::<ProjectNew>::new()}/>
                    <Route path=path!("/projects/:id") view={Lazy::<ProjectShow>::new()}/>
                    <Route path=path!("/projects/:id/freeze") view={Lazy::<ProjectFreeze>::new()}/>
                    <Route path=path!("/projects/:id/apps/new") view={Lazy::<AppNew>::new()}/>
                    <Route path=path!("/gate/closed") view={Lazy::<ClosedPage>::new()}/>
                    <Route path=path!("/audit") view={Lazy::<AuditPage>::new()}/>
                    <Route path=path!("/certificates") view={Lazy::<CertificatesPage>::new()}/>
                    <Route path=path!("/cost") view={Lazy::<CompanyCost>::new()}/>
                    <Route path=path!("/cost/rates") view={Lazy::<RatesPage>::new()}/>
                    <Route path=path!("/invitations/:token") view={Lazy::<InvitationPage>::new()}/>
                    <Route path=path!("/me/sessions") view={Lazy::<SessionsPage>::new()}/>
                    <Route path=path!("/me/tokens") view={Lazy::<OwnTokensPage>::new()}/>
                    <Route path=path!("/people") view={Lazy::<PeoplePage>::new()}/>
                    <Route path=path!("/permissions") view={Lazy::<PermissionsPage>::new()}/>
                    <Route path=path!("/teams") view={Lazy::<TeamList>::new()}/>
                    <Route path=path!("/teams/new") view={Lazy::<TeamNew>::new()}/>
                    <ParentRoute path=path!("/teams/:id") view={Lazy::<TeamLayout>::new()}>
                        <Route path=path!("") view={Lazy::<TeamPeople>::new()}/>
                        <Route path=path!("limits") view={Lazy::<TeamLimits>::new()}/>
                        <Route path=path!("cost") view={Lazy::<TeamCost>::new()}/>
                        <Route path=path!("audit") view={Lazy::<TeamAudit>::new()}/>
                        <Route path=path!("danger") view={Lazy::<TeamDanger>::new()}/>
                    </ParentRoute>
                    // Not below the app: who may see what it costs may not always look into it.
                    <Route path=path!("/apps/:name/cost") view={Lazy::<AppCost>::new()}/>
                    <ParentRoute path=path!("/apps/:name") view={Lazy::<AppLayout>::new()}>
                        <Route path=path!("") view={Lazy::<AppOverview>::new()}/>
                        <Route path=path!("deploy") view={Lazy::<AppDeployNew>::new()}/>
                        <Route path=path!("deploys/:id") view={Lazy::<AppDeployShow>::new()}/>
                        <Route path=path!("releases") view={Lazy::<AppReleases>::new()}/>
                        <Route path=path!("releases/diff") view={Lazy::<AppCompare>::new()}/>
                        <Route path=path!("settings") view={Lazy::<AppSettings>::new()}/>
                        <Route path=path!("access") view={Lazy::<AppAccess>::new()}/>
                        <Route path=path!("domains") view={Lazy::<AppDomains>::new()}/>
                        <Route path=path!("logs") view={Lazy::<AppLogs>::new()}/>
                        <Route path=path!("tokens") view={Lazy::<AppTokensPage>::new()}/>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_is_in_a_piece_of_its_own() {
        assert_eq!(piece_at("/"), Some("front"));
        assert_eq!(piece_at("/projects/01a20559-4710-7c6a-8519-0594d5881cf8"), Some("app"));
        assert_eq!(piece_at("/projects/new"), Some("app"));
        assert_eq!(piece_at("/apps/shop/logs/"), Some("app"));
        assert_eq!(piece_at("/apps/shop/cost"), Some("team"));
        assert_eq!(piece_at("/teams/01a20559-4710-7c6a-8519-0594d5881cf8/audit"), Some("team"));
        assert_eq!(piece_at("/sign-in"), None);
    }
}
