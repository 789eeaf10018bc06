//! The controller: compares what should be with what is, and mends the difference. It is level-triggered, so that a lost
//! event, or the end of the process at any instruction, is repaired by the next look.

mod domains;
mod drive;
mod gates;
mod judge;
mod meter;
mod prepare;
mod probing;
mod reconcile;
mod retire;
mod routes;
mod stopped;
mod switch;
mod undo;
mod watch;

use crate::Platform;
use domain::DeployId;
use routes::Routes;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinSet;

/// Brings deploys to their end and keeps everything else as it should be.
#[derive(Clone)]
pub struct Controller {
    platform: Platform,
    routes: Arc<Routes>,
    /// Deploys that a task of this process drives.
    driven: Arc<Mutex<HashSet<DeployId>>>,
    /// Networks that the ingress is known to be attached to.
    attached: Arc<Mutex<HashSet<String>>>,
    /// Requests that had been lost on both releases when a deploy's switch began.
    lost_before: Arc<Mutex<HashMap<DeployId, u64>>>,
    /// Held while copies are started or stopped, so that a release that comes back is not stopped by an older decision.
    hands: Arc<tokio::sync::Mutex<()>>,
}

impl Controller {
    /// A controller for one platform. There must be only one at a time.
    pub fn new(platform: Platform) -> Self {
        let routes = Arc::new(Routes::new(platform.clone()));
        Self {
            platform,
            routes,
            driven: Arc::default(),
            attached: Arc::default(),
            lost_before: Arc::default(),
            hands: Arc::default(),
        }
    }

    /// Sees to it that the ingress runs and is on every project's network. An operator who starts the platform hears at once
    /// when that is not possible.
    ///
    /// # Errors
    /// The engine does not answer, or the port is taken.
    pub async fn begin(&self) -> crate::Result<()> {
        self.mend_networks().await
    }

    /// Works until it is dropped. Dropping it leaves every deploy where it is; the next controller goes on from there.
    pub async fn run(self) {
        // Side by side, so that a press of Deploy never waits for a look at everything else.
        tokio::join!(
            self.drive_deploys(),
            self.keep_mending(),
            self.keep_gates(),
            self.keep_domains(),
            self.keep_metering()
        );
    }

    async fn drive_deploys(&self) {
        let mut runs = JoinSet::new();
        loop {
            if let Err(error) = self.take_up_deploys(&mut runs).await {
                tracing::warn!(error.cause = %error, "the open deploys cannot be read; trying again");
            }
            tokio::select! {
                () = self.platform.wake.notified() => {}
                () = tokio::time::sleep(self.platform.parts.config.deadlines.idle_look) => {}
                Some(_ended) = runs.join_next() => self.platform.mend.notify_one(),
            }
        }
    }

    async fn keep_mending(&self) {
        loop {
            if let Err(error) = self.reconcile().await {
                tracing::warn!(error.cause = %error, "the state of the swarm could not be mended; trying again");
            }
            tokio::select! {
                () = self.platform.mend.notified() => {}
                () = tokio::time::sleep(self.platform.parts.config.deadlines.idle_look) => {}
            }
        }
    }

    /// Starts to drive each open deploy that nobody here drives yet.
    async fn take_up_deploys(&self, runs: &mut JoinSet<()>) -> crate::Result<()> {
        for deploy in self.platform.parts.store.deploys().unfinished().await? {
            if lock(&self.driven).insert(deploy.id) {
                let controller = self.clone();
                runs.spawn(async move {
                    controller.drive(deploy.id).await;
                    lock(&controller.driven).remove(&deploy.id);
                });
            }
        }
        Ok(())
    }
}

/// Locks a set that is never left half changed, so that a panic elsewhere does not matter.
fn lock<T>(set: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
}
