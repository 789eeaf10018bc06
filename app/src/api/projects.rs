use super::{Compact, Result};
use domain::{FreezeForm, ProjectId, ProjectOverview, TeamId};
use leptos::{prelude::server, server_fn::codec::Json};

/// A project with its apps.
#[server(prefix = "/api/console", endpoint = "projects/overview", input = Json, output = Compact)]
pub async fn find_project(id: ProjectId) -> Result<ProjectOverview> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.projects().overview(&door.actor, id).await)
}

/// Makes a project and goes to it.
#[server(prefix = "/api/console", endpoint = "projects/create")]
pub async fn create_project(team: TeamId, name: String) -> Result<()> {
    let door = super::server::Door::open()?;
    let project = door.answer(door.platform.projects().create(&door.actor, team, &name).await)?;
    leptos_axum::redirect(&format!("/projects/{}", project.id));
    Ok(())
}

/// Deletes a project with its apps and goes home.
#[server(prefix = "/api/console", endpoint = "projects/delete")]
pub async fn delete_project(id: ProjectId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.projects().delete(&door.actor, id).await)?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Refuses releases in a project for a while and goes back to it.
#[server(prefix = "/api/console", endpoint = "projects/freeze")]
pub async fn freeze_project(id: ProjectId, #[server(default)] freeze: FreezeForm) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.projects().freeze(&door.actor, id, freeze).await)?;
    leptos_axum::redirect(&format!("/projects/{id}"));
    Ok(())
}

/// Ends a freeze before its time and goes back to the project.
#[server(prefix = "/api/console", endpoint = "projects/lift-freeze")]
pub async fn lift_freeze(id: ProjectId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.projects().lift_freeze(&door.actor, id).await)?;
    leptos_axum::redirect(&format!("/projects/{id}"));
    Ok(())
}
