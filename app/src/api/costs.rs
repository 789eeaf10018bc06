use super::{Compact, Result};
use domain::{
    TeamId,
    money::{AppCost, Size, SizeCost, Statement},
};
use leptos::{prelude::server, server_fn::codec::Json};

/// What an app costs in a month, or in this one.
#[server(prefix = "/api/console", endpoint = "costs/of-app", input = Json, output = Compact)]
pub async fn find_app_cost(name: String, month: String) -> Result<AppCost> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.costs().of_app(&door.actor, &name, &month).await)
}

/// What an app of some size costs in 30 days, and what the size before it does.
#[server(prefix = "/api/console", endpoint = "costs/of-size", input = Json, output = Compact)]
pub async fn find_size_cost(size: Size, before: Option<Size>) -> Result<SizeCost> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.costs().of_size(&door.actor, &size, before.as_ref()).await)
}

/// What a team pays for a month.
#[server(prefix = "/api/console", endpoint = "costs/of-team", input = Json, output = Compact)]
pub async fn find_team_cost(team: TeamId, month: String) -> Result<Statement> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.costs().of_team(&door.actor, team, &month).await)
}

/// What the company pays for a month.
#[server(prefix = "/api/console", endpoint = "costs/of-company", input = Json, output = Compact)]
pub async fn find_company_cost(month: String) -> Result<Statement> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.costs().of_company(&door.actor, &month).await)
}
