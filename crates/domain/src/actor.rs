//! Who acts, and what they may do. One table, [`Role::may`], decides; `platform` asks it before every operation, and the
//! console asks it to know which buttons to show.

use crate::{Person, PersonId, TeamId};
use serde::{Deserialize, Serialize};

/// What somebody may be in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything but the values of variables.
    Viewer,
    /// May do everything in the team.
    Owner,
}

impl Role {
    /// All roles, from the weakest.
    pub const ALL: [Self; 2] = [Self::Viewer, Self::Owner];

    /// The word in the database and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Owner => "owner",
        }
    }

    /// The role with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The permission table. There is no other place that decides.
    pub const fn may(self, action: Action) -> bool {
        match action {
            Action::See | Action::ReadLogs => matches!(self, Self::Viewer | Self::Owner),
            Action::ReadVariables
            | Action::CreateProject
            | Action::DeleteProject
            | Action::CreateApp
            | Action::Deploy
            | Action::CancelDeploy
            | Action::RollBack
            | Action::ChangeSettings
            | Action::RevealSecret
            | Action::DeleteApp => matches!(self, Self::Owner),
        }
    }
}

/// What can be done to the things of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Know that it is there, and how it is.
    See,
    /// Read what the replicas write.
    ReadLogs,
    /// Read the values of variables.
    ReadVariables,
    /// Make a project.
    CreateProject,
    /// Delete a project with its apps.
    DeleteProject,
    /// Make an app.
    CreateApp,
    /// Make a release and bring it into traffic.
    Deploy,
    /// Stop a deploy that is under way.
    CancelDeploy,
    /// Bring an earlier release back.
    RollBack,
    /// Make a release of the same image with other settings.
    ChangeSettings,
    /// See the value of a secret, for a reason that is written down.
    RevealSecret,
    /// Delete an app.
    DeleteApp,
}

impl Action {
    /// All actions, in the order of the permission table.
    pub const ALL: [Self; 12] = [
        Self::See,
        Self::ReadLogs,
        Self::ReadVariables,
        Self::CreateProject,
        Self::DeleteProject,
        Self::CreateApp,
        Self::Deploy,
        Self::CancelDeploy,
        Self::RollBack,
        Self::ChangeSettings,
        Self::RevealSecret,
        Self::DeleteApp,
    ];

    /// What it is called in a refusal: “You may not … here.”
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::See => "see this",
            Self::ReadLogs => "read logs",
            Self::ReadVariables => "read variables",
            Self::CreateProject => "create a project",
            Self::DeleteProject => "delete a project",
            Self::CreateApp => "create an app",
            Self::Deploy => "deploy",
            Self::CancelDeploy => "cancel a deploy",
            Self::RollBack => "roll back",
            Self::ChangeSettings => "change settings",
            Self::RevealSecret => "reveal a secret",
            Self::DeleteApp => "delete an app",
        }
    }
}

/// Why something was refused: what, and which role it would take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("You may not {} here: it takes the role {}, and you are {}. An owner of the team can change that.",
    .action.phrase(), .needed.as_str(), .role.as_str())]
pub struct Refusal {
    /// What was tried.
    pub action: Action,
    /// The role of the one who tried.
    pub role: Role,
    /// The weakest role that may.
    pub needed: Role,
}

/// By which door somebody came, and from where; for the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// `console`, `api`, `ssh` or `job`.
    pub door: String,
    /// The address of the other side, where there is one.
    pub address: String,
}

/// Somebody who is signed in, with the roles they hold at this moment. Made by `platform` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who.
    pub person: Person,
    /// Their role in each team they belong to.
    pub roles: Vec<(TeamId, Role)>,
    /// How they came.
    pub origin: Origin,
}

impl Actor {
    /// Their id.
    pub fn id(&self) -> PersonId {
        self.person.id
    }

    /// Their role in a team; none means that the team is not there for them.
    pub fn role_in(&self, team: TeamId) -> Option<Role> {
        self.roles.iter().find(|(id, _)| *id == team).map(|(_, role)| *role)
    }
}

impl Role {
    /// Asks the table and explains a no.
    ///
    /// # Errors
    /// A refusal that names the role it would take.
    pub fn check(self, action: Action) -> Result<(), Refusal> {
        if self.may(action) {
            return Ok(());
        }
        let needed = Self::ALL.into_iter().find(|role| role.may(action)).unwrap_or(Self::Owner);
        Err(Refusal { action, role: self, needed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_reads_and_changes_nothing() {
        let may: Vec<_> = Action::ALL.into_iter().filter(|action| Role::Viewer.may(*action)).collect();
        assert_eq!(may, [Action::See, Action::ReadLogs]);
    }

    #[test]
    fn every_action_can_be_done_by_somebody() {
        assert!(Action::ALL.into_iter().all(|action| Role::ALL.into_iter().any(|role| role.may(action))));
    }

    #[test]
    fn a_refusal_says_who_could() {
        let refusal = Role::Viewer.check(Action::Deploy).expect_err("a viewer may not deploy");
        assert_eq!(
            refusal.to_string(),
            "You may not deploy here: it takes the role owner, and you are viewer. An owner of the team can change that."
        );
    }
}
