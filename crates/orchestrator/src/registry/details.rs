//! What is inside an image, read once for each digest: under a digest there is always the same.

use super::manifest::{self, Config, Entry, Manifest};
use super::session::{self, Session};
use super::{digest_of, words};
use crate::{Error, Result};
use domain::{Digest, Timestamp};
use reqwest::Method;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How many digests are remembered before all are forgotten.
const MOST_KNOWN: usize = 4096;

/// What is worth knowing of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    pub exposed_port: Option<u16>,
    pub size: Option<u64>,
    pub made_at: Option<Timestamp>,
}

/// What was read before.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<HashMap<Digest, Details>>);

impl Known {
    pub(super) fn get(&self, digest: &Digest) -> Option<Details> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    pub(super) fn put(&self, digest: &Digest, details: &Details) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(digest.clone(), details.clone());
    }
}

/// Reads an image's manifest and configuration.
///
/// # Errors
/// The registry gives something else than what was asked for, or the image is for another kind of machine.
pub(super) async fn read(session: &Session<'_>, digest: &Digest) -> Result<Details> {
    let mut manifest: Manifest = fetch(session, "manifests", digest.as_str()).await?;
    if let Some(entries) = manifest.manifests.take() {
        let entry = choose(session, &entries)?;
        manifest = fetch(session, "manifests", &entry.digest).await?;
    }
    let config: Config = match &manifest.config {
        Some(config) => fetch(session, "blobs", &config.digest).await?,
        None => Config::default(),
    };
    Ok(Details {
        exposed_port: config.exposed_port(),
        size: Some(manifest.size()).filter(|size| *size > 0),
        made_at: config.made_at(),
    })
}

/// The entry of an index that runs on this kind of machine.
fn choose<'a>(session: &Session<'_>, entries: &'a [Entry]) -> Result<&'a Entry> {
    let images = || entries.iter().filter(|entry| entry.is_image());
    images().find(|entry| entry.runs_here()).ok_or_else(|| {
        let kinds: Vec<_> = images().filter_map(|entry| entry.platform.as_ref()).collect();
        let kinds: Vec<_> = kinds.iter().map(|kind| format!("{}/{}", kind.os, kind.architecture)).collect();
        let (path, own) = (&session.place.path, manifest::own_architecture());
        Error::NoSuchImage(format!("{path} is not made for linux/{own}, only for {}.", kinds.join(", ")))
    })
}

/// Fetches what has this digest, and checks that it does.
async fn fetch<T: DeserializeOwned>(session: &Session<'_>, kind: &str, digest: &str) -> Result<T> {
    let registry = &session.place.registry;
    let digest: Digest = digest.parse().map_err(|_| words::nonsense(registry, "a digest of an unknown kind"))?;
    let answer = session.ask(Method::GET, session.place.url(&format!("{kind}/{digest}")), manifest::ACCEPT).await?;
    if !answer.status().is_success() {
        return Err(words::status(session, answer.status()));
    }
    let body = session::body(answer, registry).await?;
    if digest_of(&body)? != digest {
        return Err(words::nonsense(registry, "content that does not have the digest that was asked for"));
    }
    serde_json::from_slice(&body).map_err(|_| words::nonsense(registry, "a description that cannot be read"))
}
