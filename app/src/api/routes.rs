use super::{Compact, Result};
use domain::{RouteView, TypedAccess};
use leptos::{prelude::server, server_fn::codec::Json};

/// Who may open an app.
#[server(prefix = "/api/console", endpoint = "routes/find", input = Json, output = Compact)]
pub async fn find_route(name: String) -> Result<RouteView> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.routes().find(&door.actor, &name).await)
}

/// Says who may open an app. `base` names what the form had shown.
#[server(prefix = "/api/console", endpoint = "routes/change-access")]
pub async fn change_access(
    name: String,
    #[server(default)] base: String,
    #[server(default)] access: TypedAccess,
) -> Result<()> {
    let door = super::server::Door::open()?;
    let access = door.answer(access.try_into())?;
    door.answer(door.platform.routes().change_access(&door.actor, &name, &base, access).await)
}

/// Lets somebody in who asked.
#[server(prefix = "/api/console", endpoint = "routes/grant")]
pub async fn grant_access(name: String, email: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.routes().grant(&door.actor, &name, &email).await)
}

/// Does not let somebody in who asked.
#[server(prefix = "/api/console", endpoint = "routes/decline")]
pub async fn decline_access(name: String, email: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.routes().decline(&door.actor, &name, &email).await)
}
