//! What no deploy is about: networks, deleted things, releases that should or should not run.

use super::{Controller, lock};
use crate::{Error, Result};
use domain::{App, ReleaseId};
use orchestrator::{KnownRelease, ReleaseSpec};
use std::collections::{HashMap, HashSet};

/// Definitions of former releases that each app keeps, for quick rollbacks.
const KEPT_DEFINITIONS: usize = 5;

/// How long open pages look again and again after an app was stopped, so that they see its replicas go.
const SEEN_GOING_MILLIS: i64 = 60_000;

impl Controller {
    /// One look at everything.
    pub(super) async fn reconcile(&self) -> Result<()> {
        self.mend_networks().await?;
        self.routes.refresh().await?;
        let known = self.platform.parts.orchestrator.releases().await?;
        self.mend_active(&known).await?;
        self.retire_former(&known).await?;
        self.purge_deleted().await
    }

    /// Every live project has its network, and the ingress is on all of them.
    pub(super) async fn mend_networks(&self) -> Result<()> {
        let parts = &self.platform.parts;
        let mut networks = Vec::new();
        for project in parts.store.projects().live().await? {
            networks.push(parts.orchestrator.ensure_network(project.id).await?);
        }
        for project in parts.store.projects().deleted().await? {
            if !parts.store.apps().of_project(project.id).await?.is_empty() {
                networks.push(parts.orchestrator.ensure_network(project.id).await?);
            }
        }
        parts.agent.ensure_ingress(&networks).await.map_err(|e| Error::Unavailable(e.0))?;
        *lock(&self.attached) = networks.into_iter().collect();
        Ok(())
    }

    /// Every active release of an app that runs has its definition and its number of copies: somebody may have removed the service by hand.
    async fn mend_active(&self, known: &[KnownRelease]) -> Result<()> {
        let parts = &self.platform.parts;
        let copies: HashMap<ReleaseId, u16> = known.iter().map(|k| (k.release_id, k.replicas)).collect();
        for app in parts.store.apps().live().await? {
            let Some(active) = app.active_release.filter(|_| app.stopped.is_none()) else { continue };
            let Some(stored) = parts.store.releases().by_id(active).await? else { continue };
            let wanted = stored.release.settings.replicas.get();
            if copies.get(&active) != Some(&wanted) {
                tracing::info!(app.id = %app.id, release.number = stored.release.number, "an active release is not as it should be; mending it");
                let spec = ReleaseSpec {
                    project_id: app.project_id,
                    app_name: app.name.clone(),
                    credentials: self.platform.credentials_for(&stored.release.image.repository).await?,
                    is_local: stored.is_local,
                    secrets: self.platform.secrets_of(&stored.release).await?,
                    release: stored.release,
                    replicas: wanted,
                };
                parts.orchestrator.ensure_release(&spec).await?;
            }
        }
        Ok(())
    }

    /// Releases that have no traffic and take part in no deploy do not run; the last few keep their definition.
    async fn retire_former(&self, known: &[KnownRelease]) -> Result<()> {
        let store = &self.platform.parts.store;
        let open: HashSet<ReleaseId> = store
            .deploys()
            .unfinished()
            .await?
            .into_iter()
            .flat_map(|d| [Some(d.release_id), d.from_release])
            .flatten()
            .collect();
        let mut former: HashMap<domain::AppId, Vec<(u32, &KnownRelease)>> = HashMap::new();
        for release in known.iter().filter(|k| !open.contains(&k.release_id)) {
            match store.releases().by_id(release.release_id).await? {
                Some(stored) => former.entry(release.app_id).or_default().push((stored.release.number, release)),
                None => self.platform.parts.orchestrator.remove_release(release.release_id).await?,
            }
        }
        for (app, mut releases) in former {
            let app = store.apps().by_id(app).await?;
            let runs = |a: &App, k: &KnownRelease| a.active_release == Some(k.release_id) && a.stopped.is_none();
            releases.retain(|(_, k)| app.as_ref().is_some_and(|app| !runs(app, k)));
            releases.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
            self.thin_out(app.as_ref(), &releases).await?;
        }
        Ok(())
    }

    async fn thin_out(&self, app: Option<&App>, former: &[(u32, &KnownRelease)]) -> Result<()> {
        let Some(app) = app.filter(|app| app.deleted_at.is_none()) else { return Ok(()) };
        let is_late = app.stopped.as_ref().is_some_and(|stopped| self.streams_are_late(stopped.at));
        for (place, (_, release)) in former.iter().enumerate() {
            // What a stopped app starts with again keeps its definition, however old it is.
            let starts_again = app.active_release == Some(release.release_id);
            if place >= KEPT_DEFINITIONS && !starts_again {
                self.remove(release.release_id, is_late).await?;
            } else if release.replicas > 0 {
                self.retire(release.release_id, is_late).await?;
            }
        }
        let since = app.stopped.as_ref().map(|stopped| self.platform.now().millis_since(stopped.at));
        if since.is_some_and(|since| since < SEEN_GOING_MILLIS) {
            self.platform.live.tell(domain::Change::App(app.id));
        }
        Ok(())
    }

    /// Whether streams on replicas that are to go since then have had their time.
    fn streams_are_late(&self, since: domain::Timestamp) -> bool {
        let limit = i64::try_from(self.platform.parts.config.deadlines.streams.as_millis()).unwrap_or(i64::MAX);
        self.platform.now().millis_since(since) > limit
    }

    /// Deleted apps lose their releases, then their rows; deleted projects lose their network.
    async fn purge_deleted(&self) -> Result<()> {
        let parts = &self.platform.parts;
        for app in parts.store.apps().deleted().await? {
            if parts.store.deploys().unfinished_of(app.id).await?.is_some() {
                continue;
            }
            let mut is_empty = true;
            for release in parts.orchestrator.releases().await?.into_iter().filter(|k| k.app_id == app.id) {
                let is_late = self.streams_are_late(app.deleted_at.unwrap_or_default());
                is_empty &= self.remove(release.release_id, is_late).await?;
            }
            if is_empty {
                write!(self.platform, tx => tx.apps().purge(app.id));
                self.platform.live.tell(domain::Change::Project(app.project_id));
            }
        }
        for project in parts.store.projects().deleted().await? {
            if parts.store.apps().of_project(project.id).await?.is_empty() {
                self.mend_networks().await?;
                parts.orchestrator.remove_network(project.id).await?;
                write!(self.platform, tx => tx.projects().purge(project.id));
            }
        }
        Ok(())
    }
}
