use super::Result;
use leptos::prelude::server;

/// Brings an earlier release back and goes to the deploy that does it.
#[server(prefix = "/api/console", endpoint = "releases/roll-back")]
pub async fn roll_back(name: String, number: u32) -> Result<()> {
    let door = super::server::Door::open()?;
    let deploy = door.answer(door.platform.releases().roll_back(&door.actor, &name, number).await)?;
    leptos_axum::redirect(&format!("/apps/{name}/deploys/{}", deploy.id));
    Ok(())
}
