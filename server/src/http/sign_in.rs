//! Signing in: by OpenID Connect, or by the one-time link of a machine without a provider.

use super::{State, gate, sessions};
use axum::Extension;
use axum::extract::{Query, State as Given};
use axum::http::HeaderMap;
use axum::response::Redirect;
use domain::Actor;
use identity::{Answer, Pending, Refused};
use serde::Deserialize;
use tower_sessions::Session;

const PENDING: &str = "sign_in";

/// Sends the browser to the provider.
pub async fn begin(Given(state): Given<State>, session: Session) -> Redirect {
    let Some(provider) = &state.sign_in else { return refused("no_provider") };
    let (url, pending) = match provider.begin(state.clock.now()).await {
        Ok(begun) => begun,
        Err(reason) => return refused_because(&reason),
    };
    match session.insert(PENDING, pending).await {
        Ok(()) => Redirect::to(url.as_str()),
        Err(_) => refused("session"),
    }
}

/// Checks what the provider says and begins a session. What was pending works once: it is taken out before it is looked at.
pub async fn finish(
    Given(state): Given<State>,
    session: Session,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Redirect {
    let Some(provider) = &state.sign_in else { return refused("no_provider") };
    let Ok(Some(pending)) = session.remove::<Pending>(PENDING).await else { return refused("not_begun") };
    let identity = match provider.finish(pending, answer, state.clock.now()).await {
        Ok(identity) => identity,
        Err(reason) => return refused_because(&reason),
    };
    match state.platform.people().welcome(&identity.email, &identity.name).await {
        Ok(person) => welcome(&state, &session, person.id, &headers).await,
        Err(_) => refused("internal"),
    }
}

/// The token of a one-time link.
#[derive(Debug, Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// Signs the operator in by the link. The ingress says whether the request came from this machine.
pub async fn by_link(
    Given(state): Given<State>,
    session: Session,
    headers: HeaderMap,
    Query(link): Query<Link>,
) -> Redirect {
    let is_local = headers.get("x-slipway-local").is_some_and(|v| v == "yes");
    match state.platform.sign_in_links().redeem(&link.token, is_local).await {
        Ok(person) => welcome(&state, &session, person.id, &headers).await,
        Err(_) => refused("link"),
    }
}

/// Ends the session, and what was opened with it: pages, and apps behind the gate.
pub async fn out(Given(state): Given<State>, session: Session, actor: Option<Extension<Actor>>) -> Redirect {
    let _ended = session.flush().await;
    if let Some(Extension(actor)) = actor {
        state.platform.live().tell_rights_changed(actor.id());
    }
    Redirect::to("/sign-in")
}

async fn welcome(state: &State, session: &Session, person: domain::PersonId, headers: &HeaderMap) -> Redirect {
    let next = gate::next(session).await;
    match sessions::begin(session, person, state.clock.now(), headers).await {
        Ok(()) => Redirect::to(&next),
        Err(_) => refused("session"),
    }
}

/// The page says what the code stands for; the cause, which is not for everybody's eyes, goes to the log.
fn refused_because(reason: &Refused) -> Redirect {
    tracing::info!(sign_in.refused = reason.code(), sign_in.cause = reason.cause(), "a sign-in was refused");
    refused(reason.code())
}

fn refused(code: &str) -> Redirect {
    Redirect::to(&format!("/sign-in?refused={code}"))
}
