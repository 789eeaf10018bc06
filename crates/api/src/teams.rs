use crate::moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A team that the token's person belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Team {
    /// Never changes.
    pub id: String,
    /// Unique on the platform.
    pub name: String,
    /// What the person is there: `owner`, `developer`, `operator`, `viewer` or `billing`.
    pub role: String,
    /// Since when changes to its things are refused.
    pub suspended_at: Option<String>,
}

impl From<(domain::Team, domain::Role)> for Team {
    fn from((team, role): (domain::Team, domain::Role)) -> Self {
        Self {
            id: team.id.to_string(),
            name: team.name.to_string(),
            role: role.as_str().to_owned(),
            suspended_at: team.suspended_at.map(moment),
        }
    }
}

/// A team to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// A label of small letters, digits and hyphens.
    pub name: String,
}
