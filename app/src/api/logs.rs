use super::{Compact, Result};
use domain::LogLine;
use leptos::{prelude::server, server_fn::codec::Json};

/// The last lines of all replicas of an app, in order. What follows them comes by the page's stream.
#[server(prefix = "/api/console", endpoint = "logs/last", input = Json, output = Compact)]
pub async fn last_lines(name: String) -> Result<Vec<LogLine>> {
    use futures::StreamExt as _;
    /// How many lines of each replica are enough for a page that nothing updates.
    const ENOUGH: u32 = 100;
    let door = super::server::Door::open()?;
    let lines = door.answer(door.platform.logs().read(&door.actor, &name, ENOUGH, false).await)?;
    Ok(lines.collect().await)
}
