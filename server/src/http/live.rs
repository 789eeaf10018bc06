//! The event stream of open pages: what changed, never its content. A page asks again through its own door.

use super::State;
use axum::Extension;
use axum::extract::{Query, State as Given};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::{Actor, Change};
use futures::{Stream, StreamExt};
use platform::Scope;
use serde::Deserialize;
use std::convert::Infallible;
use tokio_stream::wrappers::BroadcastStream;

/// Which app a page is about; without one it hears of everything the actor may see.
#[derive(Debug, Deserialize)]
pub struct About {
    app: Option<String>,
}

/// Changes of the things the actor may see. The first event says that the stream is there: the page looks once more, so that
/// nothing between its rendering and this moment is missed.
pub async fn changes(
    Given(state): Given<State>,
    Query(about): Query<About>,
    actor: Option<Extension<Actor>>,
) -> Result<impl IntoResponse, StatusCode> {
    let Extension(actor) = actor.ok_or(StatusCode::UNAUTHORIZED)?;
    let scope = state.platform.scope(&actor, about.app.as_deref()).await.map_err(|_| StatusCode::NOT_FOUND)?;
    // Whose rights change is told once more to look, and asks for another stream with what they may then.
    let events = events(&state, scope).take_until(state.platform.live().rights_change(actor.id()));
    Ok(stream(events))
}

/// Changes within a scope as events.
pub(super) fn events(state: &State, scope: Scope) -> impl Stream<Item = Result<Event, Infallible>> + Send + use<> {
    BroadcastStream::new(state.platform.live().listen()).filter_map(move |change| {
        let event = match change {
            Ok(change) if scope.covers(change) => Some(changed(change)),
            Ok(_) => None,
            Err(_missed_some) => Some(ready()),
        };
        async move { event.map(Ok) }
    })
}

/// The first event of a stream. It has data, because browsers keep an event without any to themselves.
pub(super) fn ready() -> Event {
    Event::default().event("ready").data("look")
}

fn changed(change: Change) -> Event {
    Event::default().event("change").json_data(change).unwrap_or_default()
}

/// Asks to look, tells the events, and asks to look once more when they end.
pub(super) fn stream(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> impl IntoResponse {
    let look = || futures::stream::once(async { Ok(ready()) });
    Sse::new(look().chain(events).chain(look())).keep_alive(KeepAlive::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    /// It was sent without data, so that no browser ever heard it, and a page that had missed a change never looked again.
    #[tokio::test]
    async fn the_first_event_has_data_regression() {
        let body = stream(futures::stream::empty()).into_response().into_body();
        let text = to_bytes(body, 1000).await.expect("a short body");
        assert_eq!(String::from_utf8_lossy(&text), "event: ready\ndata: look\n\n".repeat(2));
    }
}
