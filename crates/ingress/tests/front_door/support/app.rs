use super::{aside, endpoint, eventually};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{any, get};
use domain::routing::Endpoint;
use futures::StreamExt;
use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

/// An app on a port of its own. Dropping it kills it.
pub struct App {
    pub address: SocketAddr,
    pub inside: Arc<Inside>,
    life: Option<Runtime>,
}

/// What tests see of an app, and do to it.
pub struct Inside {
    name: String,
    /// Requests that reached it.
    pub hits: AtomicUsize,
    /// Requests to `/hold` that wait.
    pub held: AtomicUsize,
    let_go: watch::Sender<bool>,
    well: watch::Sender<bool>,
}

impl App {
    pub async fn start(name: &str) -> Self {
        Self::start_at(name, ([127, 0, 0, 1], 0).into()).await
    }

    async fn start_at(name: &str, address: SocketAddr) -> Self {
        // A runtime of its own, so that its death takes all its connections along, as that of a process does.
        let life = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let bound = life.spawn(TcpListener::bind(address)).await.expect("it binds");
        let listener = bound.expect("a port");
        let address = listener.local_addr().expect("an address");
        let inside = Arc::new(Inside {
            name: name.to_owned(),
            hits: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
            let_go: watch::Sender::new(false),
            well: watch::Sender::new(true),
        });
        let router = router().with_state(inside.clone());
        life.spawn(async move { axum::serve(listener, router).await });
        Self { address, inside, life: Some(life) }
    }

    /// Ends it as the death of its process would, and keeps the port free for another.
    pub async fn kill(mut self) -> Port {
        let address = self.address;
        self.life.take().into_iter().for_each(Runtime::shutdown_background);
        eventually("it is dead", || async { TcpStream::connect(address).await.is_err() }).await;
        Port::keep(address)
    }

    pub fn endpoint(&self, task: &str) -> Endpoint {
        endpoint(task, self.address)
    }

    pub fn hits(&self) -> usize {
        self.inside.hits.load(Ordering::SeqCst)
    }

    pub fn held(&self) -> usize {
        self.inside.held.load(Ordering::SeqCst)
    }

    /// Answers what waits at `/hold`, now and from now on.
    pub fn let_go(&self) {
        self.inside.let_go.send_replace(true);
    }

    /// What `/healthz` says.
    pub fn is_well(&self, well: bool) {
        self.inside.well.send_replace(well);
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.life.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

/// A port on which nobody listens and that nobody else gets.
pub struct Port(TcpSocket);

impl Port {
    fn keep(address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        // Of two sockets with this option, one may listen.
        socket.set_reuseaddr(true).expect("an option");
        socket.bind(address).expect("the port is free");
        Self(socket)
    }

    pub async fn start(&self, name: &str) -> App {
        App::start_at(name, self.0.local_addr().expect("an address")).await
    }
}

fn router() -> Router<Arc<Inside>> {
    Router::new()
        .route("/who", any(|State(app): State<Arc<Inside>>| async move { app.hit() }))
        .route("/echo", any(|State(app): State<Arc<Inside>>, body: Body| async move { (app.hit(), body).1 }))
        .route("/whole", any(|body: Bytes| async { body }))
        .route("/headers", any(headers))
        .route(
            "/status/{code}",
            any(|Path(code): Path<u16>| async move { StatusCode::from_u16(code).expect("a status") }),
        )
        .route("/big/{bytes}", get(big))
        .route("/hold", any(hold))
        .route("/events", get(events))
        .route("/healthz", get(healthz))
}

impl Inside {
    fn hit(&self) -> String {
        self.hits.fetch_add(1, Ordering::SeqCst);
        self.name.clone()
    }
}

async fn headers(headers: HeaderMap) -> axum::Json<BTreeMap<String, String>> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    axum::Json(headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect())
}

async fn big(Path(bytes): Path<usize>) -> Body {
    const PIECE: usize = 64 * 1024;
    let pieces = (0..bytes.div_ceil(PIECE)).map(move |n| PIECE.min(bytes - n * PIECE));
    Body::from_stream(futures::stream::iter(pieces.map(|size| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; size])))))
}

async fn hold(State(app): State<Arc<Inside>>) -> String {
    app.held.fetch_add(1, Ordering::SeqCst);
    let mut let_go = app.let_go.subscribe();
    let_go.wait_for(|let_go| *let_go).await.expect("the app lives");
    app.held.fetch_sub(1, Ordering::SeqCst);
    app.hit()
}

/// One event at once, another when the app lets go, and no end.
async fn events(State(app): State<Arc<Inside>>) -> Response {
    app.hit();
    let mut let_go = app.let_go.subscribe();
    let second = async move {
        let_go.wait_for(|let_go| *let_go).await.expect("the app lives");
        Ok::<_, std::io::Error>("data: second\n\n")
    };
    let events = futures::stream::iter([Ok("data: first\n\n")])
        .chain(futures::stream::once(second))
        .chain(futures::stream::pending());
    Response::builder().header("content-type", "text/event-stream").body(Body::from_stream(events)).expect("an answer")
}

async fn healthz(State(app): State<Arc<Inside>>) -> StatusCode {
    if *app.well.borrow() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
}

/// An app that does with a connection what no framework would.
pub struct Raw {
    pub address: SocketAddr,
    /// Connections that came with a request.
    pub requests: Arc<AtomicUsize>,
    _serving: AbortOnDropHandle<()>,
}

impl Raw {
    /// Hands each connection to `serve`, with the counter that it shall raise for each request.
    pub async fn start<F>(serve: impl Fn(TcpStream, Arc<AtomicUsize>) -> F + Copy + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(AtomicUsize::new(0));
        let count = requests.clone();
        let serving = aside(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, count.clone()));
            }
        });
        Self { address, requests, _serving: serving }
    }

    pub fn endpoint(&self, task: &str) -> Endpoint {
        endpoint(task, self.address)
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}
