//! Tells open pages that something they show is different now.

use crate::{Platform, Result};
use domain::{Action, Actor, AppId, Change, PersonId, ProjectId, TeamId};
use std::collections::HashSet;
use tokio::sync::broadcast;

/// How many changes a slow page may fall behind before it is told to look at everything again.
const BACKLOG: usize = 256;

/// The stream of changes. It carries ids only: who listens asks again with their own permission.
#[derive(Debug, Clone)]
pub struct Live {
    changes: broadcast::Sender<Change>,
    /// People whose roles or sessions are different now.
    rights: broadcast::Sender<PersonId>,
}

impl Default for Live {
    fn default() -> Self {
        Self { changes: broadcast::channel(BACKLOG).0, rights: broadcast::channel(BACKLOG).0 }
    }
}

impl Live {
    /// Says that something changed. Nobody listening is no error.
    pub fn tell(&self, change: Change) {
        let _nobody_listens = self.changes.send(change);
    }

    /// Changes from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Says that what somebody may, or where they are signed in, is different now.
    pub fn tell_rights_changed(&self, person: PersonId) {
        let _nobody_listens = self.rights.send(person);
    }

    /// People of whom that is said from now on.
    pub(crate) fn listen_to_rights(&self) -> broadcast::Receiver<PersonId> {
        self.rights.subscribe()
    }

    /// Waits until it is. What was opened with somebody's rights ends then, and is asked for again.
    pub fn rights_change(&self, person: PersonId) -> impl Future<Output = ()> + Send + use<> {
        let mut rights = self.rights.subscribe();
        async move {
            loop {
                match rights.recv().await {
                    Ok(changed) if changed != person => {}
                    _ => return,
                }
            }
        }
    }
}

/// What one listener may hear of.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    apps: HashSet<AppId>,
    projects: HashSet<ProjectId>,
    teams: HashSet<TeamId>,
    all_teams: bool,
}

impl Scope {
    /// Whether the listener hears of it.
    pub fn covers(&self, change: Change) -> bool {
        match change {
            Change::App(id) => self.apps.contains(&id),
            Change::Project(id) => self.projects.contains(&id),
            Change::Team(id) => self.all_teams || self.teams.contains(&id),
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
            return Ok(Scope { apps: [app.id].into(), ..Scope::default() });
        }
        let home = self.home(actor).await?;
        let apps = home.projects.iter().flat_map(|p| &p.apps).map(|card| card.app.id).collect();
        Ok(Scope {
            apps,
            projects: home.projects.iter().map(|p| p.project.id).collect(),
            teams: home.teams.iter().map(|(team, _)| team.id).collect(),
            all_teams: actor.platform_rights().may(Action::SeePeople),
        })
    }
}
