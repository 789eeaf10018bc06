//! The HTTP API: what scripts and CI do, by bearer token. No cookie counts here, so that no other site's page can act for
//! anybody, and each route is described where it is answered: the description is served as an `OpenAPI` document.

mod apps;
mod attempts;
mod bearer;
mod deploys;
mod description;
mod extract;
mod logs;
mod projects;
mod refused;
mod releases;
mod secrets;
mod settings;
mod teams;
#[cfg(test)]
mod tests;
mod tokens;
mod whoami;

use super::{State, guard};
use api::Code;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, delete, get, patch, post, put};
use axum::{Router, middleware};
use refused::{Answer, Refused};
use std::sync::Arc;

/// Where it is.
pub const BASE: &str = "/api/v1";

/// Largest body, in bytes: all variables of an app, escaped.
const LARGEST: usize = 2 << 20;

/// A method, an address below [`BASE`], and what answers there.
type Route = (&'static str, &'static str, MethodRouter<State>);

/// What everybody may read.
pub fn open() -> [Route; 1] {
    [("GET", "/openapi.json", get(description::answer))]
}

/// Every route that takes a token.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    vec![
        ("GET", "/whoami", get(whoami::show)),
        ("GET", "/teams", get(teams::list)),
        ("POST", "/teams", post(teams::create)),
        ("GET", "/projects", get(projects::list)),
        ("POST", "/projects", post(projects::create)),
        ("GET", "/apps", get(apps::list)),
        ("POST", "/apps", post(apps::create)),
        ("GET", "/apps/{name}", get(apps::show)),
        ("DELETE", "/apps/{name}", delete(apps::remove)),
        ("GET", "/apps/{name}/events", get(apps::events)),
        ("GET", "/apps/{name}/logs", get(logs::read)),
        ("GET", "/apps/{name}/deploys", get(deploys::list)),
        ("POST", "/apps/{name}/deploys", post(deploys::start)),
        ("GET", "/apps/{name}/deploys/{id}", get(deploys::show)),
        ("POST", "/apps/{name}/deploys/{id}/cancel", post(deploys::cancel)),
        ("GET", "/apps/{name}/releases", get(releases::list)),
        ("GET", "/apps/{name}/releases/{number}", get(releases::show)),
        ("GET", "/apps/{name}/releases/{number}/diff/{other}", get(releases::diff)),
        ("POST", "/apps/{name}/releases/{number}/rollback", post(releases::roll_back)),
        ("GET", "/apps/{name}/settings", get(settings::show)),
        ("PATCH", "/apps/{name}/settings", patch(settings::change)),
        ("GET", "/apps/{name}/secrets", get(secrets::list)),
        ("PUT", "/apps/{name}/secrets/{secret}", put(secrets::set)),
        ("DELETE", "/apps/{name}/secrets/{secret}", delete(secrets::unset)),
        ("GET", "/apps/{name}/tokens", get(tokens::of_app)),
        ("POST", "/apps/{name}/tokens", post(tokens::make_for_app)),
        ("DELETE", "/apps/{name}/tokens/{id}", delete(tokens::withdraw_of_app)),
        ("GET", "/me/tokens", get(tokens::own)),
        ("DELETE", "/me/tokens/{id}", delete(tokens::withdraw_own)),
    ]
}

/// The whole API. It stands beside the console and shares none of its layers: no session, no cookie.
pub fn router(state: &State) -> Router<State> {
    let add = |routes: Router<State>, (_, path, handler): Route| routes.route(path, handler);
    let attempts = Arc::new(attempts::Attempts::default());
    let with_token = routes()
        .into_iter()
        .fold(Router::new(), add)
        .fallback(async || Refused::new(Code::NotFound, "Nothing is at this address of the API."))
        .method_not_allowed_fallback(async || Refused::new(Code::MethodNotAllowed, "Not with this method."))
        .layer(middleware::from_fn_with_state((state.clone(), attempts), bearer::require))
        .layer(DefaultBodyLimit::max(LARGEST));
    let routes = open().into_iter().fold(with_token, add);
    Router::new().nest(BASE, routes).layer(middleware::from_fn(guard::add_headers))
}
