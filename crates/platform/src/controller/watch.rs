//! Step 6: the new release has the traffic and proves itself, while the old one stands by.

use super::{
    Controller,
    drive::{End, Halt, Run},
    judge,
    routes::unavailable,
};
use crate::Result;
use domain::{ReleaseId, Replica, ReplicaState, Step, Timestamp};
use std::time::Duration;

/// Fewer requests than this say nothing about a release.
const ENOUGH_REQUESTS: u64 = 20;

/// What the ingresses have counted for a release.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    requests: u64,
    bad: u64,
}

impl Counted {
    fn since(self, earlier: Self) -> Self {
        Self { requests: self.requests.saturating_sub(earlier.requests), bad: self.bad.saturating_sub(earlier.bad) }
    }

    /// More than half went wrong, of enough to tell.
    fn is_bad(self) -> bool {
        self.requests >= ENOUGH_REQUESTS && self.bad * 2 > self.requests
    }
}

impl Controller {
    /// Looks at the new release for a while; a crash, or errors that the old one did not have, bring the old one back.
    pub(super) async fn watch(&self, run: &Run) -> std::result::Result<End, Halt> {
        let old = run.deploy.from_release.filter(|old| *old != run.release.id);
        let start = self.counted(run.release.id).await?;
        let old_was_bad = match old {
            Some(old) => self.counted(old).await?.is_bad(),
            None => true,
        };
        let switch = run.deploy.steps.iter().find(|s| s.step == Step::Switch);
        let switched_at = switch.map_or(run.deploy.started_at, |s| s.started_at);
        let window = self.platform.parts.config.deadlines.watch;
        loop {
            self.still_wanted(run, Step::Watch).await?;
            let replicas = self.platform.look_at(run.release.id).await?;
            if let Some(crashed) = crashed_since(&replicas, switched_at) {
                return Err(Halt::Failed(with_return(run, &judge::failure(&run.release, crashed))));
            }
            let seen = self.counted(run.release.id).await?.since(start);
            if seen.is_bad() && !old_was_bad {
                let sentence = format!(
                    "r{} answered {} of {} requests with an error.",
                    run.release.number, seen.bad, seen.requests
                );
                return Err(Halt::Failed(with_return(run, &sentence)));
            }
            if self.lasted(run, Step::Watch).await? >= window {
                self.note_lost(run).await?;
                return Ok(End::done(format!("{} requests, {} errors", seen.requests, seen.bad)));
            }
            tokio::time::sleep((window / 20).clamp(Duration::from_millis(50), Duration::from_secs(1))).await;
        }
    }

    async fn counted(&self, release: ReleaseId) -> Result<Counted> {
        let mut sum = Counted::default();
        for ingress in &self.platform.parts.ingresses {
            let status = ingress.status().await.map_err(unavailable)?;
            if let Some(traffic) = status.release(release) {
                sum.requests += traffic.requests;
                sum.bad += traffic.errors + traffic.lost;
            }
        }
        Ok(sum)
    }
}

/// A replica that failed after the traffic began to move. Failures before that were forgiven up to a number; now each one
/// counts, because requests meet it.
fn crashed_since(replicas: &[Replica], switched_at: Timestamp) -> Option<&Replica> {
    replicas.iter().find(|r| r.state == ReplicaState::Failed && r.since >= switched_at)
}

fn with_return(run: &Run, sentence: &str) -> String {
    match run.deploy.from_number.filter(|_| run.deploy.from_release != Some(run.release.id)) {
        Some(number) => format!("{sentence} The traffic is back on r{number}."),
        None => sentence.to_owned(),
    }
}
