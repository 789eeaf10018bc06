use crate::{Settings, moment};
use domain::{Part, Side};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A numbered, immutable pair of image and settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Release {
    /// Counts up from 1 within the app.
    pub number: u32,
    /// The image as it was typed, without the tag.
    pub image: String,
    /// The tag as it was typed.
    pub tag: String,
    /// What that meant at the time.
    pub digest: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: String,
    /// Why; may be empty.
    pub reason: String,
    /// What it runs with.
    pub settings: Settings,
}

impl Release {
    /// A release; with the variables only for who may read them.
    pub fn of(release: domain::Release, shows_variables: bool) -> Self {
        Self {
            number: release.number,
            image: release.image.repository.to_string(),
            tag: release.image.tag.to_string(),
            digest: release.digest.to_string(),
            settings: Settings::of(release.number, &release.settings, shows_variables),
            made_by: release.made_by,
            made_at: moment(release.made_at),
            reason: release.reason,
        }
    }
}

/// One thing that two releases do not have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// `image`, `tag`, `digest`, `port`, `replicas`, `memory`, `cpu`, `health`, `command`, `variable` or `secret`.
    pub part: String,
    /// The name of the variable or secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `added`, `removed` or `changed`.
    pub change: String,
    /// What the one has. Absent when it has nothing, or when it is not for the eyes of who asks.
    pub before: Option<String>,
    /// What the other has, likewise.
    pub after: Option<String>,
}

impl From<&domain::Difference> for Difference {
    fn from(difference: &domain::Difference) -> Self {
        let (part, name) = match &difference.part {
            Part::Variable(name) => ("variable".to_owned(), Some(name.clone())),
            Part::Secret(name) => ("secret".to_owned(), Some(name.clone())),
            other => (other.label().to_lowercase(), None),
        };
        let shown = |side: &Side| match side {
            Side::Shown(text) => Some(text.clone()),
            Side::Absent | Side::Masked => None,
        };
        Self {
            part,
            name,
            change: difference.word().to_lowercase(),
            before: shown(&difference.before),
            after: shown(&difference.after),
        }
    }
}

/// Two releases side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Comparison {
    /// The number of the one.
    pub from: u32,
    /// The number of the other.
    pub to: u32,
    /// What they do not have in common.
    pub differences: Vec<Difference>,
}

impl From<domain::Comparison> for Comparison {
    fn from(comparison: domain::Comparison) -> Self {
        let differences = comparison.differences.iter().map(Difference::from).collect();
        Self { from: comparison.from.number, to: comparison.to.number, differences }
    }
}
