//! What runs, as it was last seen. Pages read it here: asking the engine takes milliseconds for each release, and with a hundred
//! open pages it would be asked the same thing a hundred times.

use crate::{Platform, Result};
use domain::{Change, ReleaseId, Replica};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Replicas by release.
pub(crate) type ByRelease = HashMap<ReleaseId, Vec<Replica>>;

/// The last look at everything that runs, and what was seen of single releases since.
#[derive(Debug, Default)]
pub(crate) struct Observed(Mutex<Option<Seen>>);

#[derive(Debug)]
struct Seen {
    at: Instant,
    replicas: Arc<ByRelease>,
}

impl Observed {
    /// Notes a look at everything; the releases that are not as they were seen before.
    fn put_all(&self, replicas: &[Replica]) -> Vec<ReleaseId> {
        let mut seen = ByRelease::new();
        for replica in replicas {
            seen.entry(replica.release_id).or_default().push(replica.clone());
        }
        let mut last = self.lock();
        let changed = last.as_ref().map_or_else(Vec::new, |last| differing(&last.replicas, &seen));
        *last = Some(Seen { at: Instant::now(), replicas: Arc::new(seen) });
        changed
    }

    /// Notes a look at one release.
    fn put(&self, release: ReleaseId, replicas: &[Replica]) {
        if let Some(last) = self.lock().as_mut() {
            Arc::make_mut(&mut last.replicas).insert(release, replicas.to_vec());
        }
    }

    fn within(&self, age: Duration) -> Option<Arc<ByRelease>> {
        self.lock().as_ref().filter(|last| last.at.elapsed() <= age).map(|last| last.replicas.clone())
    }

    /// What is kept is never left half changed, so that a panic elsewhere does not matter.
    fn lock(&self) -> MutexGuard<'_, Option<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn differing(before: &ByRelease, now: &ByRelease) -> Vec<ReleaseId> {
    let gone = before.keys().filter(|release| !now.contains_key(release));
    let other =
        now.iter().filter(|(release, replicas)| before.get(release) != Some(replicas)).map(|(release, _)| release);
    gone.chain(other).copied().collect()
}

impl Platform {
    /// Looks at everything that runs, for the controller. Pages of apps whose replicas are not as before hear of it.
    pub(crate) async fn look(&self) -> Result<Vec<Replica>> {
        let replicas = self.parts.orchestrator.all_replicas().await?;
        for release in self.observed.put_all(&replicas) {
            if let Some(stored) = self.parts.store.releases().by_id(release).await? {
                self.live.tell(Change::App(stored.release.app_id));
            }
        }
        Ok(replicas)
    }

    /// Looks at one release, for the controller.
    pub(crate) async fn look_at(&self, release: ReleaseId) -> Result<Vec<Replica>> {
        let replicas = self.parts.orchestrator.replicas(release).await?;
        self.observed.put(release, &replicas);
        Ok(replicas)
    }

    /// What runs, for pages: as the controller saw it when that is not long ago, else by asking. Nothing while the orchestrator does
    /// not answer either, so that pages still open.
    pub(crate) async fn last_seen(&self) -> Arc<ByRelease> {
        if let Some(seen) = self.observed.within(self.parts.config.deadlines.idle_look * 2) {
            return seen;
        }
        let mut now = ByRelease::new();
        for replica in self.parts.orchestrator.all_replicas().await.unwrap_or_default() {
            now.entry(replica.release_id).or_default().push(replica);
        }
        Arc::new(now)
    }
}
