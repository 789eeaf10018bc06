//! How deploys and releases are told: the sentences and orders that every door shows alike.

use crate::{
    AppCard, AppOverview, Deploy, DeployState, Health, Home, Outcome, Release, Replica, ReplicaState, Settings, Step,
    Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// How far a step of a deploy has come, as the timeline shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Not begun.
    Pending,
    /// Under way.
    Working,
    /// Ended with this outcome.
    Ended(Outcome),
}

/// One line of a deploy's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineStep {
    /// Which.
    pub step: Step,
    /// How far it has come.
    pub state: StepState,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// How long it took, once it has ended, in milliseconds.
    pub millis: Option<i64>,
    /// What it waits for or why it ended so; may be empty.
    pub detail: String,
}

impl Deploy {
    /// All steps in order, those that have not begun included.
    pub fn timeline(&self) -> Vec<TimelineStep> {
        Step::ALL.into_iter().map(|step| self.timeline_step(step)).collect()
    }

    fn timeline_step(&self, step: Step) -> TimelineStep {
        // A step that was begun again after a restart has several records; the last one counts.
        let Some(record) = self.steps.iter().rev().find(|record| record.step == step) else {
            return TimelineStep {
                step,
                state: StepState::Pending,
                started_at: None,
                millis: None,
                detail: String::new(),
            };
        };
        TimelineStep {
            step,
            state: record.outcome.map_or(StepState::Working, StepState::Ended),
            started_at: Some(record.started_at),
            millis: record.ended_at.map(|end| end.millis_since(record.started_at)),
            detail: record.detail.clone(),
        }
    }

    /// What happened, or is happening, in one sentence or two.
    pub fn headline(&self) -> String {
        let number = self.number;
        match self.state {
            DeployState::Under(_) if self.cancel_requested_at.is_some() => format!("r{number} is being cancelled."),
            DeployState::Undoing if self.reason.is_empty() => format!("r{number} is being taken back."),
            DeployState::Undoing => format!("r{number} is being taken back: {}", self.reason),
            DeployState::Under(Step::Drain) => format!("r{number} has the traffic. {} finish.", self.requests_before()),
            DeployState::Under(Step::Watch) => format!("r{number} has the traffic and is watched for a moment."),
            DeployState::Under(Step::Retire) => format!("r{number} has the traffic. {} stops.", self.release_before()),
            DeployState::Under(_) => format!("r{number} is being {}: {}.", self.verb(), self.state.doing()),
            DeployState::Done if self.stayed_stopped() => {
                format!("r{number} is what runs when the app is started. The app is still stopped.")
            }
            DeployState::Done => format!("r{number} has the traffic. {}", self.lost()),
            DeployState::Failed if self.reason.is_empty() => format!("r{number} failed."),
            DeployState::Failed => self.reason.clone(),
            DeployState::Cancelled => format!("r{number} was cancelled."),
        }
    }

    /// What is done with the release, as a participle.
    pub(crate) fn verb(&self) -> &'static str {
        if self.from_stopped.is_some() { "started" } else { "deployed" }
    }

    /// Whether the app was stopped and stayed so: then no replica was started, and the release waits for its start. No
    /// other deploy goes without that step.
    pub fn stayed_stopped(&self) -> bool {
        self.steps.iter().any(|record| record.step == Step::Prepare && record.outcome == Some(Outcome::Skipped))
    }

    fn release_before(&self) -> String {
        self.from_number.map_or_else(|| "The release before".to_owned(), |from| format!("r{from}"))
    }

    fn requests_before(&self) -> String {
        self.from_number.map_or_else(|| "Earlier requests".to_owned(), |from| format!("Requests on r{from}"))
    }

    /// What a deploy that did not arrive left behind; none for any other.
    pub fn aftermath(&self) -> Option<String> {
        if !matches!(self.state, DeployState::Failed | DeployState::Cancelled) {
            return None;
        }
        Some(match self.from_number {
            _ if self.from_stopped.is_some() => "The app is stopped, as before.".to_owned(),
            Some(from) if self.stayed_stopped() => format!("The app is stopped, and r{from} is what starts again."),
            Some(from) => format!("r{from} has the traffic, as before. {}", self.lost()),
            None => "No release has the traffic yet, so the address does not answer.".to_owned(),
        })
    }

    /// How many requests were lost on the way, as a sentence.
    pub fn lost(&self) -> String {
        match self.lost_requests {
            1 => "1 request lost.".to_owned(),
            n => format!("{n} requests lost."),
        }
    }

    /// Whether it can still be stopped, and nobody has asked for that yet.
    pub fn is_cancellable(&self) -> bool {
        self.cancel_requested_at.is_none() && matches!(self.state, DeployState::Under(step) if step < Step::Retire)
    }

    /// How long it took, or has been going on until `now`, in milliseconds.
    pub fn millis(&self, now: Timestamp) -> i64 {
        self.ended_at.unwrap_or(now).millis_since(self.started_at)
    }
}

