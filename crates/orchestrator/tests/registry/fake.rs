//! A server that answers as a test wants, and remembers what it was asked.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A request that came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
}

impl Seen {
    pub fn authorization(&self) -> Option<&str> {
        self.headers.get("authorization").and_then(|value| value.to_str().ok())
    }
}

type Answer = Arc<dyn Fn(&Seen) -> Response<Body> + Send + Sync>;

#[derive(Clone)]
struct Shared {
    answer: Answer,
    seen: Arc<Mutex<Vec<Seen>>>,
}

pub struct FakeRegistry {
    pub address: String,
    shared: Shared,
    _server: JoinSet<()>,
}

impl FakeRegistry {
    pub async fn start(answer: impl Fn(&Seen) -> Response<Body> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let shared = Shared { answer: Arc::new(answer), seen: Arc::default() };
        let router = Router::new().fallback(reply).with_state(shared.clone());
        let mut server = JoinSet::new();
        server.spawn(async move { drop(axum::serve(listener, router).await) });
        Self { address, shared, _server: server }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().expect("nobody panicked").clone()
    }
}

async fn reply(State(shared): State<Shared>, request: Request) -> Response<Body> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let seen = Seen { method: request.method().to_string(), target, headers: request.headers().clone() };
    let answer = (shared.answer)(&seen);
    shared.seen.lock().expect("nobody panicked").push(seen);
    answer
}

/// An answer with a status, headers and a body.
pub fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Response<Body> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body.into()).expect("a valid answer")
}
