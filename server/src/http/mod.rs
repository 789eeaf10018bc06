//! The console's HTTP side: assets, sessions, sign-in, pages, live events. The ingress brings requests here through a Unix
//! socket; there is no TCP port.

mod api;
mod assets;
mod audit;
mod costs;
mod exports;
mod gate;
mod guard;
mod live;
mod logs;
mod sessions;
mod sign_in;
#[cfg(test)]
mod wall;

use app::{Console, Site};
use axum::http::request::Parts;
use axum::{
    Router,
    extract::FromRef,
    middleware,
    routing::{MethodRouter, get, post},
};
use domain::Actor;
pub use gate::for_ingresses;
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use platform::{Clock, Platform};
use std::sync::Arc;
use store::Store;
use tower_http::compression::CompressionLayer;
use tower_sessions::{
    Expiry, SessionManagerLayer,
    cookie::{SameSite, time::Duration},
};

/// What handlers need.
#[derive(Clone)]
pub struct State {
    pub platform: Platform,
    /// The identity provider; none when people sign in by a link from the terminal.
    pub sign_in: Option<Arc<dyn identity::SignIn>>,
    pub clock: Arc<dyn Clock>,
    pub options: LeptosOptions,
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> Self {
        state.options.clone()
    }
}

/// Every route of the console, in one place.
pub fn router(state: State, store: Store, is_https: bool) -> anyhow::Result<Router> {
    Ok(with_site(state, store, is_https, assets::site()?))
}

/// What is asked for by hand, besides pages and their functions: method, address, handler.
fn by_hand() -> [(&'static str, &'static str, MethodRouter<State>); 14] {
    [
        ("GET", "/sign-in/oidc", get(sign_in::begin)),
        ("GET", "/sign-in/oidc/callback", get(sign_in::finish)),
        ("GET", "/sign-in/link", get(sign_in::by_link)),
        ("POST", "/sign-out", post(sign_in::out)),
        ("GET", "/gate", get(gate::enter)),
        ("GET", "/.well-known/jwks.json", get(gate::key_set)),
        ("GET", "/live", get(live::changes)),
        ("GET", "/apps/{name}/logs/stream", get(logs::stream)),
        ("GET", "/cost/export/{format}", get(costs::of_company)),
        ("GET", "/teams/{id}/cost/export/{format}", get(costs::of_team)),
        ("GET", "/apps/{name}/export/compose.yaml", get(exports::of_app)),
        ("GET", "/projects/{id}/export/compose.yaml", get(exports::of_project)),
        ("GET", "/audit/export/{format}", get(audit::of_platform)),
        ("GET", "/teams/{id}/audit/export/{format}", get(audit::of_team)),
    ]
}

/// What needs no session at all.
fn open_to_all() -> [(&'static str, &'static str, MethodRouter<State>); 2] {
    [("GET", "/site/{file}", get(assets::file)), ("GET", "/healthz", get(async || "ok"))]
}

fn with_site(state: State, store: Store, is_https: bool, site: Site) -> Router {
    let site = Arc::new(site);
    let pages = generate_route_list(Console);
    let add = |routes: Router<State>, (_, path, handler): (_, &str, _)| routes.route(path, handler);
    let routes = by_hand()
        .into_iter()
        .fold(Router::new(), add)
        .leptos_routes_with_context(&state, pages, give_context(&state), document(&site))
        .fallback(assets::not_found(&state, &site))
        .layer(middleware::from_fn_with_state(state.clone(), sessions::with_actor))
        .layer(session_layer(store, state.clock.clone(), is_https))
        .layer(middleware::from_fn(guard::refuse_cross_site))
        // Pages and answers; the event streams are left alone, and the files below bring their own.
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(guard::add_headers));
    open_to_all().into_iter().fold(routes, add).merge(api::router(&state)).with_state(state)
}

/// What pages and server functions find in their context: the platform, and who asks, when somebody is signed in.
fn give_context(state: &State) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
    let platform = state.platform.clone();
    move || {
        let parts = use_context::<Parts>();
        let actor: Option<Actor> = parts.and_then(|parts| parts.extensions.get::<Actor>().cloned());
        provide_context(platform.clone());
        provide_context(actor);
    }
}

/// The document around every page.
fn document(site: &Arc<Site>) -> impl Fn() -> leptos::prelude::AnyView + Clone + Send + Sync + 'static + use<> {
    use leptos::prelude::IntoAny;
    let site = site.clone();
    move || app::shell(&site).into_any()
}

/// Sessions live in the store. Over HTTPS the cookie has the `__Host-` prefix, which ties it to exactly this host.
fn session_layer(store: Store, clock: Arc<dyn Clock>, is_https: bool) -> SessionManagerLayer<sessions::Sessions> {
    SessionManagerLayer::new(sessions::Sessions::new(store, clock))
        .with_name(if is_https { "__Host-slipway" } else { "slipway" })
        .with_secure(is_https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::hours(sessions::IDLE_HOURS)))
}
