//! The images there are without a registry: every repository, with version numbers, `latest`, and the tags that misbehave.
//!
//! Names that ask for trouble: a registry whose name starts with `unreachable`, a path that ends in `missing`, and one
//! that starts with `private/`, which wants credentials and refuses the password `wrong`.

use super::behaviour::{Behaviour, TAGS};
use crate::registry::words;
use crate::{Credentials, Error, ResolvedImage, Result};
use domain::{Digest, ImageRef, Repository, Tag, TagView, Timestamp};
use sha2::{Digest as _, Sha256};

/// Versions that lists show, newest first.
const VERSIONS: [&str; 4] = ["2.0", "1.1", "1.0", "0.9"];
/// Between two of them.
const A_WEEK: i64 = 7 * 24 * 3600 * 1000;
/// What an image of the sample app takes.
const SIZE: u64 = 13_600_000;

/// Fails when the repository's registry does not answer. The engine itself always has images without a registry.
pub(super) fn reach(repository: &Repository, all_are_lost: bool) -> Result<()> {
    let Some(registry) = repository.registry() else { return Ok(()) };
    if all_are_lost || registry.starts_with("unreachable") {
        return Err(Error::Unreachable(format!("{registry} does not answer (connection refused).")));
    }
    Ok(())
}

pub(super) fn resolve(image: &ImageRef, credentials: Option<&Credentials>, now: Timestamp) -> Result<ResolvedImage> {
    let tags = tags(&image.repository, credentials, now)?;
    if !exists(&image.tag) {
        let place = format!("in {}", place(&image.repository));
        return Err(words::no_such_tag(&image.tag, image.repository.path(), &place, &tags));
    }
    Ok(ResolvedImage {
        digest: digest(&image.repository, &image.tag)?,
        is_local: image.repository.registry().is_none(),
        exposed_port: Some(8080),
        size: Some(SIZE),
    })
}

pub(super) fn tags(repository: &Repository, credentials: Option<&Credentials>, now: Timestamp) -> Result<Vec<TagView>> {
    let (path, place) = (repository.path(), place(repository));
    if path.ends_with("missing") {
        return Err(Error::NoSuchImage(format!("{place} has no image {path}.")));
    }
    let is_accepted = credentials.is_some_and(|credentials| credentials.password.expose() != "wrong");
    if path.starts_with("private/") && !is_accepted {
        return Err(Error::NoSuchImage(format!("{place} refuses: wrong credentials for {path}.")));
    }
    (0..)
        .zip(VERSIONS.iter().chain(&TAGS))
        .map(|(age, tag)| view(repository, tag, now.plus_millis(-age * A_WEEK)))
        .collect()
}

fn view(repository: &Repository, tag: &str, made_at: Timestamp) -> Result<TagView> {
    let tag: Tag = tag.parse().map_err(|error| Error::Refused(format!("{error}")))?;
    Ok(TagView { digest: Some(digest(repository, &tag)?), tag, size: Some(SIZE), made_at: Some(made_at) })
}

fn exists(tag: &Tag) -> bool {
    let tag = tag.as_str();
    let is_version = tag.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    is_version || tag == "latest" || Behaviour::is_asked_by(tag)
}

fn place(repository: &Repository) -> &str {
    repository.registry().unwrap_or("this engine")
}

fn digest(repository: &Repository, tag: &Tag) -> Result<Digest> {
    let text = format!("sha256:{}", hex::encode(Sha256::digest(format!("{repository}:{tag}"))));
    text.parse().map_err(|error| Error::Refused(format!("{error}")))
}
