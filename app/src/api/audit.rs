use super::{Compact, Result};
use domain::{AuditFilter, AuditPage, TeamId};
use leptos::{prelude::server, server_fn::codec::Json};

/// A page of a team's audit log, or without a team of the whole platform's.
#[server(prefix = "/api/console", endpoint = "audit/page", input = Json, output = Compact)]
pub async fn find_audit(team: Option<TeamId>, filter: AuditFilter) -> Result<AuditPage> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.audit().page(&door.actor, team, &filter).await)
}
