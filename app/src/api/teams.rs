use super::{Compact, Result};
use domain::{PersonId, QuotaForm, Role, TeamId, TeamList, TeamOverview};
use leptos::{prelude::server, server_fn::codec::Json};

/// Everything the pages of a team show.
#[server(prefix = "/api/console", endpoint = "teams/overview", input = Json, output = Compact)]
pub async fn find_team(id: TeamId) -> Result<TeamOverview> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().overview(&door.actor, id).await)
}

/// The teams of the one who asks, and all of the platform for who may see them.
#[server(prefix = "/api/console", endpoint = "teams/list", input = Json, output = Compact)]
pub async fn list_teams() -> Result<TeamList> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().list(&door.actor).await)
}

/// Makes a team and goes to it.
#[server(prefix = "/api/console", endpoint = "teams/create")]
pub async fn create_team(name: String) -> Result<()> {
    let door = super::server::Door::open()?;
    let team = door.answer(door.platform.teams().create(&door.actor, &name).await)?;
    leptos_axum::redirect(&format!("/teams/{}", team.id));
    Ok(())
}

/// Gives a team another name.
#[server(prefix = "/api/console", endpoint = "teams/rename")]
pub async fn rename_team(id: TeamId, name: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().rename(&door.actor, id, &name).await)
}

/// Deletes a team and goes home.
#[server(prefix = "/api/console", endpoint = "teams/delete")]
pub async fn delete_team(id: TeamId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().delete(&door.actor, id).await)?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Gives a member another role.
#[server(prefix = "/api/console", endpoint = "teams/give-role")]
pub async fn give_role(id: TeamId, person: PersonId, role: Role) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().give_role(&door.actor, id, person, role).await)
}

/// Ends somebody's membership.
#[server(prefix = "/api/console", endpoint = "teams/remove-member")]
pub async fn remove_member(id: TeamId, person: PersonId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().remove(&door.actor, id, person).await)
}

/// Leaves a team and goes home.
#[server(prefix = "/api/console", endpoint = "teams/leave")]
pub async fn leave_team(id: TeamId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().leave(&door.actor, id).await)?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Refuses changes to a team's things for a while.
#[server(prefix = "/api/console", endpoint = "teams/suspend")]
pub async fn suspend_team(id: TeamId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().suspend(&door.actor, id).await)
}

/// Lets a suspended team go on.
#[server(prefix = "/api/console", endpoint = "teams/resume")]
pub async fn resume_team(id: TeamId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().resume(&door.actor, id).await)
}

/// Limits what a team may use.
#[server(prefix = "/api/console", endpoint = "teams/set-quota")]
pub async fn set_quota(id: TeamId, #[server(default)] quota: QuotaForm) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.teams().set_quota(&door.actor, id, quota).await)
}
