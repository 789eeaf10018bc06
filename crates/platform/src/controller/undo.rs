//! Taking a deploy back: the old release has the traffic again, the new one goes.

use super::{Controller, drive::Run};
use crate::Result;
use domain::{DeployState, Outcome};
use std::time::Duration;
use tokio::time::Instant;

impl Controller {
    /// Leaves the world as it was before the deploy. Begun again from the start when the process ended in the middle.
    pub(super) async fn undo(&self, run: &Run) -> Result<()> {
        let is_return = run.deploy.from_release == Some(run.release.id);
        self.put_back(run).await?;
        self.routes.refresh().await?;
        if !is_return || run.deploy.from_stopped.is_some() {
            self.take_away(run).await?;
        }
        let last = run.deploy.steps.iter().rev().find_map(|s| s.outcome);
        let end = if last == Some(Outcome::Cancelled) { DeployState::Cancelled } else { DeployState::Failed };
        let (reason, lines) = (&run.deploy.reason, &run.deploy.last_lines);
        write!(self.platform, tx => tx.deploys().finish(run.deploy.id, end, self.platform.now(), reason, lines));
        self.tell(run);
        Ok(())
    }

    /// The release from before is the active one again, and an app that was stopped is stopped again.
    async fn put_back(&self, run: &Run) -> Result<()> {
        let mut tx = self.platform.parts.store.begin().await?;
        if run.app.active_release == Some(run.release.id) {
            tx.apps().set_active_release(run.app.id, run.deploy.from_release).await?;
        }
        if let Some(stopped) = &run.deploy.from_stopped {
            tx.apps().set_stopped(run.app.id, Some(stopped)).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Removes the new release, or stops an older one that was to come back, once nothing is under way on it.
    async fn take_away(&self, run: &Run) -> Result<()> {
        let patience = Instant::now() + self.platform.parts.config.deadlines.drain;
        let was_there_before = run.release.made_at < run.deploy.started_at;
        loop {
            let is_late = Instant::now() > patience;
            let is_gone = if was_there_before {
                self.retire(run.release.id, is_late).await?
            } else {
                self.remove(run.release.id, is_late).await?
            };
            if is_gone {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
