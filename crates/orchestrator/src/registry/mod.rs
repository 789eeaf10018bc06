//! A client of image registries: what a tag means, and which tags there are (OCI distribution specification 1.1).

mod address;
mod challenge;
mod details;
mod manifest;
mod policy;
mod resolver;
mod session;
mod tags;
pub(crate) mod words;

pub(crate) use manifest::only_tcp_port;
pub use policy::RegistryPolicy;

use crate::{Credentials, Error, ResolvedImage, Result};
use address::Place;
use details::Details;
use domain::{Digest, ImageRef, Repository, TagView};
use reqwest::{Method, StatusCode};
use session::{Clients, PATIENCE, Session};
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use tokio::time::timeout;

/// Image registries, within what the operator allows.
#[derive(Debug)]
pub struct Registry {
    clients: Clients,
    known: details::Known,
    patience: Duration,
}

impl Registry {
    /// Registries within a policy.
    ///
    /// # Errors
    /// The machine's TLS or network set-up allows no client at all.
    pub fn new(policy: RegistryPolicy) -> Result<Self> {
        Ok(Self { clients: Clients::new(policy)?, known: details::Known::default(), patience: PATIENCE })
    }

    /// The same with another patience than ten seconds.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Finds out what a tag means now.
    ///
    /// # Errors
    /// The registry does not answer in time, has no such tag, or refuses; or the policy forbids to ask it.
    pub async fn resolve(&self, image: &ImageRef, credentials: Option<&Credentials>) -> Result<ResolvedImage> {
        let place = Place::of(&image.repository, &self.clients.policy)?;
        let session = Session::new(&self.clients, &place, credentials);
        let answer = timeout(self.patience, self.look_up(&session, image)).await;
        answer.unwrap_or_else(|_| Err(words::too_late(&place.registry, self.patience)))
    }

    async fn look_up(&self, session: &Session<'_>, image: &ImageRef) -> Result<ResolvedImage> {
        let Some(digest) = self.digest(session, image.tag.as_str()).await? else {
            return Err(self.no_such_tag(session, image).await);
        };
        let details = match self.details(session, &digest).await {
            Ok(details) => details,
            Err(error @ Error::NoSuchImage(_)) => return Err(error),
            // Port and size are hints. What matters, the digest, is known.
            Err(error) => {
                tracing::debug!(image = %image, error = %error, "the image's description cannot be read");
                Details::default()
            }
        };
        Ok(ResolvedImage { digest, is_local: false, exposed_port: details.exposed_port, size: details.size })
    }

    /// What a tag points at; none when there is no such tag. Most registries count this request as no download.
    async fn digest(&self, session: &Session<'_>, tag: &str) -> Result<Option<Digest>> {
        let url = session.place.url(&format!("manifests/{tag}"));
        let answer = session.ask(Method::HEAD, url.clone(), manifest::ACCEPT).await?;
        match answer.status() {
            StatusCode::NOT_FOUND => return Ok(None),
            StatusCode::METHOD_NOT_ALLOWED => {}
            status if !status.is_success() => return Err(words::status(session, status)),
            _ => {
                let header = answer.headers().get("Docker-Content-Digest").and_then(|digest| digest.to_str().ok());
                if let Some(digest) = header.and_then(|digest| digest.parse().ok()) {
                    return Ok(Some(digest));
                }
            }
        }
        self.digest_of_body(session, url).await.map(Some)
    }

    async fn digest_of_body(&self, session: &Session<'_>, url: url::Url) -> Result<Digest> {
        let answer = session.ask(Method::GET, url, manifest::ACCEPT).await?;
        if !answer.status().is_success() {
            return Err(words::status(session, answer.status()));
        }
        digest_of(&session::body(answer, &session.place.registry).await?)
    }

    async fn no_such_tag(&self, session: &Session<'_>, image: &ImageRef) -> Error {
        let place = format!("in {}", session.place.registry);
        match self.list_tags(session).await {
            Ok(tags) => words::no_such_tag(&image.tag, &session.place.path, &place, &tags),
            Err(error) => error,
        }
    }

    /// The tags of a repository, newest first where ages are known.
    ///
    /// # Errors
    /// As for [`Registry::resolve`].
    pub async fn tags(&self, repository: &Repository, credentials: Option<&Credentials>) -> Result<Vec<TagView>> {
        let place = Place::of(repository, &self.clients.policy)?;
        let session = Session::new(&self.clients, &place, credentials);
        let answer = timeout(self.patience, self.list_tags(&session)).await;
        answer.unwrap_or_else(|_| Err(words::too_late(&place.registry, self.patience)))
    }

    async fn details(&self, session: &Session<'_>, digest: &Digest) -> Result<Details> {
        if let Some(details) = self.known.get(digest) {
            return Ok(details);
        }
        let details = details::read(session, digest).await?;
        self.known.put(digest, &details);
        Ok(details)
    }
}

/// The content address of some bytes.
fn digest_of(bytes: &[u8]) -> Result<Digest> {
    let text = format!("sha256:{}", hex::encode(Sha256::digest(bytes)));
    text.parse().map_err(|error| Error::Refused(format!("A digest cannot be written: {error}")))
}
