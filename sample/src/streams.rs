//! Answers that last: server-sent events and a WebSocket. Both end politely when the process is told to stop.

use crate::Sample;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::IntervalStream;

#[derive(Deserialize)]
#[serde(default)]
pub struct Ticks {
    ms: u64,
    count: usize,
}

impl Default for Ticks {
    fn default() -> Self {
        Self { ms: 1000, count: 0 }
    }
}

/// One event each `ms` milliseconds, numbered from 1.
pub async fn ticks(
    State(sample): State<Arc<Sample>>,
    Query(Ticks { ms, count }): Query<Ticks>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (stop, version) = (sample.stop.clone(), sample.modes.version.clone());
    let events = IntervalStream::new(tokio::time::interval(Duration::from_millis(ms.max(1))))
        .enumerate()
        .map(move |(index, _)| Ok(event(index + 1, &version)))
        .take(if count == 0 { usize::MAX } else { count })
        .take_until(async move { stop.asked().await });
    Sse::new(events).keep_alive(KeepAlive::default())
}

fn event(number: usize, version: &str) -> Event {
    Event::default().id(number.to_string()).event("tick").data(format!("{number} from {version}"))
}

/// Says every message back.
pub async fn websocket(State(sample): State<Arc<Sample>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| talk(socket, sample))
}

async fn talk(mut socket: WebSocket, sample: Arc<Sample>) {
    let _open = sample.websockets.read().await;
    loop {
        let message = tokio::select! {
            () = sample.stop.asked() => break,
            message = socket.recv() => message,
        };
        // Pings are answered by the library; a close frame, an error or the end of the connection ends the talk.
        let answered = match message {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => socket.send(message).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return,
        };
        if answered.is_err() {
            return;
        }
    }
    let goodbye = CloseFrame { code: close_code::AWAY, reason: "the replica stops".into() };
    let _ = socket.send(Message::Close(Some(goodbye))).await;
}
