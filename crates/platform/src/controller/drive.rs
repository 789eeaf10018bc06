//! One deploy from where it stands to its end. Read top to bottom, it is the deploy protocol.

use super::Controller;
use crate::{Error, Result};
use domain::{App, Change, Deploy, DeployId, DeployState, Outcome, Project, Release, Step};
use std::time::Duration;

/// Between two tries while a part of ours does not answer.
const RETRY: Duration = Duration::from_millis(500);

/// A deploy with all that its steps need to know. It is read anew for each step.
pub(super) struct Run {
    pub deploy: Deploy,
    pub app: App,
    pub project: Project,
    pub release: Release,
    pub is_local: bool,
}

impl Run {
    /// Whether the app is stopped and this deploy is not the one that starts it.
    fn stays_stopped(&self) -> bool {
        self.app.stopped.is_some() && self.deploy.from_stopped.is_none()
    }

    /// The end of a step that cares for the release from before, when there is none.
    pub(super) fn nothing_before(&self) -> End {
        let stopped = self.deploy.from_stopped.is_some();
        End::skipped(if stopped { "the app was stopped before" } else { "there was no release before" })
    }
}

/// How a step ended when it did not fail.
pub(super) struct End {
    pub outcome: Outcome,
    pub detail: String,
}

impl End {
    pub fn done(detail: impl Into<String>) -> Self {
        Self { outcome: Outcome::Done, detail: detail.into() }
    }

    pub fn skipped(detail: impl Into<String>) -> Self {
        Self { outcome: Outcome::Skipped, detail: detail.into() }
    }
}

/// Why a step ended before its time.
pub(super) enum Halt {
    /// It cannot succeed; the sentence says why and what to do.
    Failed(String),
    /// A person asked for it.
    Cancelled,
    /// A later deploy or a deletion took the matter over.
    Superseded,
    /// Something of our own is broken: try the step again.
    Again(Error),
}

