use crate::{Deploy, DeployRequest, moment};
use domain::{AppCard, AppOverview, Health};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An app as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct App {
    /// Never changes.
    pub id: String,
    /// Unique on the platform, and its host name.
    pub name: String,
    /// The name of its project.
    pub project: String,
    /// The name of its team.
    pub team: String,
    /// Where it answers.
    pub address: String,
    /// `empty`, `well`, `working`, `unwell` or `broken`.
    pub health: String,
    /// How it is, in a sentence.
    pub state: String,
    /// The release that has the traffic.
    pub release: Option<ReleaseMark>,
}

/// A release as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseMark {
    /// Counts up from 1 within the app.
    pub number: u32,
    /// The tag of its image.
    pub tag: String,
    /// When it was made.
    pub made_at: String,
}

impl From<AppCard> for App {
    fn from(card: AppCard) -> Self {
        let mark = |mark: domain::ReleaseMark| ReleaseMark {
            number: mark.number,
            tag: mark.tag.to_string(),
            made_at: moment(mark.made_at),
        };
        Self {
            id: card.app.id.to_string(),
            name: card.app.name.to_string(),
            project: card.project.name.to_string(),
            team: card.team.name.to_string(),
            address: card.address,
            health: health(card.state.health).to_owned(),
            state: card.state.sentence,
            release: card.release.map(mark),
        }
    }
}

const fn health(health: Health) -> &'static str {
    match health {
        Health::Empty => "empty",
        Health::Well => "well",
        Health::Working => "working",
        Health::Unwell => "unwell",
        Health::Broken => "broken",
        Health::Stopped => "stopped",
    }
}

/// An app with what runs of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppDetail {
    /// The app.
    pub app: App,
    /// The replicas of all its releases that have any.
    pub replicas: Vec<Replica>,
    /// The deploy that is under way.
    pub deploying: Option<Deploy>,
}

/// One running copy of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Replica {
    /// The number of its release.
    pub release: u32,
    /// Its place among its siblings, from 1.
    pub slot: u32,
    /// The node it is on.
    pub node: Option<String>,
    /// `pending`, `preparing`, `running`, `stopped` or `failed`.
    pub state: String,
    /// Why it does not run.
    pub reason: Option<String>,
    /// Since when it is so.
    pub since: String,
}

impl From<AppOverview> for AppDetail {
    fn from(overview: AppOverview) -> Self {
        let placed = overview.replicas_by_node().into_iter().flat_map(|(_, replicas)| replicas);
        let replicas = placed.map(|(release, replica)| Replica {
            release,
            slot: replica.slot,
            node: replica.node.clone(),
            state: format!("{:?}", replica.state).to_lowercase(),
            reason: replica.ending(),
            since: moment(replica.since),
        });
        Self {
            replicas: replicas.collect(),
            deploying: overview.deploying().cloned().map(Deploy::from),
            app: overview.card.into(),
        }
    }
}

/// An app to come, with its first deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApp {
    /// A label of small letters, digits and hyphens: its host name.
    pub name: String,
    /// The id of the project.
    pub project_id: String,
    /// Its first deploy.
    pub deploy: DeployRequest,
}

impl From<NewApp> for domain::NewApp {
    fn from(new: NewApp) -> Self {
        Self { name: new.name, deploy: new.deploy.into() }
    }
}
