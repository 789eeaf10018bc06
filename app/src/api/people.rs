use super::{Compact, Result};
use domain::{Person, PersonId};
use leptos::{prelude::server, server_fn::codec::Json};

/// Everybody who has ever signed in.
#[server(prefix = "/api/console", endpoint = "people/all", input = Json, output = Compact)]
pub async fn all_people() -> Result<Vec<Person>> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.people().all(&door.actor).await)
}

/// Gives somebody a role on the platform; an empty one takes it.
#[server(prefix = "/api/console", endpoint = "people/set-platform-role")]
pub async fn set_platform_role(id: PersonId, #[server(default)] role: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.people().set_platform_role(&door.actor, id, domain::PlatformRole::named(&role)).await)
}