/// What has become of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It has the traffic.
    Active,
    /// It has the traffic again when the app, which somebody stopped, is started.
    Stopped,
    /// It is on its way to the traffic.
    Deploying,
    /// It never had the traffic.
    Failed,
    /// It had the traffic, and can come back.
    Earlier,
}

/// Replicas, each with its release's number.
pub type NumberedReplicas = Vec<(u32, Replica)>;

impl AppOverview {
    /// What has become of one of the app's releases.
    pub fn standing(&self, release: &Release) -> Standing {
        if self.card.app.active_release == Some(release.id) {
            return if self.card.app.stopped.is_some() { Standing::Stopped } else { Standing::Active };
        }
        let mut deploys = self.deploys.iter().filter(|deploy| deploy.release_id == release.id).peekable();
        if deploys.peek().is_some_and(|newest| !newest.state.is_over()) {
            return Standing::Deploying;
        }
        // A release older than the deploys in the list is taken for one that had the traffic.
        let is_known = deploys.peek().is_some();
        if !is_known || deploys.any(|deploy| deploy.state == DeployState::Done) {
            Standing::Earlier
        } else {
            Standing::Failed
        }
    }

    /// The replicas that count now, node by node, each with its release's number: of every place the newest replica, unless
    /// it was told to stop. Those without a node come last.
    pub fn replicas_by_node(&self) -> Vec<(Option<String>, NumberedReplicas)> {
        let mut newest: BTreeMap<(u32, u32), &Replica> = BTreeMap::new();
        for replica in &self.replicas {
            let number = self.releases.iter().find(|r| r.id == replica.release_id).map_or(0, |release| release.number);
            let place = newest.entry((number, replica.slot)).or_insert(replica);
            if (replica.is_running(), replica.since) > (place.is_running(), place.since) {
                *place = replica;
            }
        }
        let mut nodes: BTreeMap<(bool, Option<String>), NumberedReplicas> = BTreeMap::new();
        for ((number, _), replica) in newest.into_iter().filter(|(_, replica)| replica.state != ReplicaState::Stopped) {
            nodes.entry((replica.node.is_none(), replica.node.clone())).or_default().push((number, replica.clone()));
        }
        nodes.into_iter().map(|((_, node), replicas)| (node, replicas)).collect()
    }

    /// The places that replicas have, in order.
    pub fn slots(&self) -> Vec<u32> {
        self.replicas.iter().map(|replica| replica.slot).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The deploy that is under way.
    pub fn deploying(&self) -> Option<&Deploy> {
        self.deploys.iter().find(|deploy| !deploy.state.is_over())
    }

    /// The release that a change of settings starts from: the one on its way to the traffic, else the one that has it, else
    /// the newest.
    pub fn current_release(&self) -> Option<&Release> {
        let coming = self.deploying().filter(|deploy| deploy.state != DeployState::Undoing).map(|d| d.release_id);
        let current = coming.or(self.card.app.active_release);
        current.map_or_else(|| self.last_release(), |id| self.releases.iter().find(|release| release.id == id))
    }

    /// The newest release, which a new deploy starts from.
    pub fn last_release(&self) -> Option<&Release> {
        self.releases.iter().max_by_key(|release| release.number)
    }
}

impl Replica {
    /// Why it does not run, in a few words; none while it does.
    pub fn ending(&self) -> Option<String> {
        if self.out_of_memory {
            return Some("It used more memory than its limit.".to_owned());
        }
        match (&self.reason, self.exit_code) {
            (Some(reason), _) => Some(format!("{reason}.")),
            (None, Some(code)) => Some(format!("It ended with exit code {code}.")),
            (None, None) => None,
        }
    }
}

impl Settings {
    /// In a few words: `2 × 256 MiB, 0.5 cores, port 8080`.
    pub fn in_short(&self) -> String {
        let cores = self.cpu.to_cores();
        let unit = if cores == "1" { "core" } else { "cores" };
        format!("{} × {}, {cores} {unit}, port {}", self.replicas.get(), self.memory, self.port.get())
    }
}

impl Home {
    /// All apps, by project and name.
    pub fn apps(&self) -> impl Iterator<Item = &AppCard> {
        self.projects.iter().flat_map(|project| &project.apps)
    }

    /// Apps that somebody should look at, the worst first.
    pub fn needing_care(&self) -> Vec<&AppCard> {
        let mut apps: Vec<_> =
            self.apps().filter(|card| matches!(card.state.health, Health::Broken | Health::Unwell)).collect();
        apps.sort_by_key(|card| card.state.health != Health::Broken);
        apps
    }

    /// Apps that are being deployed.
    pub fn under_way(&self) -> Vec<&AppCard> {
        self.apps().filter(|card| card.state.health == Health::Working).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AppId, DeployId, ReleaseId, StepRecord};

