use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A project: apps of a team that reach each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Project {
    /// Never changes.
    pub id: String,
    /// Unique in its team.
    pub name: String,
    /// The id of its team.
    pub team_id: String,
    /// The name of its team.
    pub team: String,
    /// Whether the token's person may make apps in it.
    pub may_create_app: bool,
}

impl Project {
    /// As its owner's team calls it.
    pub fn of(project: domain::Project, team: &domain::Team, rights: domain::Rights) -> Self {
        Self {
            id: project.id.to_string(),
            name: project.name.to_string(),
            team_id: team.id.to_string(),
            team: team.name.to_string(),
            may_create_app: rights.may(domain::Action::CreateApp),
        }
    }
}

/// A project to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// The id of the team.
    pub team_id: String,
    /// A label of small letters, digits and hyphens.
    pub name: String,
}
