//! The console's side of the gate in front of apps: people come here from an app and go back to it, and ingresses ask what a code
//! stands for. They ask at a socket of their own: what visitors send never gets there.

use super::State;
use axum::extract::{Query, RawQuery, State as Given};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use domain::Actor;
use domain::gate::{Admission, CodeShown};
use platform::{Error, Platform, Way};
use serde::Deserialize;
use tower_sessions::Session;

/// Where a session keeps the question that somebody has to sign in for first.
const ASKED: &str = "gate";

/// Where somebody wants to go.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Asked {
    app: String,
    path: String,
    nonce: String,
}

impl Default for Asked {
    fn default() -> Self {
        Self { app: String::new(), path: "/".to_owned(), nonce: String::new() }
    }
}

/// Leads somebody back to the app they came from, who is signed in and may open it.
pub async fn enter(
    Given(state): Given<State>,
    session: Session,
    RawQuery(query): RawQuery,
    Query(asked): Query<Asked>,
    actor: Option<Extension<Actor>>,
) -> Response {
    let Some(Extension(actor)) = actor else {
        let kept = session.insert(ASKED, query.unwrap_or_default()).await;
        return kept.map_or_else(|_| unavailable(), |()| Redirect::to("/sign-in").into_response());
    };
    match state.platform.gate().enter(&actor, &asked.app, &asked.path, &asked.nonce).await {
        Ok(Way::In(address)) => Redirect::to(&address).into_response(),
        Ok(Way::Closed(host)) => Redirect::to(&format!("/gate/closed?app={host}")).into_response(),
        Err(Error::NotFound { .. }) => (StatusCode::NOT_FOUND, "There is no app at this address.").into_response(),
        Err(Error::Conflict(sentence)) => (StatusCode::BAD_REQUEST, sentence).into_response(),
        Err(_) => unavailable(),
    }
}

/// Where somebody goes who has just signed in: on to the app for which they had to, if there is one.
pub async fn next(session: &Session) -> String {
    match session.remove::<String>(ASKED).await {
        Ok(Some(query)) => format!("/gate?{query}"),
        _ => "/".to_owned(),
    }
}

/// The public keys by which apps check what they are told about a visitor.
pub async fn key_set(Given(state): Given<State>) -> Response {
    match state.platform.gate().keys().await {
        Ok(keys) => ([(header::CACHE_CONTROL, "public, max-age=300")], Json(ingress::key_set(&keys))).into_response(),
        Err(_) => unavailable(),
    }
}

/// What ingresses ask. Served at their socket, beside the console and not within it.
pub fn for_ingresses(platform: Platform) -> Router {
    Router::new().route("/redeem", post(redeem)).with_state(platform)
}

async fn redeem(Given(platform): Given<Platform>, Json(shown): Json<CodeShown>) -> Result<Json<Admission>, StatusCode> {
    platform.gate().redeem(&shown).await.map(Json).map_err(|error| match error {
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    })
}

fn unavailable() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "The console cannot answer at the moment. Try again.").into_response()
}
