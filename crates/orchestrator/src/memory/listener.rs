//! What a replica shows of itself: the sample app's first page, its health, and an echo.

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get};
use domain::LogStream;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpSocket;
use tokio::task::JoinSet;

/// How many connections may wait.
const BACKLOG: u32 = 1024;

/// Who answers.
#[derive(Clone)]
pub(super) struct Face {
    pub app: String,
    pub version: String,
    pub release: u32,
    pub slot: u32,
    pub answers_500: bool,
    pub environment: BTreeMap<String, String>,
    pub files: BTreeMap<String, String>,
}

/// Listens and answers until it is dropped, which cuts every connection, as SIGKILL does.
pub(super) async fn serve(socket: TcpSocket, face: Face, log: impl Fn(LogStream, String) + Send + Sync + 'static) {
    let Ok(listener) = socket.listen(BACKLOG) else { return };
    let service = TowerToHyperService::new(router(Arc::new(face), Arc::new(log)));
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        drop(stream.set_nodelay(true));
        let service = service.clone();
        connections.spawn(async move {
            let http = hyper::server::conn::http1::Builder::new();
            drop(http.serve_connection(TokioIo::new(stream), service).await);
        });
        while connections.try_join_next().is_some() {}
    }
}

type Log = Arc<dyn Fn(LogStream, String) + Send + Sync>;

fn router(face: Arc<Face>, log: Log) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/env", get(variable))
        .route("/secret", get(secret))
        .route("/slow", any(slow))
        .route("/echo", any(echo))
        .route("/echo/{*rest}", any(echo))
        .layer(middleware::from_fn_with_state(Arc::clone(&face), fail_if_asked))
        .layer(middleware::from_fn_with_state(log, write_line))
        .with_state(face)
}

async fn page(State(face): State<Arc<Face>>) -> Html<String> {
    let Face { app, version, release, slot, .. } = face.as_ref();
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{app} {version}</title><style>:root{{color-scheme:light dark;font:1.1rem/1.6 system-ui}}\
         body{{max-width:40rem;margin:15vh auto;padding:0 1rem}}</style>\
         <h1>{app} {version}</h1><p>Release r{release}, replica {slot}.</p>\
         <p>This is a demonstration: no container runs, the platform itself answers here.</p></html>\n"
    ))
}

#[derive(Deserialize)]
struct Wanted {
    name: String,
}

/// The value of a variable, byte for byte, under the sample's rule: only names that start with `SAMPLE_`.
async fn variable(State(face): State<Arc<Face>>, Query(Wanted { name }): Query<Wanted>) -> Response {
    value(&face.environment, &name)
}

/// The same for a secret that is a file.
async fn secret(State(face): State<Arc<Face>>, Query(Wanted { name }): Query<Wanted>) -> Response {
    value(&face.files, &name)
}

fn value(values: &BTreeMap<String, String>, name: &str) -> Response {
    if !name.starts_with("SAMPLE_") {
        return (StatusCode::FORBIDDEN, "Only variables whose names start with SAMPLE_ are shown.\n").into_response();
    }
    match values.get(name) {
        Some(value) => {
            ([(header::CONTENT_TYPE, "application/octet-stream")], value.to_owned().into_bytes()).into_response()
        }
        None => (StatusCode::NOT_FOUND, format!("{name} is not set.\n")).into_response(),
    }
}

#[derive(Deserialize)]
struct Slow {
    ms: u64,
}

/// Takes its time, as the sample does.
async fn slow(Query(Slow { ms }): Query<Slow>) -> String {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    format!("after {ms} ms\n")
}

async fn echo(request: Request) -> impl IntoResponse {
    let line = format!("{} {}\n", request.method(), request.uri());
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], line)
}

async fn fail_if_asked(State(face): State<Arc<Face>>, request: Request, next: Next) -> Response {
    if face.answers_500 {
        return (StatusCode::INTERNAL_SERVER_ERROR, "asked to fail\n").into_response();
    }
    let mut answer = next.run(request).await;
    for (name, value) in [("x-app-version", face.version.clone()), ("x-app-replica", face.slot.to_string())] {
        if let Ok(value) = value.parse() {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

async fn write_line(State(log): State<Log>, request: Request, next: Next) -> Response {
    let asked = format!("{} {}", request.method(), request.uri().path());
    let answer = next.run(request).await;
    let stream = if answer.status().is_server_error() { LogStream::Stderr } else { LogStream::Stdout };
    log(stream, format!("{asked} {}", answer.status().as_u16()));
    answer
}
