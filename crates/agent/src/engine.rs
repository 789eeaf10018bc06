use crate::Result;
use bollard::{API_DEFAULT_VERSION, Docker};
use std::path::Path;

/// How long the engine may take to answer a call, in seconds.
const PATIENCE: u64 = 60;

/// A connection to the engine at a Unix socket, in the newest version of its API that both sides speak. Fails when
/// nothing answers there.
pub async fn connect(socket: &Path) -> Result<Docker> {
    let docker = Docker::connect_with_unix(&socket.to_string_lossy(), PATIENCE, API_DEFAULT_VERSION)?;
    Ok(docker.negotiate_version().await?)
}
