//! Log lines as server-sent events, several to an event.

use super::State;
use axum::Extension;
use axum::extract::{Path, Query, State as Given};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::Actor;
use futures::StreamExt;
use platform::Error;
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;

/// Lines that go out in one event at most.
const TOGETHER: usize = 500;

/// What comes within this time travels together: a log of 1,000 lines a second would otherwise be hundreds of events for every
/// reader, and nobody sees a twentieth of a second.
const WITHIN: Duration = Duration::from_millis(50);

/// How many lines of the past come first.
#[derive(Debug, Deserialize)]
pub struct Past {
    #[serde(default = "enough")]
    last: u32,
}

fn enough() -> u32 {
    200
}

/// The last lines of an app, then new ones as they come.
pub async fn stream(
    Given(state): Given<State>,
    Path(name): Path<String>,
    Query(past): Query<Past>,
    actor: Option<Extension<Actor>>,
) -> Result<impl IntoResponse, StatusCode> {
    let Extension(actor) = actor.ok_or(StatusCode::UNAUTHORIZED)?;
    let lines = state.platform.logs().read(&actor, &name, past.last, true).await.map_err(|error| match error {
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    })?;
    let events = tokio_stream::StreamExt::chunks_timeout(lines, TOGETHER, WITHIN)
        .map(|lines| Ok::<_, Infallible>(Event::default().event("lines").json_data(lines).unwrap_or_default()));
    let begun = futures::stream::once(async { Ok(super::live::ready()) });
    Ok(Sse::new(begun.chain(events)).keep_alive(KeepAlive::default()))
}
