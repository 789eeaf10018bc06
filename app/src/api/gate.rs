use super::{Compact, Result};
use domain::ClosedView;
use leptos::{prelude::server, server_fn::codec::Json};

/// What somebody is told who may not open the app at a host.
#[server(prefix = "/api/console", endpoint = "gate/closed", input = Json, output = Compact)]
pub async fn find_closed(host: String) -> Result<ClosedView> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.gate().closed(&door.actor, &host).await)
}

/// Asks to be let in to the app at a host.
#[server(prefix = "/api/console", endpoint = "gate/ask")]
pub async fn ask_for_access(host: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.gate().ask(&door.actor, &host).await)
}
