//! The orchestrator without Docker: for tests, and for `slipway run --demo` on a machine that has none.
//!
//! It keeps state as Swarm does (definitions, wanted copies, histories of crashed tasks), and each replica is a real HTTP
//! listener on loopback that behaves as the sample app does. What goes wrong is decided by the tag or by the variables of
//! a release ([`Behaviour`]), by the name of a repository ([`images`]), or by the methods of [`Memory`].

mod behaviour;
mod images;
mod life;
mod listener;
mod logs;
mod world;

pub use behaviour::Behaviour;
pub use logs::{Logs, Written};

use crate::{Credentials, Error, KnownRelease, Orchestrator, ReleaseSpec, ResolvedImage, Result};
use async_trait::async_trait;
use domain::{ImageRef, NodeView, ProjectId, ReleaseId, Replica, Repository, SecretId, TagView, TaskId, Timestamp};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use world::World;

/// Tells the present time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

const GIB: u64 = 1024 * 1024 * 1024;

/// A swarm in memory. When it is dropped, its replicas end.
pub struct Memory {
    inner: Arc<Inner>,
}

/// What replicas and callers share.
struct Inner {
    now: Now,
    start_delay: Duration,
    restart_delay: Duration,
    nodes: Vec<NodeView>,
    logs: Logs,
    engine_is_lost: AtomicBool,
    registries_are_lost: AtomicBool,
    disk_is_full: AtomicBool,
    world: Mutex<World>,
}

impl Inner {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.now)()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("nodes", &self.inner.nodes).finish_non_exhaustive()
    }
}

impl Memory {
    /// Three nodes of 4 cores and 8 GiB; a replica takes 300 ms to start and 2 s to be started again.
    pub fn new(now: Now) -> Self {
        let node =
            |name: &str| NodeView { name: name.to_owned(), is_available: true, memory: 8 * GIB, cpu_millis: 4000 };
        Self::with(
            now,
            Duration::from_millis(300),
            Duration::from_secs(2),
            ["demo-1", "demo-2", "demo-3"].map(node).into(),
        )
    }

    /// The same with other delays and nodes. `restart_delay` is between the end of a replica and the next one in its slot.
    pub fn with(now: Now, start_delay: Duration, restart_delay: Duration, nodes: Vec<NodeView>) -> Self {
        let inner = Inner {
            logs: Logs::new(Arc::clone(&now)),
            now,
            start_delay,
            restart_delay,
            nodes,
            engine_is_lost: AtomicBool::new(false),
            registries_are_lost: AtomicBool::new(false),
            disk_is_full: AtomicBool::new(false),
            world: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// What the replicas write.
    pub fn logs(&self) -> &Logs {
        &self.inner.logs
    }

    /// While the engine is lost, every call fails. Replicas go on, as they do in Docker.
    pub fn lose_engine(&self, lost: bool) {
        self.inner.engine_is_lost.store(lost, Relaxed);
    }

    /// While registries are lost, images cannot be resolved.
    pub fn lose_registries(&self, lost: bool) {
        self.inner.registries_are_lost.store(lost, Relaxed);
    }

    /// While disks are full, no replica starts.
    pub fn fill_disks(&self, full: bool) {
        self.inner.disk_is_full.store(full, Relaxed);
    }

    /// Ends a replica's process as `kill -9` would; another takes its place. False when it does not run.
    pub fn kill(&self, task: &TaskId) -> bool {
        self.inner.world().kill(task)
    }

    fn reached(&self) -> Result<&Arc<Inner>> {
        if self.inner.engine_is_lost.load(Relaxed) {
            return Err(Error::Unreachable("The Docker engine does not answer (it was told not to).".to_owned()));
        }
        Ok(&self.inner)
    }
}

#[async_trait]
impl Orchestrator for Memory {
    async fn resolve(&self, image: &ImageRef, credentials: Option<&Credentials>) -> Result<ResolvedImage> {
        let inner = self.reached()?;
        images::reach(&image.repository, inner.registries_are_lost.load(Relaxed))?;
        images::resolve(image, credentials, inner.now())
    }

    async fn tags(&self, repository: &Repository, credentials: Option<&Credentials>) -> Result<Vec<TagView>> {
        let inner = self.reached()?;
        images::reach(repository, inner.registries_are_lost.load(Relaxed))?;
        images::tags(repository, credentials, inner.now())
    }

    async fn ensure_network(&self, project: ProjectId) -> Result<String> {
        self.reached()?.world().networks.insert(project);
        Ok(format!("slipway-{project}"))
    }

    async fn remove_network(&self, project: ProjectId) -> Result<()> {
        let mut world = self.reached()?.world();
        if world.is_in_use(project) {
            return Err(Error::Unreachable(format!("The network slipway-{project} is still in use.")));
        }
        world.networks.remove(&project);
        Ok(())
    }

    async fn networks(&self) -> Result<Vec<ProjectId>> {
        Ok(self.reached()?.world().networks.iter().copied().collect())
    }

    async fn ensure_release(&self, spec: &ReleaseSpec) -> Result<()> {
        let inner = self.reached()?;
        inner.world().define(spec);
        life::set_copies(inner, spec.release.id, spec.replicas)
    }

    async fn scale(&self, release: ReleaseId, replicas: u16) -> Result<()> {
        life::set_copies(self.reached()?, release, replicas)
    }

    async fn remove_release(&self, release: ReleaseId) -> Result<()> {
        self.reached()?.world().releases.remove(&release);
        Ok(())
    }

    async fn releases(&self) -> Result<Vec<KnownRelease>> {
        Ok(self.reached()?.world().known())
    }

    async fn secrets(&self) -> Result<Vec<SecretId>> {
        Ok(self.reached()?.world().secrets())
    }

    async fn replicas(&self, release: ReleaseId) -> Result<Vec<Replica>> {
        Ok(self.reached()?.world().replicas(Some(release)))
    }

    async fn all_replicas(&self) -> Result<Vec<Replica>> {
        Ok(self.reached()?.world().replicas(None))
    }

    async fn nodes(&self) -> Result<Vec<NodeView>> {
        Ok(self.reached()?.nodes.clone())
    }
}
