//! The node's side: what only the machine itself can do, through its Docker socket. Typed calls only: nothing here takes
//! Docker's own JSON from anybody.

mod engine;
mod error;
pub mod image;
pub mod ingress;
pub mod labels;
mod logs;
pub mod samples;
mod stats;

pub use engine::connect;
pub use error::{Error, Result};
pub use ingress::IngressContainer;
pub use logs::Source;
pub use stats::ContainerStats;

use bollard::Docker;
use image::Program;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The agent of the machine that it runs on.
#[derive(Debug, Clone)]
pub struct LocalAgent {
    docker: Docker,
    /// The program that the ingress is made of, once it has been looked at.
    program: Arc<Mutex<Option<Program>>>,
}

impl LocalAgent {
    /// The agent for the engine at a Unix socket. Fails when nothing answers there.
    pub async fn connect(socket: &Path) -> Result<Self> {
        Ok(Self::new(connect(socket).await?))
    }

    /// The agent for an engine that a connection was made to.
    pub fn new(docker: Docker) -> Self {
        Self { docker, program: Arc::default() }
    }
}
