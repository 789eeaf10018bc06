//! Who somebody can be: in a team, on the platform, or as a token.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What somebody may be in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees which apps there are and what they cost, and nothing else of them.
    Billing,
    /// Reads everything but the values of variables.
    Viewer,
    /// Keeps apps running: restarts, scales, rolls back.
    Operator,
    /// Makes, deploys and changes apps.
    Developer,
    /// May do everything in the team, and says who else belongs to it.
    Owner,
}

impl Role {
    /// All roles, from the weakest.
    pub const ALL: [Self; 5] = [Self::Billing, Self::Viewer, Self::Operator, Self::Developer, Self::Owner];

    /// The word in the database and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Billing => "billing",
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Developer => "developer",
            Self::Owner => "owner",
        }
    }

    /// The role with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What it is for, in a few words.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Billing => "sees which apps there are and what they cost",
            Self::Viewer => "reads everything but variables",
            Self::Operator => "restarts, scales, rolls back, reads logs",
            Self::Developer => "makes, deploys and changes apps",
            Self::Owner => "everything, and who else belongs to the team",
        }
    }
}

/// What somebody may be on the platform, beside what they are in teams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    /// Sees what everything costs and sets the rates for it, and nothing else.
    Finance,
    /// Reads everything of every team but variables and secrets; changes nothing.
    Auditor,
    /// Runs the platform: teams, their limits, who has which role.
    Admin,
}

impl PlatformRole {
    /// All, from the weakest.
    pub const ALL: [Self; 3] = [Self::Finance, Self::Auditor, Self::Admin];

    /// The word in the database and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Finance => "finance",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// The role with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What it is for, in a few words.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Finance => "sees what every team's apps cost, sets rates",
            Self::Auditor => "reads every team but variables, changes nothing",
            Self::Admin => "runs the platform: teams, their limits and people",
        }
    }
}

/// A column of the permission table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Somebody in a team.
    Team(Role),
    /// Somebody on the platform, in every team.
    Platform(PlatformRole),
    /// A token that deploys one app.
    DeployToken,
}

impl Subject {
    /// All, each kind from the weakest.
    pub const ALL: [Self; 9] = [
        Self::Team(Role::Billing),
        Self::Team(Role::Viewer),
        Self::Team(Role::Operator),
        Self::Team(Role::Developer),
        Self::Team(Role::Owner),
        Self::Platform(PlatformRole::Finance),
        Self::Platform(PlatformRole::Auditor),
        Self::Platform(PlatformRole::Admin),
        Self::DeployToken,
    ];

    /// What it is called.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Team(role) => role.as_str(),
            Self::Platform(role) => role.as_str(),
            Self::DeployToken => "deploy token",
        }
    }

    /// What it is for, in a few words.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Team(role) => role.purpose(),
            Self::Platform(role) => role.purpose(),
            Self::DeployToken => "deploys one app, and nothing else",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for PlatformRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
