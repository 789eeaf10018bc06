//! The console's HTTP side: assets, sessions, sign-in, pages, live events. The ingress brings requests here through a Unix
//! socket; there is no TCP port.

mod assets;
mod guard;
mod live;
mod logs;
mod sessions;
mod sign_in;

use app::{Console, Site};
use axum::http::request::Parts;
use axum::{
    Router,
    extract::FromRef,
    middleware,
    routing::{get, post},
};
use domain::Actor;
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
    let site = Arc::new(assets::site()?);
    let pages = generate_route_list(Console);
    let routes = Router::new()
        .route("/sign-in/oidc", get(sign_in::begin))
        .route("/sign-in/oidc/callback", get(sign_in::finish))
        .route("/sign-in/link", get(sign_in::by_link))
        .route("/sign-out", post(sign_in::out))
        .route("/live", get(live::changes))
        .route("/apps/{name}/logs/stream", get(logs::stream))
        .leptos_routes_with_context(&state, pages, give_context(&state), document(&site))
        .fallback(assets::not_found(&state, &site))
        .layer(middleware::from_fn_with_state(state.clone(), sessions::with_actor))
        .layer(session_layer(store, state.clock.clone(), is_https))
        .layer(middleware::from_fn(guard::refuse_cross_site))
        // Pages and answers; the event streams are left alone, and the files below bring their own.
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(guard::add_headers))
        .route("/site/{file}", get(assets::file))
        .route("/healthz", get(async || "ok"))
        .with_state(state);
    Ok(routes)
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
