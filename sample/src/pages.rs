//! The paths that answer something about the sample and the request.

use crate::{Sample, awkward, log, network, streams};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::os::unix::ffi::OsStringExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// The most that `/echo` takes, in bytes.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// The address that a request came from.
type Peer = ConnectInfo<SocketAddr>;

/// All paths.
pub fn router(sample: Arc<Sample>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/whoami", get(whoami))
        .route("/healthz", get("ok\n"))
        .route("/echo", any(echo))
        .route("/echo/{*rest}", any(echo))
        .route("/env", get(variable))
        .route("/secret", get(secret))
        .route("/slow", any(awkward::slow))
        .route("/status/{code}", any(awkward::status))
        .route("/log", any(awkward::write_lines))
        .route("/crash", any(awkward::crash))
        .route("/memory", any(awkward::memory))
        .route("/resolve", get(network::resolve))
        .route("/reach", get(network::reach))
        .route("/stream", get(streams::ticks))
        .route("/ws", any(streams::websocket))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&sample), count_and_log))
        .with_state(sample)
}

/// Counts the request, answers it with 500 when that is asked for, and writes its line.
async fn count_and_log(State(sample): State<Arc<Sample>>, request: Request, next: Next) -> Response {
    sample.requests.fetch_add(1, Ordering::Relaxed);
    let (began, what) = (Instant::now(), format!("{} {}", request.method(), request.uri()));
    let response = if sample.modes.answer_500 {
        (StatusCode::INTERNAL_SERVER_ERROR, "ANSWER_500 asks for this\n").into_response()
    } else {
        next.run(request).await
    };
    let line = format!("{what} {} {} ms", response.status().as_u16(), began.elapsed().as_millis());
    let write = if response.status().is_server_error() { log::warn } else { log::say };
    write(&line);
    response
}

async fn home(State(sample): State<Arc<Sample>>, ConnectInfo(peer): Peer, headers: HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("application/json") {
        return Json(about(&sample, peer, &headers)).into_response();
    }
    let page = include_str!("page.html")
        .replace("{version}", &escape(&sample.modes.version))
        .replace("{replica}", &escape(&sample.replica))
        .replace("{uptime}", &sample.started.elapsed().as_secs().to_string())
        .replace("{requests}", &sample.requests.load(Ordering::Relaxed).to_string());
    ([(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}

async fn whoami(State(sample): State<Arc<Sample>>, ConnectInfo(peer): Peer, headers: HeaderMap) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], Json(about(&sample, peer, &headers)))
}

fn about(sample: &Sample, peer: SocketAddr, headers: &HeaderMap) -> Value {
    json!({
        "version": sample.modes.version,
        "replica": sample.replica,
        "uptime_seconds": sample.started.elapsed().as_secs(),
        "requests": sample.requests.load(Ordering::Relaxed),
        "peer": peer.ip().to_string(),
        "headers": as_json(headers),
    })
}

async fn echo(method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Json<Value> {
    Json(json!({
        "method": method.as_str(),
        "path": uri.path(),
        "query": uri.query(),
        "headers": as_json(&headers),
        "length": body.len(),
        "body": String::from_utf8_lossy(&body),
    }))
}

/// Each header by name; one that came several times has its values joined as HTTP allows it.
fn as_json(headers: &HeaderMap) -> Value {
    let joined = |name| {
        let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        values.collect::<Vec<_>>().join(", ")
    };
    headers.keys().map(|name| (name.to_string(), Value::String(joined(name)))).collect::<serde_json::Map<_, _>>().into()
}

#[derive(Deserialize)]
struct Variable {
    name: String,
}

async fn variable(Query(Variable { name }): Query<Variable>) -> Response {
    if !name.starts_with("SAMPLE_") {
        return (StatusCode::FORBIDDEN, "Only variables whose names start with SAMPLE_ are shown.\n").into_response();
    }
    match std::env::var_os(&name) {
        Some(value) => ([(header::CONTENT_TYPE, "application/octet-stream")], value.into_vec()).into_response(),
        None => (StatusCode::NOT_FOUND, format!("{name} is not set.\n")).into_response(),
    }
}

async fn secret(Query(Variable { name }): Query<Variable>) -> Response {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !name.starts_with("SAMPLE_") || !is_plain {
        return (StatusCode::FORBIDDEN, "Only secrets whose names start with SAMPLE_ are shown.\n").into_response();
    }
    match tokio::fs::read(format!("/run/secrets/{name}")).await {
        Ok(value) => ([(header::CONTENT_TYPE, "application/octet-stream")], value).into_response(),
        Err(_) => (StatusCode::NOT_FOUND, format!("{name} is not there.\n")).into_response(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
