//! The route table: computed from what is in the store and what runs, pushed to every ingress.

use crate::gate::teams_of;
use crate::{Error, Platform, Result};
use domain::routing::{Endpoint, Generation, OtherHost, Pool, Route, RouteTable};
use domain::{Access, App, HostName, Project, ProjectId, Release, ReleaseId, Replica, ReplicaState, TeamId, Who};
use std::collections::{HashMap, HashSet};
use tokio::sync::Mutex;

const COUNTER: &str = "route_table";

/// Computes and pushes tables. There is one, so that generations follow each other.
pub(super) struct Routes {
    platform: Platform,
    /// The last one that was decided on.
    in_force: Mutex<RouteTable>,
    /// Releases never change, so each is read once.
    known: std::sync::Mutex<HashMap<ReleaseId, Release>>,
}

impl Routes {
    pub fn new(platform: Platform) -> Self {
        Self { platform, in_force: Mutex::default(), known: std::sync::Mutex::default() }
    }

    /// Brings the table that follows from the present state into force on every ingress. When this returns well, each of
    /// them has acknowledged it.
    pub async fn refresh(&self) -> Result<()> {
        let mut in_force = self.in_force.lock().await;
        let wanted = self.compute().await?;
        self.bring_into_force(&mut in_force, wanted).await
    }

    /// The same for what visitors are checked by alone: who runs where is not asked, and stays as it is.
    pub async fn refresh_gate(&self) -> Result<()> {
        let mut in_force = self.in_force.lock().await;
        if in_force.generation == Generation::default() {
            return Ok(());
        }
        let mut wanted = in_force.clone();
        self.put_gate(&mut wanted).await?;
        self.bring_into_force(&mut in_force, wanted).await
    }

    async fn bring_into_force(&self, in_force: &mut RouteTable, mut wanted: RouteTable) -> Result<()> {
        wanted.generation = in_force.generation;
        if wanted != *in_force || wanted.generation == Generation::default() {
            wanted.generation = self.next_generation().await?;
        }
        // Kept before it is pushed: an ingress that takes it while another does not must never be given an older one again.
        *in_force = wanted;
        self.push(in_force).await
    }

    /// A number above all that this store and the ingresses have seen: after a restore the ingresses may be ahead.
    async fn next_generation(&self) -> Result<Generation> {
        let mut highest = 0;
        for ingress in &self.platform.parts.ingresses {
            highest = highest.max(ingress.status().await.map_err(unavailable)?.generation.0);
        }
        loop {
            let next = write!(self.platform, tx => tx.counters().next(COUNTER));
            if next > highest {
                return Ok(Generation(next));
            }
        }
    }

    /// Gives the table to each ingress that does not have it, for example because it started just now.
    async fn push(&self, table: &RouteTable) -> Result<()> {
        for ingress in &self.platform.parts.ingresses {
            if ingress.status().await.map_err(unavailable)?.generation != table.generation {
                ingress.put_table(table).await.map_err(unavailable)?;
            }
        }
        Ok(())
    }

    async fn compute(&self) -> Result<RouteTable> {
        let parts = &self.platform.parts;
        let replicas = by_release(self.platform.look().await?);
        let starting = self.not_yet_switched().await?;
        let teams = self.teams_of_projects().await?;
        let mut routes = Vec::new();
        for app in parts.store.apps().live().await? {
            let Some(active) = app.active_release else { continue };
            let is_stopped = app.stopped.is_some();
            let others = replicas.keys().filter(|id| (**id != active || is_stopped) && !starting.contains(id));
            let mut draining = Vec::new();
            for id in others {
                if self.release(*id).await?.is_some_and(|release| release.app_id == app.id) {
                    draining.extend(self.pool(*id, &replicas).await?);
                }
            }
            draining.sort_by_key(|pool| pool.release_id);
            if let Some(active) = self.pool(active, &replicas).await? {
                routes.push(self.route(&app, &teams, active, draining));
            }
        }
        routes.sort_by(|a, b| a.host.cmp(&b.host));
        let console_hosts = vec![parts.config.base_domain.clone()];
        let mut table = RouteTable { console_hosts, routes, ..RouteTable::default() };
        self.put_gate(&mut table).await?;
        Ok(table)
    }

