use super::{Compact, Result};
use domain::{AppOverview, Home, ImageRef, ProjectId, TypedDeploy};
use leptos::{prelude::server, server_fn::codec::Json};

/// Everything the pages of an app show.
#[server(prefix = "/api/console", endpoint = "apps/overview", input = Json, output = Compact)]
pub async fn find_app(name: String) -> Result<AppOverview> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.apps().overview(&door.actor, &name).await)
}

/// Whether a new app could have this name.
#[server(prefix = "/api/console", endpoint = "apps/check-name", input = Json, output = Compact)]
pub async fn check_app_name(name: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.apps().check_name(&door.actor, &name).await)
}

/// What the form for a new app offers: projects, and images that everybody may try.
#[server(prefix = "/api/console", endpoint = "apps/choices", input = Json, output = Compact)]
pub async fn app_choices() -> Result<(Home, Vec<ImageRef>)> {
    let door = super::server::Door::open()?;
    let home = door.answer(door.platform.home(&door.actor).await)?;
    Ok((home, door.platform.images().samples().to_vec()))
}

/// Makes an app, begins its first deploy and goes to it.
#[server(prefix = "/api/console", endpoint = "apps/create")]
pub async fn create_app(project: ProjectId, name: String, #[server(default)] deploy: TypedDeploy) -> Result<()> {
    let door = super::server::Door::open()?;
    let deploy = door.answer(deploy.try_into())?;
    let new = domain::NewApp { name: name.clone(), deploy };
    let deploy = door.answer(door.platform.apps().create(&door.actor, project, new).await)?;
    leptos_axum::redirect(&format!("/apps/{}/deploys/{}", name.trim(), deploy.id));
    Ok(())
}

/// Deletes an app and goes home.
#[server(prefix = "/api/console", endpoint = "apps/delete")]
pub async fn delete_app(name: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.apps().delete(&door.actor, &name).await)?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Starts the replicas of an app anew, as a release, and goes to the deploy that does it.
#[server(prefix = "/api/console", endpoint = "apps/restart")]
pub async fn restart_app(name: String, #[server(default)] despite: String) -> Result<()> {
    let door = super::server::Door::open()?;
    let deploy = door.answer(door.platform.apps().restart(&door.actor, &name, &despite).await)?;
    leptos_axum::redirect(&format!("/apps/{name}/deploys/{}", deploy.id));
    Ok(())
}

/// Stops an app. The page that asked hears that it is.
#[server(prefix = "/api/console", endpoint = "apps/stop")]
pub async fn stop_app(name: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.apps().stop(&door.actor, &name).await)
}

/// Starts a stopped app and goes to the deploy that does it.
#[server(prefix = "/api/console", endpoint = "apps/start")]
pub async fn start_app(name: String) -> Result<()> {
    let door = super::server::Door::open()?;
    let deploy = door.answer(door.platform.apps().start(&door.actor, &name).await)?;
    leptos_axum::redirect(&format!("/apps/{name}/deploys/{}", deploy.id));
    Ok(())
}
