use crate::{Invitation, Person, Quota, Rights, Role, TeamId, TeamName, Timestamp, Used};
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
    /// Since when changes to its things are refused. What runs goes on.
    pub suspended_at: Option<Timestamp>,
}

impl Team {
    /// Why a change to its things is refused, when it is.
    pub fn suspension(&self) -> Option<String> {
        let since = self.suspended_at?.to_utc();
        Some(format!(
            "The team {} is suspended since {since}: its apps keep serving, changes are refused. An admin of the platform can lift that.",
            self.name
        ))
    }
}

/// A person in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// What they may do there.
    pub role: Role,
}

/// Everything the pages of a team show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamOverview {
    /// The team.
    pub team: Team,
    /// What the person who asks is here.
    pub role: Rights,
    /// The console's address, for links that are taken elsewhere.
    pub console: String,
    /// Who asks, so that a page can tell “you”.
    pub you: Person,
    /// By address. Empty for who may not see them.
    pub members: Vec<Member>,
    /// Who is asked to join, by address. Empty for who may not invite.
    pub invitations: Vec<Invitation>,
    /// How many projects stand in the way of deleting it.
    pub projects: u64,
    /// What it may use.
    pub quota: Quota,
    /// What it uses.
    pub used: Used,
}

impl TeamOverview {
    /// Whether this member is the only owner, who can neither leave nor be given another role.
    pub fn is_last_owner(&self, member: &Member) -> bool {
        member.role == Role::Owner && self.members.iter().filter(|other| other.role == Role::Owner).count() == 1
    }

    /// The membership of the person who asks.
    pub fn own(&self) -> Option<&Member> {
        self.members.iter().find(|member| member.person.id == self.you.id)
    }
}

/// A team in the list of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamCard {
    /// The team.
    pub team: Team,
    /// How many people belong to it.
    pub people: u64,
    /// How many live apps it has.
    pub apps: u64,
}

/// The teams that somebody may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamList {
    /// Those they belong to, with what they are there.
    pub own: Vec<(Team, Role)>,
    /// All of the platform, for who may see them.
    pub all: Option<Vec<TeamCard>>,
}
