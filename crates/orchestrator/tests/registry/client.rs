//! The client under test, and short ways to ask it.

use domain::{ImageRef, Secret};
use orchestrator::registry::{Registry, RegistryPolicy};
use orchestrator::{Credentials, Error, ResolvedImage};

/// A client that may ask these addresses although they are private.
pub fn client_for(addresses: &[&str]) -> Registry {
    let allowed = addresses.iter().map(|&address| address.to_owned()).collect();
    Registry::new(RegistryPolicy { allowed, insecure: vec![] }).expect("a client")
}

pub fn image(address: &str, path: &str, tag: &str) -> ImageRef {
    ImageRef {
        repository: format!("{address}/{path}").parse().expect("a repository"),
        tag: tag.parse().expect("a tag"),
    }
}

pub async fn resolve(address: &str, path: &str, tag: &str) -> Result<ResolvedImage, Error> {
    client_for(&[address]).resolve(&image(address, path, tag), None).await
}

pub fn credentials(username: &str, password: &str) -> Credentials {
    Credentials { username: username.to_owned(), password: Secret::new(password.to_owned()) }
}
