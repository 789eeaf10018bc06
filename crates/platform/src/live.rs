//! Tells open pages that something they show is different now.

use crate::{Platform, Result};
use domain::{Actor, AppId, Change, ProjectId};
use std::collections::HashSet;
use tokio::sync::broadcast;

/// How many changes a slow page may fall behind before it is told to look at everything again.
const BACKLOG: usize = 256;

/// The stream of changes. It carries ids only: who listens asks again with their own permission.
#[derive(Debug, Clone)]
pub struct Live(broadcast::Sender<Change>);

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Live {
    /// Says that something changed. Nobody listening is no error.
    pub fn tell(&self, change: Change) {
        let _nobody_listens = self.0.send(change);
    }

    /// Changes from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}

/// What one listener may hear of.
#[derive(Debug, Clone)]
pub struct Scope {
    apps: HashSet<AppId>,
    projects: HashSet<ProjectId>,
}

impl Scope {
    /// Whether the listener hears of it.
    pub fn covers(&self, change: Change) -> bool {
        match change {
            Change::App(id) => self.apps.contains(&id),
            Change::Project(id) => self.projects.contains(&id),
        }
    }
}

impl Platform {
    /// What an actor may hear of: one app, or everything they may see at this moment.
    ///
    /// # Errors
    /// The app is not there for the actor.
    pub async fn scope(&self, actor: &Actor, app: Option<&str>) -> Result<Scope> {
        if let Some(name) = app {
            let app = self.reach_app(actor, name).await?.thing;
            return Ok(Scope { apps: [app.id].into(), projects: HashSet::new() });
        }
        let home = self.home(actor).await?;
        let apps = home.projects.iter().flat_map(|p| &p.apps).map(|card| card.app.id).collect();
        Ok(Scope { apps, projects: home.projects.iter().map(|p| p.project.id).collect() })
    }
}
