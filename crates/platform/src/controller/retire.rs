//! Step 7, and the rule behind it: no replica is told to stop while an ingress can route to it or has a request under way
//! on it (invariant I3).

use super::{
    Controller,
    drive::{End, Halt, Run},
};
use crate::Result;
use domain::{ReleaseId, Step};

/// What may become of a release that somebody wants gone.
#[derive(PartialEq, Eq)]
enum Fate {
    /// It is wanted again.
    Stays,
    /// Requests are under way on it.
    HasToWait,
    /// Nobody would notice.
    MayGo,
}

impl Controller {
    /// Stops the old release's replicas; its definition stays, so that a rollback is quick.
    pub(super) async fn retire_step(&self, run: &Run) -> std::result::Result<End, Halt> {
        let Some(old) = run.deploy.from_release.filter(|old| *old != run.release.id) else {
            return Ok(run.nothing_before());
        };
        let mut shown = String::new();
        loop {
            let is_late = self.lasted(run, Step::Retire).await? > self.platform.parts.config.deadlines.streams;
            if self.retire(old, is_late).await? {
                let number = run.deploy.from_number.unwrap_or_default();
                return Ok(End::done(format!("r{number} stands by for a rollback")));
            }
            let (requests, streams) = self.under_way(old).await?;
            let what = format!("{} under way on the old release", requests + streams);
            self.waiting_for(run, Step::Retire, &what, &mut shown).await?;
            tokio::time::sleep(self.platform.parts.config.deadlines.look).await;
        }
    }

    /// Takes a release's replicas away if that harms nobody. False when it has to wait. `is_late` cuts streams that outlast
    /// their deadline; it never cuts what an ingress may still route to.
    pub(super) async fn retire(&self, release: ReleaseId, is_late: bool) -> Result<bool> {
        let _hands = self.hands.lock().await;
        let fate = self.fate(release, is_late).await?;
        if fate == Fate::MayGo {
            self.platform.parts.orchestrator.scale(release, 0).await?;
        }
        Ok(fate != Fate::HasToWait)
    }

    /// Takes a release away with its definition, by the same rule.
    pub(super) async fn remove(&self, release: ReleaseId, is_late: bool) -> Result<bool> {
        let _hands = self.hands.lock().await;
        let fate = self.fate(release, is_late).await?;
        if fate == Fate::MayGo {
            self.platform.parts.orchestrator.remove_release(release).await?;
        }
        Ok(fate != Fate::HasToWait)
    }

    /// The rule. It holds for as long as the caller's hands are on the releases.
    async fn fate(&self, release: ReleaseId, is_late: bool) -> Result<Fate> {
        if self.is_wanted(release).await? {
            return Ok(Fate::Stays);
        }
        self.routes.refresh().await?;
        let is_in_use = !is_late && self.under_way(release).await? != (0, 0);
        Ok(if is_in_use { Fate::HasToWait } else { Fate::MayGo })
    }

    /// Whether the release has the traffic of a live app that runs, or a deploy is bringing it there.
    async fn is_wanted(&self, release: ReleaseId) -> Result<bool> {
        let store = &self.platform.parts.store;
        let open = store.deploys().unfinished().await?;
        let starting = |d: &domain::Deploy| d.release_id == release && d.state != domain::DeployState::Undoing;
        if open.iter().any(starting) {
            return Ok(true);
        }
        let Some(stored) = store.releases().by_id(release).await? else { return Ok(false) };
        let app = store.apps().by_id(stored.release.app_id).await?;
        let runs = |app: domain::App| app.deleted_at.is_none() && app.stopped.is_none();
        Ok(app.is_some_and(|app| app.active_release == Some(release) && runs(app)))
    }
}
