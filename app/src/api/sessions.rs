use super::{Compact, Result};
use domain::OwnSession;
use leptos::{prelude::server, server_fn::codec::Json};

/// Where the one who asks is signed in.
#[server(prefix = "/api/console", endpoint = "sessions/own", input = Json, output = Compact)]
pub async fn own_sessions() -> Result<Vec<OwnSession>> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.sessions().own(&door.actor).await)
}

/// Ends one of one's own sessions.
#[server(prefix = "/api/console", endpoint = "sessions/end")]
pub async fn end_session(id: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.sessions().end(&door.actor, &id).await)
}

/// Ends all of one's own sessions but this one.
#[server(prefix = "/api/console", endpoint = "sessions/end-others")]
pub async fn end_other_sessions() -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.sessions().end_others(&door.actor).await.map(|_ended| ()))
}
