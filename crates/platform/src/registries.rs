//! Registries and the credentials for them. They are sealed in the store and never shown.

use crate::{Platform, Result, audit::Act};
use domain::{Action, Actor, Invalid, Repository, Secret};
use orchestrator::Credentials;

/// Operations on registries.
pub struct Registries<'a>(pub(crate) &'a Platform);

impl Registries<'_> {
    /// Keeps name and password for a registry. Only who runs the platform may.
    ///
    /// # Errors
    /// The actor does not run the platform, or the address is no registry's.
    pub async fn put(&self, actor: &Actor, address: &str, username: &str, password: Secret<String>) -> Result<()> {
        self.0.allow_on_platform(actor, Action::ManageRegistries).await?;
        let probe: Repository = format!("{address}/image").parse()?;
        if probe.registry() != Some(address) {
            return Err(
                Invalid::new("address", "This is no registry's address, such as “registry.example.com:5000”.").into()
            );
        }
        let act = Act {
            action: "registry.put".to_owned(),
            kind: "registry",
            id: address.to_owned(),
            name: address,
            team: None,
            detail: format!("as {username}"),
        };
        let mut tx = self.0.parts.store.begin().await?;
        tx.registries().put(address, username, &password, self.0.now()).await?;
        self.0.note(&mut tx, actor, act).await?;
        Ok(tx.commit().await?)
    }
}

impl Platform {
    /// What opens the registry of an image, when the operator gave it.
    pub(crate) async fn credentials_for(&self, repository: &Repository) -> Result<Option<Credentials>> {
        let Some(address) = repository.registry() else { return Ok(None) };
        let found = self.parts.store.registries().by_address(address).await?;
        Ok(found.map(|(username, password)| Credentials { username, password }))
    }
}
