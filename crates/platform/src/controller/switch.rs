//! Steps 4 and 5: the traffic moves, and what is under way on the old release ends.

use super::{
    Controller,
    drive::{End, Halt, Run},
    routes::unavailable,
};
use crate::Result;
use domain::{ReleaseId, Step};

impl Controller {
    /// Makes the release the active one and waits until every ingress routes by that.
    pub(super) async fn switch(&self, run: &Run) -> std::result::Result<End, Halt> {
        self.still_wanted(run, Step::Switch).await?;
        let before = self.lost_so_far(run).await.unwrap_or_default();
        super::lock(&self.lost_before).entry(run.deploy.id).or_insert(before);
        self.make_active(run).await?;
        let mut shown = String::new();
        loop {
            match self.routes.refresh().await {
                Ok(()) => return Ok(End::done(format!("new requests go to r{}", run.release.number))),
                Err(error) => self.waiting_for(run, Step::Switch, &error.to_string(), &mut shown).await?,
            }
            self.still_wanted(run, Step::Switch).await?;
            if self.lasted(run, Step::Switch).await? > self.platform.parts.config.deadlines.switch {
                return Err(Halt::Failed(format!(
                    "The traffic could not be moved to r{}: {shown}",
                    run.release.number
                )));
            }
            tokio::time::sleep(self.platform.parts.config.deadlines.look).await;
        }
    }

    /// Says in the store who has the traffic. A deploy that starts a stopped app ends the stop with it.
    async fn make_active(&self, run: &Run) -> Result<()> {
        let mut tx = self.platform.parts.store.begin().await?;
        tx.apps().set_active_release(run.app.id, Some(run.release.id)).await?;
        if run.deploy.from_stopped.is_some() {
            tx.apps().set_stopped(run.app.id, None).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Waits until no request is under way on the old release. Streams go on: they have until the release retires.
    pub(super) async fn drain(&self, run: &Run) -> std::result::Result<End, Halt> {
        let Some(old) = run.deploy.from_release.filter(|old| *old != run.release.id) else {
            return Ok(run.nothing_before());
        };
        let mut shown = String::new();
        loop {
            self.still_wanted(run, Step::Drain).await?;
            let (requests, streams) = self.under_way(old).await?;
            let is_late = self.lasted(run, Step::Drain).await? > self.platform.parts.config.deadlines.drain;
            if requests == 0 || is_late {
                self.note_lost(run).await?;
                return Ok(End::done(rest(requests, streams)));
            }
            self.waiting_for(run, Step::Drain, &format!("{requests} under way"), &mut shown).await?;
            tokio::time::sleep(self.platform.parts.config.deadlines.look).await;
        }
    }

    /// Requests and streams that all ingresses together have under way on a release.
    pub(super) async fn under_way(&self, release: ReleaseId) -> Result<(u64, u64)> {
        let (mut requests, mut streams) = (0, 0);
        for ingress in &self.platform.parts.ingresses {
            let status = ingress.status().await.map_err(unavailable)?;
            if let Some(traffic) = status.release(release) {
                requests += traffic.in_flight.saturating_sub(traffic.streams);
                streams += traffic.streams;
            }
        }
        Ok((requests, streams))
    }

    /// Keeps with the deploy how many requests got no answer since the switch began.
    pub(super) async fn note_lost(&self, run: &Run) -> Result<()> {
        let before = super::lock(&self.lost_before).get(&run.deploy.id).copied().unwrap_or_default();
        let lost = self.lost_so_far(run).await?.saturating_sub(before);
        write!(self.platform, tx => tx.deploys().set_lost_requests(run.deploy.id, lost));
        Ok(())
    }

    async fn lost_so_far(&self, run: &Run) -> Result<u64> {
        let mut lost = 0;
        for ingress in &self.platform.parts.ingresses {
            let status = ingress.status().await.map_err(unavailable)?;
            let both = [Some(run.release.id), run.deploy.from_release.filter(|old| *old != run.release.id)];
            lost += both.into_iter().flatten().filter_map(|id| status.release(id)).map(|t| t.lost).sum::<u64>();
        }
        Ok(lost)
    }
}

fn rest(requests: u64, streams: u64) -> String {
    match (requests, streams) {
        (0, 0) => "nothing left under way".to_owned(),
        (0, streams) => format!("{streams} streams go on until the old release stops"),
        (requests, _) => format!("{requests} long requests go on until the old release stops"),
    }
}
