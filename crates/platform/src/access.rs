//! Reaching records through the actor. Nothing else in this crate looks an app or a project up for somebody: what a person
//! has no role for is not found, in the same words as what is not there.

use crate::{Error, Platform, Result, error::OrNotFound};
use domain::{Action, Actor, App, AppName, Project, ProjectId, Role, Team, TeamId};

/// A thing with the team it belongs to and what the actor is there.
pub(crate) struct Reached<T> {
    pub thing: T,
    pub project: Project,
    pub team: Team,
    pub role: Role,
}

impl<T> Reached<T> {
    /// Asks the permission table.
    pub fn allowing(self, action: Action) -> Result<Self> {
        self.role.check(action)?;
        Ok(self)
    }
}

impl Platform {
    /// An app that the actor may see.
    pub(crate) async fn reach_app(&self, actor: &Actor, name: &str) -> Result<Reached<App>> {
        let not_found = || Error::not_found("app", name);
        let parsed: AppName = name.parse().map_err(|_| not_found())?;
        let app = self.parts.store.apps().named_visible_to(&parsed, actor.id()).await?.ok_or_else(not_found)?;
        let project = self.parts.store.projects().by_id(app.project_id).await?.ok_or_else(not_found)?;
        let (team, role) = self.reach_team(actor, project.team_id).await.map_err(|_| not_found())?;
        Ok(Reached { thing: app, project, team, role })
    }

    /// A project that the actor may see.
    pub(crate) async fn reach_project(&self, actor: &Actor, id: ProjectId) -> Result<Reached<()>> {
        let project = self.parts.store.projects().by_id(id).await?.filter(|p| p.deleted_at.is_none());
        let project = project.or_not_found("project", id.to_string())?;
        let reached = self.reach_team(actor, project.team_id).await;
        let (team, role) = reached.map_err(|_| Error::not_found("project", id.to_string()))?;
        Ok(Reached { thing: (), project, team, role })
    }

    /// A team that the actor belongs to.
    pub(crate) async fn reach_team(&self, actor: &Actor, id: TeamId) -> Result<(Team, Role)> {
        let role = actor.role_in(id).or_not_found("team", id.to_string())?;
        let team = self.parts.store.teams().by_id(id).await?.or_not_found("team", id.to_string())?;
        Ok((team, role))
    }
}