impl<E: Into<Error>> From<E> for Halt {
    fn from(error: E) -> Self {
        match error.into() {
            ours @ (Error::Unavailable(_) | Error::Internal { .. }) => Self::Again(ours),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl Controller {
    /// Takes a deploy to its end. Every step is idempotent and is begun again when the process ended in the middle of it.
    pub(super) async fn drive(&self, id: DeployId) {
        loop {
            match self.advance(id).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(deploy.id = %id, error.cause = %error, "a deploy cannot go on for now");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// Does the step that the deploy is in. False when there is nothing left to do.
    async fn advance(&self, id: DeployId) -> Result<bool> {
        let Some(run) = self.read_run(id).await? else { return Ok(false) };
        match run.deploy.state {
            DeployState::Under(step) => self.advance_step(&run, step).await,
            DeployState::Undoing => self.undo(&run).await.map(|()| false),
            DeployState::Done | DeployState::Failed | DeployState::Cancelled => Ok(false),
        }
    }

    async fn advance_step(&self, run: &Run, step: Step) -> Result<bool> {
        let id = run.deploy.id;
        write!(self.platform, tx => tx.deploys().start_step(id, step, self.platform.now(), ""));
        self.tell(run);
        let went_on = match self.do_step(run, step).await {
            Ok(end) => self.end_step(run, step, end).await?,
            Err(Halt::Failed(reason)) => self.begin_undoing(run, step, Outcome::Failed, &reason).await?,
            Err(Halt::Cancelled) => {
                let reason = format!("Cancelled while {}.", run.deploy.state.doing());
                self.begin_undoing(run, step, Outcome::Cancelled, &reason).await?
            }
            Err(Halt::Superseded) => false,
            Err(Halt::Again(error)) => self.again(run, step, &error).await?,
        };
        self.tell(run);
        Ok(went_on)
    }

    /// A part of ours does not answer. Before the switch the deploy is given up in time; after it the traffic is where it
    /// should be, and waiting harms nobody.
    async fn again(&self, run: &Run, step: Step, error: &Error) -> Result<bool> {
        let deadlines = &self.platform.parts.config.deadlines;
        let limit = match step {
            Step::Resolve | Step::Prepare => Some(deadlines.prepare),
            Step::Probe => Some(deadlines.probe),
            Step::Switch => Some(deadlines.switch),
            Step::Drain | Step::Watch | Step::Retire => None,
        };
        let lasted = self.lasted(run, step).await?;
        if limit.is_some_and(|limit| lasted > limit) {
            return self.begin_undoing(run, step, Outcome::Failed, &error.to_string()).await;
        }
        self.waiting_for(run, step, &error.to_string(), &mut String::new()).await?;
        tokio::time::sleep(RETRY).await;
        Ok(true)
    }

    async fn do_step(&self, run: &Run, step: Step) -> std::result::Result<End, Halt> {
        match step {
            Step::Resolve => Ok(End::done("")),
            _ if run.stays_stopped() => self.do_stopped_step(run, step).await,
            Step::Prepare => self.prepare(run).await,
            Step::Probe => self.probe(run).await,
            Step::Switch => self.switch(run).await,
            Step::Drain => self.drain(run).await,
            Step::Watch => self.watch(run).await,
            Step::Retire => self.retire_step(run).await,
        }
    }

    /// Notes the end of a step and moves on, unless somebody else moved the deploy meanwhile.
    async fn end_step(&self, run: &Run, step: Step, end: End) -> Result<bool> {
        let (now, id) = (self.platform.now(), run.deploy.id);
        let mut tx = self.platform.parts.store.begin().await?;
        let moved = match step.next() {
            Some(next) => tx.deploys().advance(id, DeployState::Under(step), DeployState::Under(next)).await?,
            None => tx.deploys().finish(id, DeployState::Done, now, "", &[]).await?,
        };
        if moved {
            tx.deploys().end_step(id, step, now, end.outcome, &end.detail).await?;
            tx.commit().await?;
        }
        Ok(moved && step.next().is_some())
    }

    async fn begin_undoing(&self, run: &Run, step: Step, outcome: Outcome, reason: &str) -> Result<bool> {
        let id = run.deploy.id;
        let last_lines = self.last_lines(run, outcome).await;
        let mut tx = self.platform.parts.store.begin().await?;
        if !tx.deploys().advance(id, DeployState::Under(step), DeployState::Undoing).await? {
            return Ok(false);
        }
        tx.deploys().end_step(id, step, self.platform.now(), outcome, reason).await?;
        tx.deploys().set_reason(id, reason, &last_lines).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What the app wrote last, for the page of a failed deploy.
    async fn last_lines(&self, run: &Run, outcome: Outcome) -> Vec<String> {
        if outcome != Outcome::Failed {
            return Vec::new();
        }
        self.platform.parts.agent.last_lines((run.release.id, run.release.number), 50).await.unwrap_or_default()
    }

    async fn read_run(&self, id: DeployId) -> Result<Option<Run>> {
        let store = &self.platform.parts.store;
        let Some(deploy) = store.deploys().by_id(id).await? else { return Ok(None) };
        let Some(app) = store.apps().by_id(deploy.app_id).await? else { return Ok(None) };
        let Some(project) = store.projects().by_id(app.project_id).await? else { return Ok(None) };
        let Some(release) = store.releases().by_id(deploy.release_id).await? else { return Ok(None) };
        Ok(Some(Run { deploy, app, project, is_local: release.is_local, release: release.release }))
    }

    /// Shows what a step waits for, when that is something new.
    pub(super) async fn waiting_for(&self, run: &Run, step: Step, detail: &str, shown: &mut String) -> Result<()> {
        if detail != shown {
            write!(self.platform, tx => tx.deploys().detail_step(run.deploy.id, step, detail));
            detail.clone_into(shown);
            self.tell(run);
        }
        Ok(())
    }

    pub(super) fn tell(&self, run: &Run) {
        self.platform.live.tell(Change::App(run.app.id));
    }

    /// Whether the step may go on: nobody cancelled the deploy, deleted the app, or moved the deploy elsewhere.
    pub(super) async fn still_wanted(&self, run: &Run, step: Step) -> std::result::Result<(), Halt> {
        let store = &self.platform.parts.store;
        let deploy = store.deploys().by_id(run.deploy.id).await?.ok_or(Halt::Superseded)?;
        if deploy.state != DeployState::Under(step) {
            return Err(Halt::Superseded);
        }
        let app = store.apps().by_id(run.app.id).await?.ok_or(Halt::Superseded)?;
        if deploy.cancel_requested_at.is_some() || app.deleted_at.is_some() {
            return Err(Halt::Cancelled);
        }
        Ok(())
    }

    /// Milliseconds that the present step has lasted, also over restarts of this process.
    pub(super) async fn lasted(&self, run: &Run, step: Step) -> Result<Duration> {
        let deploy = self.platform.parts.store.deploys().by_id(run.deploy.id).await?;
        let started = deploy.and_then(|d| d.steps.iter().find(|s| s.step == step).map(|s| s.started_at));
        let millis = started.map_or(0, |at| self.platform.now().millis_since(at));
        Ok(Duration::from_millis(u64::try_from(millis).unwrap_or_default()))
    }
}
