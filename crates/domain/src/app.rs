use crate::{
    AppId, AppName, Deploy, HostName, Project, Release, ReleaseId, Replica, Rights, Tag, Team, Timestamp, Who,
};
use serde::{Deserialize, Serialize};

/// One deployable thing. Its name is unique on the platform and is its host name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Never changes.
    pub id: AppId,
    /// The project whose private network it is in.
    pub project_id: crate::ProjectId,
    /// Its host name's first label.
    pub name: AppName,
    /// The release that has the traffic, once one had.
    pub active_release: Option<ReleaseId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was asked to go; the controller then takes its replicas away.
    pub deleted_at: Option<Timestamp>,
    /// Who stopped it; while it is stopped nothing of it runs, and its address says so.
    pub stopped: Option<Stopped>,
}

/// That an app was stopped: when, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// When.
    pub at: Timestamp,
    /// The address of a person.
    pub by: String,
}

/// How an app is, in one word for a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Never deployed.
    Empty,
    /// All wanted replicas answer.
    Well,
    /// A deploy is under way.
    Working,
    /// Fewer replicas answer than wanted.
    Unwell,
    /// Nothing answers.
    Broken,
    /// Somebody stopped it.
    Stopped,
}

/// How an app is, with the sentence that explains it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppState {
    /// In one word.
    pub health: Health,
    /// Such as “r43 serves with 2 of 3 replicas: no node has 2 GiB free.”
    pub sentence: String,
}

impl AppState {
    /// Judges an app by who stopped it, its active release, the replicas of that release and an unfinished deploy.
    pub fn of(
        stopped: Option<&Stopped>,
        active: Option<&Release>,
        replicas: &[Replica],
        deploying: Option<&Deploy>,
    ) -> Self {
        let state = |health, sentence: String| Self { health, sentence };
        if let Some(deploy) = deploying.filter(|deploy| !deploy.state.has_switched()) {
            return state(
                Health::Working,
                format!("r{} is being {}: {}.", deploy.number, deploy.verb(), deploy.state.doing()),
            );
        }
        if let Some(stopped) = stopped {
            let then = active.map(|active| format!(" r{} is what starts again.", active.number)).unwrap_or_default();
            return state(Health::Stopped, format!("Stopped by {}.{then}", stopped.by));
        }
        let Some(release) = active else {
            return state(Health::Empty, "Nothing has been deployed yet.".to_owned());
        };
        let wanted = usize::from(release.settings.replicas.get());
        let running = replicas.iter().filter(|r| r.is_running()).count();
        let because =
            replicas.iter().find_map(|r| r.reason.as_deref()).map(|why| format!(": {why}")).unwrap_or_default();
        match running {
            0 => state(Health::Broken, format!("r{} does not run{because}.", release.number)),
            n if n < wanted => {
                state(Health::Unwell, format!("r{} serves with {n} of {wanted} replicas{because}.", release.number))
            }
            1 => state(Health::Well, format!("r{} serves with 1 replica.", release.number)),
            n => state(Health::Well, format!("r{} serves with {n} replicas.", release.number)),
        }
    }
}

/// An app as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppCard {
    /// The app.
    pub app: App,
    /// The project it is in.
    pub project: Project,
    /// The team that owns the project.
    pub team: Team,
    /// Its address, with scheme and port.
    pub address: String,
    /// How it is.
    pub state: AppState,
    /// The release that has the traffic.
    pub release: Option<ReleaseMark>,
}

/// A release as lists show it: they hold many apps, and nobody reads settings there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseMark {
    /// Counts up by one, from 1, within the app.
    pub number: u32,
    /// Which image, in the word that people use for it.
    pub tag: Tag,
    /// When it was made.
    pub made_at: Timestamp,
}

impl From<&Release> for ReleaseMark {
    fn from(release: &Release) -> Self {
        Self { number: release.number, tag: release.image.tag.clone(), made_at: release.made_at }
    }
}

/// Everything the overview page of an app shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppOverview {
    /// The app with its place and state.
    pub card: AppCard,
    /// Its host name.
    pub host: HostName,
    /// Who may open it, without a list of people.
    pub who: Who,
    /// How many ask to be let in and are not; none for who could not let them in.
    pub asking: usize,
    /// What the person who asks may do here: the role that the team gave them.
    pub role: Rights,
    /// The replicas of all releases that have any.
    pub replicas: Vec<Replica>,
    /// Newest first.
    pub releases: Vec<Release>,
    /// Newest first, the one under way included.
    pub deploys: Vec<Deploy>,
}