    fn deploy(state: DeployState) -> Deploy {
        let at = |millis| Timestamp(1_000_000 + millis);
        let id = |n| uuid::Uuid::from_u128(n);
        let step = |step, from, to: Option<i64>, outcome| StepRecord {
            step,
            started_at: at(from),
            ended_at: to.map(at),
            outcome,
            detail: String::new(),
        };
        Deploy {
            id: DeployId::new(id(1)),
            app_id: AppId::new(id(2)),
            release_id: ReleaseId::new(id(3)),
            number: 2,
            from_release: Some(ReleaseId::new(id(4))),
            from_number: Some(1),
            from_stopped: None,
            state,
            steps: vec![step(Step::Resolve, 0, Some(300), Some(Outcome::Done)), step(Step::Prepare, 300, None, None)],
            reason: String::new(),
            last_lines: Vec::new(),
            started_by: "ada@example.com".to_owned(),
            started_at: at(0),
            ended_at: None,
            cancel_requested_at: None,
            lost_requests: 0,
        }
    }

    #[test]
    fn the_timeline_has_every_step_from_the_start() {
        let timeline = deploy(DeployState::Under(Step::Prepare)).timeline();
        assert_eq!(timeline.len(), Step::ALL.len());
        assert_eq!((timeline[0].state, timeline[0].millis), (StepState::Ended(Outcome::Done), Some(300)));
        assert_eq!((timeline[1].state, timeline[1].millis), (StepState::Working, None));
        assert_eq!(timeline[2].state, StepState::Pending);
    }

    #[test]
    fn the_end_says_who_has_the_traffic_and_what_it_cost() {
        let mut done = deploy(DeployState::Done);
        assert_eq!(done.headline(), "r2 has the traffic. 0 requests lost.");
        done.lost_requests = 1;
        assert_eq!(done.headline(), "r2 has the traffic. 1 request lost.");
        assert_eq!(done.aftermath(), None);
    }

    #[test]
    fn from_the_switch_on_the_headline_says_who_has_the_traffic() {
        let headline = |step| deploy(DeployState::Under(step)).headline();
        assert_eq!(headline(Step::Probe), "r2 is being deployed: its replicas are checked.");
        assert_eq!(headline(Step::Drain), "r2 has the traffic. Requests on r1 finish.");
        assert_eq!(headline(Step::Watch), "r2 has the traffic and is watched for a moment.");
        assert_eq!(headline(Step::Retire), "r2 has the traffic. r1 stops.");
    }

    #[test]
    fn a_failure_leads_with_its_reason_and_says_what_still_serves() {
        let mut failed = deploy(DeployState::Failed);
        failed.reason = "r2 was not started: no node has 2 GiB free.".to_owned();
        assert_eq!(failed.headline(), "r2 was not started: no node has 2 GiB free.");
        assert_eq!(failed.aftermath().as_deref(), Some("r1 has the traffic, as before. 0 requests lost."));
        failed.from_number = None;
        let aftermath = failed.aftermath().expect("it failed");
        assert_eq!(aftermath, "No release has the traffic yet, so the address does not answer.");
    }

    #[test]
    fn a_start_goes_back_to_the_stop_when_it_fails() {
        let mut start = deploy(DeployState::Under(Step::Probe));
        start.from_stopped = Some(crate::Stopped { at: Timestamp(1), by: "bob@example.com".to_owned() });
        assert_eq!(start.headline(), "r2 is being started: its replicas are checked.");
        start.state = DeployState::Failed;
        assert_eq!(start.aftermath().as_deref(), Some("The app is stopped, as before."));
    }

    #[test]
    fn a_deploy_of_a_stopped_app_does_not_say_that_it_has_the_traffic() {
        let mut stopped = deploy(DeployState::Done);
        stopped.steps[1].outcome = Some(Outcome::Skipped);
        let headline = "r2 is what runs when the app is started. The app is still stopped.";
        assert_eq!(stopped.headline(), headline);
    }

    #[test]
    fn settings_are_told_in_a_few_words() {
        let settings = crate::SettingsForm { replicas: Some(2), cpu: Some(1000), ..Default::default() };
        assert_eq!(settings.over(None).expect("valid").in_short(), "2 × 256 MiB, 1 core, port 8080");
    }

    #[test]
    fn a_deploy_can_be_cancelled_once_and_not_at_its_end() {
        let mut under_way = deploy(DeployState::Under(Step::Watch));
        assert!(under_way.is_cancellable());
        under_way.cancel_requested_at = Some(Timestamp(1));
        assert!(!under_way.is_cancellable());
        assert_eq!(under_way.headline(), "r2 is being cancelled.");
        assert!(!deploy(DeployState::Under(Step::Retire)).is_cancellable());
        assert!(!deploy(DeployState::Done).is_cancellable());
    }
}
