//! What pages and commands ask for and get: forms that nobody has checked yet, and answers put together for one look.

use crate::{AppId, Digest, Invitation, ProjectId, ProjectOverview, Role, SettingsForm, Tag, Team, TeamId, Timestamp};
use serde::{Deserialize, Serialize};

/// What everybody may know of the platform, signed in or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformInfo {
    /// Whether the orchestrator is the in-memory fake: nothing runs on Docker.
    pub is_demo: bool,
    /// The base domain with the port, when it is not the scheme's own: `localhost:8080`.
    pub base_address: String,
    /// The identity provider's display name; none when people sign in by a link from the terminal.
    pub sign_in: Option<String>,
}

/// Everything a person's first page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Their teams, with what they are there.
    pub teams: Vec<(Team, Role)>,
    /// The projects of these teams, with their apps.
    pub projects: Vec<ProjectOverview>,
    /// Teams that ask them to join.
    pub invitations: Vec<Invitation>,
}

/// A new app with its first deploy, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApp {
    /// The wanted name.
    pub name: String,
    /// The first deploy.
    pub deploy: DeployForm,
}

/// A deploy, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeployForm {
    /// The repository: `registry.example.com/team/shop`. Empty: as the last release.
    pub image: String,
    /// The tag. It may also stand behind the image, after a colon.
    pub tag: String,
    /// What shall differ from the last release's settings.
    pub settings: SettingsForm,
    /// Why, for the list of releases; may be empty.
    pub reason: String,
    /// Why it is made although the project is frozen; empty where nobody overrides a freeze.
    pub despite: String,
}

/// A tag that can be picked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagView {
    /// The tag.
    pub tag: Tag,
    /// What it leads to, where known without asking for each.
    pub digest: Option<Digest>,
    /// Bytes, where known.
    pub size: Option<u64>,
    /// When the image was made, where known.
    pub made_at: Option<Timestamp>,
}

/// Something that a page may be showing is different now. It carries no content: who sees the page asks again, by the
/// same door and with the same permission as the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// An app: its state, replicas, releases, or the steps of a deploy.
    App(AppId),
    /// A project: its apps.
    Project(ProjectId),
    /// A team: its people, name, limits.
    Team(TeamId),
}
