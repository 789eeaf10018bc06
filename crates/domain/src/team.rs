use crate::{Person, Role, TeamId, TeamName, Timestamp};
use serde::{Deserialize, Serialize};

/// The tenant: people with roles, and their projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Never changes.
    pub id: TeamId,
    /// Unique on the platform.
    pub name: TeamName,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A person in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// What they may do there.
    pub role: Role,
}