    /// Who may open what, and under which hosts, is read anew each time, and never kept.
    async fn put_gate(&self, table: &mut RouteTable) -> Result<()> {
        let store = &self.platform.parts.store;
        let mut access = store.access().all().await?;
        let mut domains: HashMap<_, Vec<_>> = HashMap::new();
        for domain in store.domains().all().await?.into_iter().filter(|domain| domain.served_since.is_some()) {
            let other = OtherHost { host: domain.host, redirects: domain.redirects };
            domains.entry(domain.app_id).or_default().push(other);
        }
        for route in &mut table.routes {
            route.domains = domains.remove(&route.app_id).unwrap_or_default();
            route.access = access.remove(&route.app_id).unwrap_or_else(|| Access::from(Who::default()));
        }
        let teams = teams_of(table.routes.iter().map(|route| (route.team_id, &route.access)));
        table.gate = self.platform.gate_table(&teams).await?;
        table.https = self.platform.https().await?;
        Ok(())
    }

    /// Closed until [`Routes::put_gate`] has said otherwise.
    fn route(&self, app: &App, teams: &HashMap<ProjectId, TeamId>, active: Pool, draining: Vec<Pool>) -> Route {
        let host = HostName::of_app(&app.name, &self.platform.parts.config.base_domain);
        let team_id = teams.get(&app.project_id).copied().unwrap_or(TeamId::NIL);
        let is_stopped = app.stopped.is_some();
        let endpoints = if is_stopped { Vec::new() } else { active.endpoints };
        let active = Pool { endpoints, ..active };
        let (access, domains) = (Access::from(Who::default()), Vec::new());
        Route { app_id: app.id, host, domains, team_id, access, active, is_stopped, draining }
    }

    async fn teams_of_projects(&self) -> Result<HashMap<ProjectId, TeamId>> {
        let projects = self.platform.parts.store.projects().live().await?;
        Ok(projects.into_iter().map(|Project { id, team_id, .. }| (id, team_id)).collect())
    }

    async fn pool(&self, id: ReleaseId, replicas: &HashMap<ReleaseId, Vec<Replica>>) -> Result<Option<Pool>> {
        let Some(release) = self.release(id).await? else { return Ok(None) };
        let alive = replicas.get(&id).into_iter().flatten();
        let mut endpoints: Vec<_> =
            alive.filter_map(|r| Some(Endpoint { task: r.task.clone(), address: r.address? })).collect();
        endpoints.sort();
        Ok(Some(Pool { release_id: id, probe: release.settings.probe, endpoints }))
    }

    async fn release(&self, id: ReleaseId) -> Result<Option<Release>> {
        if let Some(known) = super::lock(&self.known).get(&id) {
            return Ok(Some(known.clone()));
        }
        let found = self.platform.parts.store.releases().by_id(id).await?.map(|stored| stored.release);
        if let Some(release) = &found {
            super::lock(&self.known).insert(id, release.clone());
        }
        Ok(found)
    }

    /// Releases that start, and must not be in the table before their deploy says so.
    async fn not_yet_switched(&self) -> Result<HashSet<ReleaseId>> {
        let open = self.platform.parts.store.deploys().unfinished().await?;
        Ok(open.into_iter().filter(|deploy| !deploy.state.has_switched()).map(|deploy| deploy.release_id).collect())
    }
}

fn by_release(replicas: Vec<Replica>) -> HashMap<ReleaseId, Vec<Replica>> {
    let mut grouped: HashMap<_, Vec<_>> = HashMap::new();
    for replica in replicas.into_iter().filter(|r| r.state <= ReplicaState::Running) {
        grouped.entry(replica.release_id).or_default().push(replica);
    }
    grouped
}

pub(super) fn unavailable(gone: crate::Unreachable) -> Error {
    Error::Unavailable(gone.0)
}
