//! Apps as lists show them. A list asks the store as often for a thousand apps as for one.

use crate::{Platform, Result, observed::ByRelease};
use domain::{
    Action, App, AppCard, AppId, AppState, Deploy, HostName, Project, ProjectOverview, Release, ReleaseId, ReleaseMark,
    Rights, Team,
};
use std::collections::HashMap;
use std::sync::Arc;

/// A project with its team, and what who asks may do there.
pub(crate) type Mine = (Project, Team, Rights);

/// All that the cards of some projects are made of.
struct Facts {
    releases: HashMap<ReleaseId, Release>,
    deploys: HashMap<AppId, Deploy>,
    seen: Arc<ByRelease>,
}

impl Platform {
    /// Projects with their apps, by name, in the order given.
    pub(crate) async fn overviews(&self, mine: Vec<Mine>) -> Result<Vec<ProjectOverview>> {
        let ids: Vec<_> = mine.iter().map(|(project, ..)| project.id).collect();
        let store = &self.parts.store;
        let mut apps = HashMap::<_, Vec<App>>::new();
        for app in store.apps().of_projects(&ids).await? {
            apps.entry(app.project_id).or_default().push(app);
        }
        let releases = store.releases().active_in(&ids).await?.into_iter().map(|stored| stored.release);
        let deploys = store.deploys().unfinished_in(&ids).await?;
        let facts = Facts {
            releases: releases.map(|release| (release.id, release)).collect(),
            deploys: deploys.into_iter().map(|deploy| (deploy.app_id, deploy)).collect(),
            seen: self.last_seen().await,
        };
        let overview = |mine: Mine| {
            let of_it = apps.remove(&mine.0.id).unwrap_or_default().into_iter();
            let apps = of_it.map(|app| self.card(app, &mine, &facts)).collect();
            let (project, team, role) = mine;
            ProjectOverview { project, team, role, apps }
        };
        Ok(mine.into_iter().map(overview).collect())
    }

    /// One app.
    pub(crate) async fn card_of(&self, app: App, mine: &Mine) -> Result<AppCard> {
        let store = &self.parts.store;
        let release = match app.active_release {
            Some(id) => store.releases().by_id(id).await?.map(|stored| (id, stored.release)),
            None => None,
        };
        let deploy = store.deploys().unfinished_of(app.id).await?.map(|deploy| (app.id, deploy));
        let facts = Facts {
            releases: release.into_iter().collect(),
            deploys: deploy.into_iter().collect(),
            seen: self.last_seen().await,
        };
        Ok(self.card(app, mine, &facts))
    }

    fn card(&self, app: App, (project, team, role): &Mine, facts: &Facts) -> AppCard {
        let release = app.active_release.and_then(|id| facts.releases.get(&id));
        let replicas = release.and_then(|release| facts.seen.get(&release.id)).map_or(&[][..], Vec::as_slice);
        let state = AppState::of(app.stopped.as_ref(), release, replicas, facts.deploys.get(&app.id));
        let address = self.parts.config.address(&HostName::of_app(&app.name, &self.parts.config.base_domain));
        let release = release.map(ReleaseMark::from);
        let card = AppCard { app, project: project.clone(), team: team.clone(), address, state, release };
        if role.may(Action::Inspect) { card } else { outside(card) }
    }
}

/// What of an app is for people who only see that it is there.
fn outside(card: AppCard) -> AppCard {
    let state = AppState { health: card.state.health, sentence: String::new() };
    AppCard { state, release: None, ..card }
}
