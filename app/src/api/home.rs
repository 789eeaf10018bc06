use super::{Compact, Result};
use domain::Home;
use leptos::{prelude::server, server_fn::codec::Json};

/// Everything of the person who asks: teams, projects and apps.
#[server(prefix = "/api/console", endpoint = "home", input = Json, output = Compact)]
pub async fn my_home() -> Result<Home> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.home(&door.actor).await)
}

/// Deploys the sample app for somebody new, and goes to its deploy.
#[server(prefix = "/api/console", endpoint = "home/sample")]
pub async fn deploy_sample() -> Result<()> {
    let door = super::server::Door::open()?;
    let deploy = door.answer(door.platform.sample(&door.actor).await)?;
    let home = door.answer(door.platform.home(&door.actor).await)?;
    let name = home.apps().find(|card| card.app.id == deploy.app_id).map(|card| card.app.name.clone());
    leptos_axum::redirect(&name.map_or_else(|| "/".to_owned(), |name| format!("/apps/{name}/deploys/{}", deploy.id)));
    Ok(())
}
