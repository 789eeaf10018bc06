//! The server's side door: three requests over a Unix socket.

use crate::probe::until_ready;
use crate::registry::Registry;
use crate::saved;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use domain::routing::{Generation, IngressStatus, ProbeReport, ProbeRequest, RouteTable};
use http::StatusCode;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::UnixListener;
use tokio::sync::Mutex;

/// A table of a hundred thousand routes fits.
const LARGEST_TABLE: usize = 64 * 1024 * 1024;

/// What the requests work on.
#[derive(Debug)]
pub struct Control {
    registry: Arc<Registry>,
    table_file: PathBuf,
    /// Tables come one at a time.
    turn: Mutex<()>,
}

impl Control {
    pub fn new(registry: Arc<Registry>, table_file: PathBuf) -> Self {
        Self { registry, table_file, turn: Mutex::default() }
    }
}

/// Makes the socket, for its owner only.
///
/// # Errors
///
/// When another ingress answers there, or the folder cannot be written to.
pub fn bind(socket: &Path) -> io::Result<UnixListener> {
    if UnixStream::connect(socket).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "another ingress serves from this folder"));
    }
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(socket)?;
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// The requests.
pub fn router(control: Arc<Control>) -> Router {
    Router::new()
        .route("/table", put(put_table).layer(DefaultBodyLimit::max(LARGEST_TABLE)))
        .route("/probe", post(probe))
        .route("/status", get(status))
        .with_state(control)
}

/// Answers with the generation in force: the one sent, or with 409 the one that is not older than it.
async fn put_table(
    State(control): State<Arc<Control>>,
    Json(table): Json<RouteTable>,
) -> (StatusCode, Json<Generation>) {
    let _turn = control.turn.lock().await;
    let (sent, current) = (table.generation, control.registry.generation());
    if sent <= current {
        return (StatusCode::CONFLICT, Json(current));
    }
    save(&control.table_file, table.clone()).await;
    control.registry.replace(table);
    (StatusCode::OK, Json(sent))
}

/// A disk that refuses must not keep traffic from where it has to go: then only a restart without the server would find an
/// older table.
async fn save(file: &Path, table: RouteTable) {
    let (path, generation) = (file.to_owned(), table.generation.0);
    let saved = tokio::task::spawn_blocking(move || saved::save(&path, &table)).await;
    if let Err(error) = saved.unwrap_or_else(|stopped| Err(io::Error::other(stopped))) {
        tracing::error!(%error, generation, file = %file.display(), "the route table could not be saved");
    }
}

async fn probe(State(control): State<Arc<Control>>, Json(request): Json<ProbeRequest>) -> Json<ProbeReport> {
    let report = until_ready(&request).await;
    if report.ready {
        control.registry.endpoint(request.release_id, &request.endpoint).answered();
    }
    Json(report)
}

async fn status(State(control): State<Arc<Control>>) -> Json<IngressStatus> {
    Json(control.registry.status())
}
