use super::{Compact, Result};
use domain::DomainsView;
use leptos::{prelude::server, server_fn::codec::Json};

/// The own domains of an app.
#[server(prefix = "/api/console", endpoint = "domains/list", input = Json, output = Compact)]
pub async fn list_domains(name: String) -> Result<DomainsView> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.domains().list(&door.actor, &name).await)
}

/// Adds a domain to an app.
#[server(prefix = "/api/console", endpoint = "domains/add")]
pub async fn add_domain(name: String, #[server(default)] host: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.domains().add(&door.actor, &name, &host).await)
}

/// Looks where a domain points, now.
#[server(prefix = "/api/console", endpoint = "domains/look")]
pub async fn look_at_domain(name: String, host: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.domains().look(&door.actor, &name, &host).await)
}

/// Sends visitors of a domain on to the app's own address, or serves them there.
#[server(prefix = "/api/console", endpoint = "domains/redirect")]
pub async fn redirect_domain(name: String, host: String, redirects: bool) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.domains().redirect(&door.actor, &name, &host, redirects).await)
}

/// Takes a domain from an app.
#[server(prefix = "/api/console", endpoint = "domains/remove")]
pub async fn remove_domain(name: String, host: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.domains().remove(&door.actor, &name, &host).await)
}
