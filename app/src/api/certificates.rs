use super::{Compact, Result};
use domain::CertificatesView;
use leptos::{prelude::server, server_fn::codec::Json};

/// What HTTPS is served by.
#[server(prefix = "/api/console", endpoint = "certificates/list", input = Json, output = Compact)]
pub async fn list_certificates() -> Result<CertificatesView> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.certificates().list(&door.actor).await)
}
