use domain::ReleaseId;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counters of one release since the ingress started.
#[derive(Debug)]
pub struct Release {
    pub id: ReleaseId,
    requests: AtomicU64,
    errors: AtomicU64,
    lost: AtomicU64,
}

/// How a request ended, from the app's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The app answered; with what, or that the visitor left early, is not its fault.
    Answered,
    /// The app answered with a status of 500 or more.
    Error,
    /// The app did not answer, or broke off.
    Lost,
}

impl Release {
    pub fn new(id: ReleaseId) -> Self {
        Self { id, requests: AtomicU64::new(0), errors: AtomicU64::new(0), lost: AtomicU64::new(0) }
    }

    pub fn count(&self, ending: Ending) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        match ending {
            Ending::Answered => {}
            Ending::Error => _ = self.errors.fetch_add(1, Ordering::Relaxed),
            Ending::Lost => _ = self.lost.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Finished requests, and how many of them were errors and lost.
    pub fn counts(&self) -> (u64, u64, u64) {
        let [requests, errors, lost] =
            [&self.requests, &self.errors, &self.lost].map(|counter| counter.load(Ordering::Relaxed));
        (requests, errors, lost)
    }
}
