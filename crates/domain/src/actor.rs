//! Who acts, with what they may do at this moment. `platform` asks [`Rights`] before every operation, and the console asks
//! them to know which buttons to show; both end in the permission table, [`Action::allowed`].

use crate::{Action, App, AppId, Email, Person, PersonId, PlatformRole, Role, Subject, TeamId, Token};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What somebody is towards one team: what the team gave them, and what they are on the platform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rights {
    /// Their role in the team.
    pub team: Option<Role>,
    /// Their role on the platform.
    pub platform: Option<PlatformRole>,
    /// Whether it is a token that deploys the app in question.
    #[serde(default)]
    pub token: bool,
}

impl Rights {
    /// Asks the permission table; one role that may is enough.
    pub fn may(self, action: Action) -> bool {
        self.held().any(|subject| subject.may(action))
    }

    /// Asks the table and explains a no.
    ///
    /// # Errors
    /// A refusal that names the role it would take. Who can give it is for `platform` to add.
    pub fn check(self, action: Action) -> Result<(), Refusal> {
        if self.may(action) {
            return Ok(());
        }
        Err(Refusal { action, held: self, needed: Self::needed_for(action), givers: Vec::new() })
    }

    /// The weakest role that may.
    pub fn needed_for(action: Action) -> Subject {
        Subject::ALL.into_iter().find(|subject| subject.may(action)).unwrap_or(Subject::Team(Role::Owner))
    }

    /// Whether this column of the table is theirs.
    pub fn has(self, subject: Subject) -> bool {
        self.held().any(|held| held == subject)
    }

    fn held(self) -> impl Iterator<Item = Subject> {
        let token = self.token.then_some(Subject::DeployToken);
        self.team.map(Subject::Team).into_iter().chain(self.platform.map(Subject::Platform)).chain(token)
    }
}

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.team, self.platform) {
            (Some(team), None) => write!(f, "{team}"),
            (None, Some(platform)) => write!(f, "the platform's {platform}"),
            (Some(team), Some(platform)) => write!(f, "{team}, and the platform's {platform}"),
            (None, None) if self.token => f.write_str("a deploy token"),
            (None, None) => f.write_str("without a role"),
        }
    }
}

/// Why something was refused: what, which role it would take, and who can give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was tried.
    pub action: Action,
    /// What the one who tried is.
    pub held: Rights,
    /// The weakest role that may.
    pub needed: Subject,
    /// The team's owners. Empty for what only the platform's admins give.
    pub givers: Vec<Email>,
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, held) = (self.action.phrase(), self.held);
        if held.token {
            return write!(f, "You may not {what} with this token: it deploys one app, and nothing else.");
        }
        match self.needed {
            Subject::Platform(role) => {
                write!(
                    f,
                    "You may not {what}: it takes the platform's role {role}. An admin of the platform can give it."
                )
            }
            needed => {
                write!(f, "You may not {what} here: it takes the role {needed}, and you are {held}. ")?;
                match self.givers.as_slice() {
                    [] => f.write_str("An owner of the team can change that."),
                    [one] => write!(f, "{one} can change that."),
                    [one, two] => write!(f, "{one} or {two} can change that."),
                    [one, two, ..] => write!(f, "{one}, {two} or another owner of the team can change that."),
                }
            }
        }
    }
}

/// By which door somebody came, and from where; for the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// `console`, `api`, `ssh` or `job`.
    pub door: String,
    /// The address of the other side, where there is one.
    pub address: String,
    /// The hash of the session they came with, where there is one.
    pub session: Option<String>,
}

/// Somebody who is signed in, with the roles they hold at this moment. Made by `platform` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Who, with their role on the platform.
    pub person: Person,
    /// Their role in each team they belong to.
    pub roles: Vec<(TeamId, Role)>,
    /// How they came.
    pub origin: Origin,
    /// The token they came with, where they did.
    pub token: Option<Token>,
}

impl Actor {
    /// Their id.
    pub fn id(&self) -> PersonId {
        self.person.id
    }

    /// Their role in a team.
    pub fn role_in(&self, team: TeamId) -> Option<Role> {
        self.roles.iter().find(|(id, _)| *id == team).map(|(_, role)| *role)
    }

    /// What they are towards a team. Who may not even see it is to be told that it is not there.
    pub fn rights_in(&self, team: TeamId) -> Rights {
        Rights { team: self.role_in(team), ..self.platform_rights() }
    }

    /// What they are towards the platform itself.
    pub fn platform_rights(&self) -> Rights {
        Rights { team: None, platform: self.person.platform_role, token: false }
    }

    /// The one app they deploy, when that is all they may do.
    pub fn deploys(&self) -> Option<AppId> {
        self.token.as_ref().and_then(Token::deploys)
    }

    /// What they are towards an app of a team.
    pub fn rights_on(&self, app: &App, team: TeamId) -> Rights {
        match self.deploys() {
            Some(only) => Rights { token: only == app.id, ..Rights::default() },
            None => self.rights_in(team),
        }
    }

    /// The person behind: who came themselves, or who made the token that came.
    pub fn behind(&self) -> PersonId {
        self.token.as_ref().map_or(self.person.id, |token| token.person)
    }

    /// As it is written below what they did: the person's address, and which token deploys for them.
    pub fn by(&self) -> String {
        match &self.token {
            Some(token) if token.deploys().is_some() => format!("{}, token {}", token.made_by, token.name),
            _ => self.person.email.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEWER: Rights = Rights { team: Some(Role::Viewer), platform: None, token: false };

    fn refusal(rights: Rights, action: Action, givers: &[&str]) -> String {
        let mut refusal = rights.check(action).expect_err("it is refused");
        refusal.givers = givers.iter().map(|giver| giver.parse().expect("an address")).collect();
        refusal.to_string()
    }

    #[test]
    fn a_refusal_says_what_it_takes_and_who_can_give_it() {
        assert_eq!(
            refusal(VIEWER, Action::Deploy, &["ada@example.com"]),
            "You may not deploy here: it takes the role developer, and you are viewer. ada@example.com can change that."
        );
        assert_eq!(
            refusal(VIEWER, Action::RollBack, &["ada@example.com", "bob@example.com", "cy@example.com"]),
            "You may not roll back here: it takes the role operator, and you are viewer. ada@example.com, \
             bob@example.com or another owner of the team can change that."
        );
    }

    #[test]
    fn what_belongs_to_the_platform_is_given_by_its_admins() {
        assert_eq!(
            refusal(VIEWER, Action::SetQuota, &[]),
            "You may not change the team's limits: it takes the platform's role admin. An admin of the platform can give it."
        );
    }

    #[test]
    fn two_roles_may_what_either_may() {
        let rights = Rights { team: Some(Role::Billing), platform: Some(PlatformRole::Auditor), token: false };
        assert!(rights.may(Action::ReadLogs) && rights.may(Action::SeeCost) && !rights.may(Action::Deploy));
        assert_eq!(rights.to_string(), "billing, and the platform's auditor");
    }

    #[test]
    fn a_token_is_told_what_it_is_and_no_address_of_anybody() {
        let token = Rights { token: true, ..Rights::default() };
        assert!(token.may(Action::Deploy) && !token.may(Action::ReadLogs));
        assert_eq!(
            refusal(token, Action::ReadLogs, &["ada@example.com"]),
            "You may not read logs with this token: it deploys one app, and nothing else."
        );
    }

    #[test]
    fn who_has_no_role_may_nothing() {
        assert!(Action::ALL.iter().all(|action| !Rights::default().may(*action)));
    }
}
