//! The exit door: apps as a file that runs without the platform.

use crate::{Apps, Error, Platform, Projects, Result, access::Reached, audit::Act};
use domain::{Action, Actor, App, ComposeApp, Project, ProjectId, compose};

impl Apps<'_> {
    /// One app as a Compose file. It holds the values of variables, so it is for who may read those, and it is written down.
    ///
    /// # Errors
    /// No release has the traffic yet.
    pub async fn export(&self, actor: &Actor, name: &str) -> Result<String> {
        let Reached { thing: app, project, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::ReadVariables).await?;
        let apps = self.0.as_exported(vec![app.clone()]).await?;
        self.0.export(actor, &project, ("app", app.id.to_string(), app.name.as_str()), &apps).await
    }
}

impl Projects<'_> {
    /// All apps of a project that have a release as one Compose file.
    ///
    /// # Errors
    /// None has one yet.
    pub async fn export(&self, actor: &Actor, id: ProjectId) -> Result<String> {
        let Reached { project, .. } = self.0.reach_project(actor, id).await?.allowing(Action::ReadVariables).await?;
        let apps = self.0.as_exported(self.0.parts.store.apps().of_project(id).await?).await?;
        self.0.export(actor, &project, ("project", id.to_string(), project.name.as_str()), &apps).await
    }
}

impl Platform {
    /// The apps with what they serve with; those that never had a release are left out.
    async fn as_exported(&self, apps: Vec<App>) -> Result<Vec<ComposeApp>> {
        let mut exported = Vec::new();
        for app in apps {
            let Some(active) = app.active_release else { continue };
            if let Some(stored) = self.parts.store.releases().by_id(active).await? {
                exported.push(ComposeApp { name: app.name, release: stored.release, is_local: stored.is_local });
            }
        }
        Ok(exported)
    }

    async fn export(
        &self,
        actor: &Actor,
        project: &Project,
        (kind, id, name): (&'static str, String, &str),
        apps: &[ComposeApp],
    ) -> Result<String> {
        if apps.is_empty() {
            return Err(Error::Conflict(format!("{name} has nothing to export: no release has the traffic yet.")));
        }
        let releases: Vec<_> = apps.iter().map(|app| format!("{} r{}", app.name, app.release.number)).collect();
        let act = Act {
            action: format!("{kind}.export"),
            kind,
            id,
            name,
            team: Some(project.team_id),
            detail: releases.join(", "),
        };
        write!(self, tx => self.note(&mut tx, actor, act));
        Ok(compose(&project.name, apps))
    }
}
