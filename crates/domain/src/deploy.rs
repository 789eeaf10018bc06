use crate::{AppId, DeployId, ReleaseId, Stopped, Timestamp};
use serde::{Deserialize, Serialize};

/// The steps of a deploy, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The tag is looked up and pinned to a digest.
    Resolve,
    /// The release's service is created and its replicas start.
    Prepare,
    /// Every live ingress gets good answers from every replica.
    Probe,
    /// The route table changes on every live ingress.
    Switch,
    /// Requests that are under way on the old release end.
    Drain,
    /// The old release stands by while the new one proves itself.
    Watch,
    /// The old release's replicas are stopped; its definition stays.
    Retire,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 7] =
        [Self::Resolve, Self::Prepare, Self::Probe, Self::Switch, Self::Drain, Self::Watch, Self::Retire];

    /// The word in the database and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Prepare => "prepare",
            Self::Probe => "probe",
            Self::Switch => "switch",
            Self::Drain => "drain",
            Self::Watch => "watch",
            Self::Retire => "retire",
        }
    }

    /// The step with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == word)
    }

    /// What happens in it, for the timeline.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Resolve => "Find the image",
            Self::Prepare => "Start the replicas",
            Self::Probe => "Check that they answer",
            Self::Switch => "Move the traffic",
            Self::Drain => "Let requests finish",
            Self::Watch => "Watch the new release",
            Self::Retire => "Stop the old release",
        }
    }

    /// The next step.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }
}

/// How a step or a deploy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should.
    Done,
    /// There was nothing to do, for example nothing to drain before a first release.
    Skipped,
    /// It could not be done; the reason is kept beside.
    Failed,
    /// A person stopped it.
    Cancelled,
}

impl Outcome {
    /// The word in the database and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The outcome with this word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Done, Self::Skipped, Self::Failed, Self::Cancelled].into_iter().find(|o| o.as_str() == word)
    }
}

/// One step of one deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Which.
    pub step: Step,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; absent while it is under way.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What it waits for while it is under way, or why it ended as it did; may be empty.
    pub detail: String,
}

/// Where a deploy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeployState {
    /// In this step.
    Under(Step),
    /// Something went wrong or a person cancelled it: the new release is being taken away, the old one has the traffic.
    Undoing,
    /// Ended: the release has the traffic, or had it until a later one came.
    Done,
    /// Ended: the old release has the traffic, and the new one is gone.
    Failed,
    /// Ended on a person's word: as failed.
    Cancelled,
}

impl DeployState {
    /// Whether it has ended.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// Whether the new release has the traffic, or is past the point at which it had.
    pub fn has_switched(self) -> bool {
        matches!(self, Self::Done) || matches!(self, Self::Under(step) if step > Step::Switch)
    }

    /// The word in the database: the step's while it is under way.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Under(step) => step.as_str(),
            Self::Undoing => "undoing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with this word.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "undoing" => Some(Self::Undoing),
            "done" => Some(Self::Done),
            "failed" => Some(Self::Failed),
            "cancelled" => Some(Self::Cancelled),
            step => Step::named(step).map(Self::Under),
        }
    }

    /// What is going on, as the end of a sentence.
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Under(Step::Resolve) => "its image is looked up",
            Self::Under(Step::Prepare) => "its replicas start",
            Self::Under(Step::Probe) => "its replicas are checked",
            Self::Under(Step::Switch) => "the traffic moves",
            Self::Under(Step::Drain) => "requests on the old release finish",
            Self::Under(Step::Watch) => "it has the traffic and is watched",
            Self::Under(Step::Retire) => "the old release stops",
            Self::Undoing => "it is taken back",
            Self::Done => "it is done",
            Self::Failed => "it failed",
            Self::Cancelled => "it was cancelled",
        }
    }
}

/// One attempt to bring a release into traffic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deploy {
    /// Never changes.
    pub id: DeployId,
    /// Of which app.
    pub app_id: AppId,
    /// The release that shall have the traffic.
    pub release_id: ReleaseId,
    /// That release's number.
    pub number: u32,
    /// The release that had it before.
    pub from_release: Option<ReleaseId>,
    /// Its number.
    pub from_number: Option<u32>,
    /// The stop that it ends, when it starts a stopped app: a failure goes back to that.
    pub from_stopped: Option<Stopped>,
    /// Where it stands.
    pub state: DeployState,
    /// The steps so far, in order.
    pub steps: Vec<StepRecord>,
    /// The headline of a failure: what went wrong, and what to do. Empty otherwise.
    pub reason: String,
    /// The last lines the app wrote, kept with a failure.
    pub last_lines: Vec<String>,
    /// Who pressed the button.
    pub started_by: String,
    /// When.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When somebody asked to cancel it.
    pub cancel_requested_at: Option<Timestamp>,
    /// Requests that failed on the way between the two releases, counted by the ingresses.
    pub lost_requests: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_state() {
        let states = Step::ALL.map(DeployState::Under).into_iter();
        for state in
            states.chain([DeployState::Undoing, DeployState::Done, DeployState::Failed, DeployState::Cancelled])
        {
            assert_eq!(DeployState::named(state.as_str()), Some(state));
        }
    }

    #[test]
    fn steps_are_ordered_as_they_happen() {
        assert!(Step::ALL.is_sorted());
        assert_eq!(Step::Prepare.next(), Some(Step::Probe));
        assert_eq!(Step::Retire.next(), None);
    }
}
