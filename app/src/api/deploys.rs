use super::{Compact, Result};
use domain::{Deploy, DeployId, TypedDeploy};
use leptos::{prelude::server, server_fn::codec::Json};

/// One deploy of an app.
#[server(prefix = "/api/console", endpoint = "deploys/find", input = Json, output = Compact)]
pub async fn find_deploy(name: String, id: DeployId) -> Result<Deploy> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.deploys().find(&door.actor, &name, id).await)
}

/// Begins a deploy and goes to it.
#[server(prefix = "/api/console", endpoint = "deploys/start")]
pub async fn start_deploy(name: String, #[server(default)] deploy: TypedDeploy) -> Result<()> {
    let door = super::server::Door::open()?;
    let form = door.answer(deploy.try_into())?;
    let deploy = door.answer(door.platform.deploys().start(&door.actor, &name, form).await)?;
    leptos_axum::redirect(&format!("/apps/{name}/deploys/{}", deploy.id));
    Ok(())
}

/// Asks a deploy to stop.
#[server(prefix = "/api/console", endpoint = "deploys/cancel")]
pub async fn cancel_deploy(name: String, id: DeployId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.deploys().cancel(&door.actor, &name, id).await)
}
