use super::{Compact, Result};
use domain::{Review, SettingsView, TypedSettings};
use leptos::{prelude::server, server_fn::codec::Json};

/// The settings that a change would start from.
#[server(prefix = "/api/console", endpoint = "settings/find", input = Json, output = Compact)]
pub async fn find_settings(name: String) -> Result<SettingsView> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.settings().find(&door.actor, &name).await)
}

/// What a change would do, before it is done.
#[server(prefix = "/api/console", endpoint = "settings/review", input = Json, output = Compact)]
pub async fn review_settings(name: String, base: u32, settings: TypedSettings) -> Result<Review> {
    let door = super::server::Door::open()?;
    let change = door.answer(settings.try_into())?;
    door.answer(door.platform.settings().review(&door.actor, &name, base, change).await)
}

/// Makes a release with changed settings, begins its deploy and goes to it.
#[server(prefix = "/api/console", endpoint = "settings/apply")]
pub async fn apply_settings(
    name: String,
    base: u32,
    #[server(default)] settings: TypedSettings,
    message: String,
    #[server(default)] despite: String,
) -> Result<()> {
    let door = super::server::Door::open()?;
    let change = door.answer(settings.try_into())?;
    let why = domain::Why { message, despite };
    let deploy = door.answer(door.platform.settings().apply(&door.actor, &name, base, change, why).await)?;
    leptos_axum::redirect(&format!("/apps/{name}/deploys/{}", deploy.id));
    Ok(())
}
