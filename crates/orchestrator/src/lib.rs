//! Running releases. One trait, [`Orchestrator`], with two implementations: Docker Swarm through bollard, and a stateful
//! fake whose replicas are real listeners on loopback.
//!
//! Every call is idempotent: it says what should be, not what to do, so that a caller that was killed in the middle says
//! it again.

pub mod memory;
pub mod registry;
pub mod swarm;
mod version;

use async_trait::async_trait;
use domain::{
    AppId, Delivery, Digest, ImageRef, NodeView, ProjectId, Release, ReleaseId, Replica, Secret, SecretId, TagView,
};

/// What went wrong between us and the engine, the swarm or a registry.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not answer. Trying again may help.
    #[error("{0}")]
    Unreachable(String),
    /// The image or its tag does not exist, or may not be pulled. A sentence for a person.
    #[error("{0}")]
    NoSuchImage(String),
    /// The engine refused, for a reason that trying again will not change. A sentence for a person.
    #[error("{0}")]
    Refused(String),
}

/// The outcome of a call.
pub type Result<T> = std::result::Result<T, Error>;

/// Name and password for one registry.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account.
    pub username: String,
    /// Its password or token.
    pub password: Secret<String>,
}

/// An image that a tag led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedImage {
    /// What to pin. For an image of a registry the digest of its manifest; for one that only the engine has, its id.
    pub digest: Digest,
    /// Whether only the engine has it.
    pub is_local: bool,
    /// The port that the image says it listens on, when it names exactly one.
    pub exposed_port: Option<u16>,
    /// Bytes, where known.
    pub size: Option<u64>,
}

/// A release as the orchestrator shall run it.
#[derive(Debug, Clone)]
pub struct ReleaseSpec {
    /// The project, whose network it joins.
    pub project_id: ProjectId,
    /// For labels that people read.
    pub app_name: domain::AppName,
    /// Image, digest and settings.
    pub release: Release,
    /// Whether only the engine has the image.
    pub is_local: bool,
    /// How many copies: the settings' number, or 0 for a release that stands by without any.
    pub replicas: u16,
    /// For the registry.
    pub credentials: Option<Credentials>,
    /// The values of the secrets that its settings name.
    pub secrets: Vec<ReleaseSecret>,
}

/// A secret of a release, with its value.
#[derive(Debug, Clone)]
pub struct ReleaseSecret {
    /// Names this value for good.
    pub id: SecretId,
    /// What the app knows it by.
    pub name: String,
    /// How a replica gets it.
    pub delivery: Delivery,
    /// The value.
    pub value: Secret<String>,
}

/// A release that the orchestrator knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRelease {
    /// Which.
    pub release_id: ReleaseId,
    /// Whose.
    pub app_id: AppId,
    /// How many copies it shall have.
    pub replicas: u16,
}

/// What runs releases.
#[async_trait]
pub trait Orchestrator: Send + Sync {
    /// Finds out what an image's tag means now.
    async fn resolve(&self, image: &ImageRef, credentials: Option<&Credentials>) -> Result<ResolvedImage>;

    /// Tags of an image's repository, newest first where ages are known. Empty when nothing is known of it.
    async fn tags(&self, repository: &domain::Repository, credentials: Option<&Credentials>) -> Result<Vec<TagView>>;

    /// Sees to it that the project's private network is there, and names it.
    async fn ensure_network(&self, project: ProjectId) -> Result<String>;

    /// Takes the project's network away; one that is not there is no error.
    async fn remove_network(&self, project: ProjectId) -> Result<()>;

    /// The projects that have a network here.
    async fn networks(&self) -> Result<Vec<ProjectId>>;

    /// Sees to it that a release has its definition and `spec.replicas` copies. A release is immutable: only the number of
    /// copies of one that is already there changes.
    async fn ensure_release(&self, spec: &ReleaseSpec) -> Result<()>;

    /// Changes the number of copies of a release that is there. With 0 its definition stays.
    async fn scale(&self, release: ReleaseId, replicas: u16) -> Result<()>;

    /// Takes a release away with its definition, and the secrets that no other release has; one that is not there is no
    /// error.
    async fn remove_release(&self, release: ReleaseId) -> Result<()>;

    /// All releases of this platform.
    async fn releases(&self) -> Result<Vec<KnownRelease>>;

    /// The secrets that are kept for releases, which read them as files; ordered.
    async fn secrets(&self) -> Result<Vec<SecretId>>;

    /// The replicas of a release, those that ended lately included, by slot and then newest first.
    async fn replicas(&self, release: ReleaseId) -> Result<Vec<Replica>>;

    /// The replicas of all releases of this platform.
    async fn all_replicas(&self) -> Result<Vec<Replica>>;

    /// The machines.
    async fn nodes(&self) -> Result<Vec<NodeView>>;
}
