use super::{Compact, Result};
use leptos::{prelude::server, server_fn::codec::Json};

/// The value of a secret, for a reason that is written down.
#[server(prefix = "/api/console", endpoint = "secrets/reveal", input = Json, output = Compact)]
pub async fn reveal_secret(name: String, secret: String, reason: String) -> Result<String> {
    let door = super::server::Door::open()?;
    let value = door.answer(door.platform.settings().reveal(&door.actor, &name, &secret, &reason).await)?;
    Ok(value.expose().clone())
}
