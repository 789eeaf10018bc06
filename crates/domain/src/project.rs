use crate::{AppCard, Freeze, ProjectId, ProjectName, Rights, Team, TeamId, Timestamp};
use serde::{Deserialize, Serialize};

/// Holds apps of a team that reach each other: one private network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Never changes.
    pub id: ProjectId,
    /// Whose it is.
    pub team_id: TeamId,
    /// Unique in the team.
    pub name: ProjectName,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was asked to go; the controller then takes its network away.
    pub deleted_at: Option<Timestamp>,
    /// Why nobody makes releases in it for a while.
    pub freeze: Option<Freeze>,
}

/// Everything the page of a project shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectOverview {
    /// The project.
    pub project: Project,
    /// The team it belongs to.
    pub team: Team,
    /// What the person who asks may do here.
    pub role: Rights,
    /// Its apps, by name.
    pub apps: Vec<AppCard>,
}
