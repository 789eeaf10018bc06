//! Releases on Docker Swarm.
//!
//! A release is a service of its own, made once and never updated but for its number of copies: Swarm's own updates would
//! signal the old tasks while they have requests. Everything of ours carries labels ([`labels`]) with the installation's
//! id; nothing without them is ever changed or removed.

mod engine;
mod images;
mod init;
pub mod labels;
mod networks;
mod nodes;
mod reason;
mod releases;
mod replicas;
mod secrets;
mod spec;
mod tasks;

use crate::registry::{Registry, RegistryPolicy};
use crate::{Credentials, KnownRelease, Orchestrator, ReleaseSpec, ResolvedImage, Result};
use async_trait::async_trait;
use domain::{ImageRef, NodeView, ProjectId, ReleaseId, Replica, Repository, SecretId, TagView};
use engine::Engine;
use std::path::Path;
use tokio::sync::OnceCell;

/// A swarm, reached through one of its managers, and the registries.
#[derive(Debug)]
pub struct Swarm {
    engine: Engine,
    platform: String,
    registry: Registry,
    /// The id of the engine's own node.
    own_node: OnceCell<String>,
    nodes: nodes::Names,
}

impl Swarm {
    /// Reaches the engine at a socket. `platform` is the id of this installation: what another one made is not seen.
    ///
    /// # Errors
    /// No engine answers there.
    pub async fn connect(socket: &Path, platform: &str, policy: RegistryPolicy) -> Result<Self> {
        Ok(Self {
            engine: Engine::connect(socket).await?,
            platform: platform.to_owned(),
            registry: Registry::new(policy)?,
            own_node: OnceCell::new(),
            nodes: nodes::Names::default(),
        })
    }
}

#[async_trait]
impl Orchestrator for Swarm {
    async fn resolve(&self, image: &ImageRef, credentials: Option<&Credentials>) -> Result<ResolvedImage> {
        self.resolve_image(image, credentials).await
    }

    async fn tags(&self, repository: &Repository, credentials: Option<&Credentials>) -> Result<Vec<TagView>> {
        self.image_tags(repository, credentials).await
    }

    async fn ensure_network(&self, project: ProjectId) -> Result<String> {
        self.make_network(project).await
    }

    async fn remove_network(&self, project: ProjectId) -> Result<()> {
        self.take_network_away(project).await
    }

    async fn networks(&self) -> Result<Vec<ProjectId>> {
        self.known_networks().await
    }

    async fn ensure_release(&self, spec: &ReleaseSpec) -> Result<()> {
        self.make_release(spec).await
    }

    async fn scale(&self, release: ReleaseId, replicas: u16) -> Result<()> {
        self.set_copies(release, replicas).await
    }

    async fn remove_release(&self, release: ReleaseId) -> Result<()> {
        self.take_release_away(release).await
    }

    async fn releases(&self) -> Result<Vec<KnownRelease>> {
        self.known_releases().await
    }

    async fn secrets(&self) -> Result<Vec<SecretId>> {
        self.known_secrets().await
    }

    async fn replicas(&self, release: ReleaseId) -> Result<Vec<Replica>> {
        self.replicas_with(Some(release)).await
    }

    async fn all_replicas(&self) -> Result<Vec<Replica>> {
        self.replicas_with(None).await
    }

    async fn nodes(&self) -> Result<Vec<NodeView>> {
        self.all_nodes().await
    }
}
