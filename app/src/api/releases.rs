use super::{Compact, Result};
use domain::Comparison;
use leptos::{prelude::server, server_fn::codec::Json};

/// Brings an earlier release back and goes to the deploy that does it.
#[server(prefix = "/api/console", endpoint = "releases/roll-back")]
pub async fn roll_back(name: String, number: u32) -> Result<()> {
    let door = super::server::Door::open()?;
    let deploy = door.answer(door.platform.releases().roll_back(&door.actor, &name, number).await)?;
    leptos_axum::redirect(&format!("/apps/{name}/deploys/{}", deploy.id));
    Ok(())
}

/// What is different between two releases.
#[server(prefix = "/api/console", endpoint = "releases/compare", input = Json, output = Compact)]
pub async fn compare_releases(name: String, from: u32, to: u32) -> Result<Comparison> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.releases().compare(&door.actor, &name, from, to).await)
}
