use crate::{Difference, SettingsChange, moment};
use domain::{Outcome, StepState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What shall be deployed. What is left out stays as the last release has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeployRequest {
    /// The image, such as `registry.example.com/team/shop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The tag. It may also stand behind the image, after a colon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Why, for the list of releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Settings that shall change on the way. A deploy token may change none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<SettingsChange>,
    /// Why it shall happen although the project is frozen. Owners may say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub despite: Option<String>,
}

impl From<DeployRequest> for domain::DeployForm {
    fn from(request: DeployRequest) -> Self {
        Self {
            image: request.image.unwrap_or_default(),
            tag: request.tag.unwrap_or_default(),
            reason: request.reason.unwrap_or_default(),
            settings: request.settings.unwrap_or_default().into(),
            despite: request.despite.unwrap_or_default(),
        }
    }
}

/// One attempt to bring a release into traffic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deploy {
    /// Never changes.
    pub id: String,
    /// The number of the release that shall have the traffic.
    pub release: u32,
    /// The number of the release that had it before.
    pub from: Option<u32>,
    /// A step (`resolve`, `prepare`, `probe`, `switch`, `drain`, `watch`, `retire`), `undoing`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// Whether it has ended.
    pub is_over: bool,
    /// Whether the new release has the traffic.
    pub has_traffic: bool,
    /// What happened or is happening, in a sentence or two.
    pub headline: String,
    /// What a deploy that did not arrive left behind.
    pub aftermath: Option<String>,
    /// The last lines that the app wrote, kept with a failure.
    pub last_lines: Vec<String>,
    /// All steps, in order.
    pub steps: Vec<Step>,
    /// Who began it.
    pub started_by: String,
    /// When.
    pub started_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// How many requests failed on the way.
    pub lost_requests: u64,
}

/// One step of a deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// Such as `probe`.
    pub step: String,
    /// What happens in it.
    pub title: String,
    /// `pending`, `working`, `done`, `skipped`, `failed` or `cancelled`.
    pub state: String,
    /// How long it took, once it has ended.
    pub millis: Option<i64>,
    /// What it waits for, or why it ended so.
    pub detail: String,
}

impl From<domain::Deploy> for Deploy {
    fn from(deploy: domain::Deploy) -> Self {
        Self {
            id: deploy.id.to_string(),
            release: deploy.number,
            from: deploy.from_number,
            state: deploy.state.as_str().to_owned(),
            is_over: deploy.state.is_over(),
            has_traffic: deploy.state.has_switched(),
            headline: deploy.headline(),
            aftermath: deploy.aftermath(),
            steps: deploy.timeline().into_iter().map(Step::from).collect(),
            started_at: moment(deploy.started_at),
            ended_at: deploy.ended_at.map(moment),
            lost_requests: deploy.lost_requests,
            last_lines: deploy.last_lines,
            started_by: deploy.started_by,
        }
    }
}

impl From<domain::TimelineStep> for Step {
    fn from(step: domain::TimelineStep) -> Self {
        let state = match step.state {
            StepState::Pending => "pending",
            StepState::Working => "working",
            StepState::Ended(outcome) => Outcome::as_str(outcome),
        };
        Self {
            step: step.step.as_str().to_owned(),
            title: step.step.title().to_owned(),
            state: state.to_owned(),
            millis: step.millis,
            detail: step.detail,
        }
    }
}

/// What a deploy or a change would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Review {
    /// The number of the release that it starts from; 0 for a first one.
    pub base: u32,
    /// The number that the new release would have.
    pub next: u32,
    /// What becomes different.
    pub differences: Vec<Difference>,
}

impl From<domain::Review> for Review {
    fn from(review: domain::Review) -> Self {
        let differences = review.differences.iter().map(Difference::from).collect();
        Self { base: review.base, next: review.next, differences }
    }
}
