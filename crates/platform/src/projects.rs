//! Projects: apps that reach each other.

use crate::{Error, Platform, Result, access::Reached, audit::Act, error::OrNotFound};
use domain::{Action, Actor, Change, Project, ProjectId, ProjectName, ProjectOverview, TeamId};

/// Operations on projects.
pub struct Projects<'a>(pub(crate) &'a Platform);

impl Projects<'_> {
    /// Makes a project in a team.
    ///
    /// # Errors
    /// A name that is no label, or that another project of the team has.
    pub async fn create(&self, actor: &Actor, team: TeamId, name: &str) -> Result<Project> {
        let team = self.0.reach_team(actor, team).await?.allowing(Action::CreateProject).await?.team;
        let name: ProjectName = name.trim().parse()?;
        let id = ProjectId::new(self.0.uuid());
        let project = Project { id, team_id: team.id, name, created_at: self.0.now(), deleted_at: None, freeze: None };
        let mut tx = self.0.parts.store.begin().await?;
        tx.projects().insert(&project).await.map_err(|e| taken(e, &project))?;
        let act = Act {
            action: "project.create".to_owned(),
            kind: "project",
            id: id.to_string(),
            name: project.name.as_str(),
            team: Some(team.id),
            detail: String::new(),
        };
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        self.0.mend.notify_one();
        Ok(project)
    }

    /// A project with its apps.
    pub async fn overview(&self, actor: &Actor, id: ProjectId) -> Result<ProjectOverview> {
        let Reached { project, team, role, .. } = self.0.reach_project(actor, id).await?.allowing(Action::See).await?;
        let overviews = self.0.overviews(vec![(project, team, role)]).await?;
        overviews.into_iter().next().or_not_found("project", id.to_string())
    }

    /// Deletes a project with all its apps. Their replicas stop as soon as nothing is under way on them.
    pub async fn delete(&self, actor: &Actor, id: ProjectId) -> Result<()> {
        let reached = self.0.reach_project(actor, id).await?.allowing(Action::DeleteProject).await?;
        let (project, now) = (&reached.project, self.0.now());
        let mut tx = self.0.parts.store.begin().await?;
        let apps = tx.apps().of_project(id).await?;
        for app in &apps {
            tx.apps().mark_deleted(app.id, now).await?;
        }
        tx.projects().mark_deleted(id, now).await?;
        let names: Vec<_> = apps.iter().map(|a| a.name.as_str()).collect();
        let detail = if names.is_empty() { "it had no apps".to_owned() } else { format!("with {}", names.join(", ")) };
        let act = Act {
            action: "project.delete".to_owned(),
            kind: "project",
            id: id.to_string(),
            name: project.name.as_str(),
            team: Some(project.team_id),
            detail,
        };
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        self.0.mend.notify_one();
        self.0.live.tell(Change::Project(id));
        Ok(())
    }
}

fn taken(error: store::Error, project: &Project) -> Error {
    match error {
        store::Error::Conflict(_) => {
            Error::Conflict(format!("The team already has a project called “{}”.", project.name))
        }
        other => other.into(),
    }
}
