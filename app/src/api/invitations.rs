use super::{Compact, Result};
use domain::{Invitation, InvitationId, Role, TeamId};
use leptos::{prelude::server, server_fn::codec::Json};

/// Asks somebody to join a team, and goes to the page that shows the link.
#[server(prefix = "/api/console", endpoint = "invitations/send")]
pub async fn send_invitation(team: TeamId, email: String, role: Role) -> Result<()> {
    let door = super::server::Door::open()?;
    let token = door.answer(door.platform.invitations().send(&door.actor, team, &email, role).await)?;
    leptos_axum::redirect(&format!("/teams/{team}?token={}", token.expose()));
    Ok(())
}

/// Makes a new link, and goes to the page that shows it.
#[server(prefix = "/api/console", endpoint = "invitations/resend")]
pub async fn resend_invitation(team: TeamId, id: InvitationId) -> Result<()> {
    let door = super::server::Door::open()?;
    let token = door.answer(door.platform.invitations().resend(&door.actor, team, id).await)?;
    leptos_axum::redirect(&format!("/teams/{team}?token={}", token.expose()));
    Ok(())
}

/// Takes an invitation back.
#[server(prefix = "/api/console", endpoint = "invitations/withdraw")]
pub async fn withdraw_invitation(team: TeamId, id: InvitationId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.invitations().withdraw(&door.actor, team, id).await)
}

/// What a link invites to.
#[server(prefix = "/api/console", endpoint = "invitations/find", input = Json, output = Compact)]
pub async fn find_invitation(token: String) -> Result<Invitation> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.invitations().behind(&door.actor, &token).await)
}

/// Joins the team, and goes to it.
#[server(prefix = "/api/console", endpoint = "invitations/accept")]
pub async fn accept_invitation(id: InvitationId) -> Result<()> {
    let door = super::server::Door::open()?;
    let team = door.answer(door.platform.invitations().accept(&door.actor, id).await)?;
    leptos_axum::redirect(&format!("/teams/{}", team.id));
    Ok(())
}
