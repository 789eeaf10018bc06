//! Images: the engine's own, and those of registries.
//!
//! A reference that names a registry means that registry, even when the engine has a copy: the copy may be old. One that
//! names none means the engine's own image when there is one, and Docker Hub otherwise.

use super::Swarm;
use crate::registry::words;
use crate::{Credentials, Error, ResolvedImage, Result};
use bollard::errors::Error as EngineError;
use bollard::models::{ImageInspect, ImageSummary};
use bollard::query_parameters::ListImagesOptionsBuilder;
use domain::{Digest, ImageRef, Repository, TagView, Timestamp};
use std::collections::HashMap;

impl Swarm {
    pub(super) async fn resolve_image(
        &self,
        image: &ImageRef,
        credentials: Option<&Credentials>,
    ) -> Result<ResolvedImage> {
        if image.repository.registry().is_some() {
            return self.registry.resolve(image, credentials).await;
        }
        if let Some(own) = self.own_image(image).await? {
            return Ok(own);
        }
        match self.registry.resolve(image, credentials).await {
            Err(error) => Err(self.nowhere(image, error).await),
            found => found,
        }
    }

    /// Says that neither the engine nor Docker Hub has an image.
    async fn nowhere(&self, image: &ImageRef, hub: Error) -> Error {
        let own = self.own_tags(&image.repository).await.unwrap_or_default();
        if !own.is_empty() {
            let engine = words::no_such_tag(&image.tag, image.repository.as_str(), "on this engine", &own);
            return Error::NoSuchImage(format!("{engine} {hub}"));
        }
        let here = format!("This engine has no image {}.", image.repository);
        match hub {
            Error::Unreachable(hub) => Error::Unreachable(format!("{here} {hub}")),
            Error::NoSuchImage(hub) => Error::NoSuchImage(format!("{here} {hub}")),
            Error::Refused(hub) => Error::Refused(format!("{here} {hub}")),
        }
    }

    async fn own_image(&self, image: &ImageRef) -> Result<Option<ResolvedImage>> {
        match self.engine.docker().inspect_image(&image.to_string()).await {
            Ok(found) => read_image(image, &found).map(Some),
            Err(EngineError::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
            Err(error) => Err(self.engine.explain(error)),
        }
    }

    pub(super) async fn image_tags(
        &self,
        repository: &Repository,
        credentials: Option<&Credentials>,
    ) -> Result<Vec<TagView>> {
        if repository.registry().is_none() {
            let own = self.own_tags(repository).await?;
            if !own.is_empty() {
                return Ok(own);
            }
        }
        self.registry.tags(repository, credentials).await
    }

    async fn own_tags(&self, repository: &Repository) -> Result<Vec<TagView>> {
        let wanted = HashMap::from([("reference", vec![repository.as_str()])]);
        let options = ListImagesOptionsBuilder::new().filters(&wanted).build();
        let images = self.engine.docker().list_images(Some(options)).await;
        let images = images.map_err(|error| self.engine.explain(error))?;
        let mut tags: Vec<_> = images.iter().flat_map(|image| tags_of(repository, image)).collect();
        tags.sort_by(|a, b| b.made_at.cmp(&a.made_at).then_with(|| crate::version::newest_first(&a.tag, &b.tag)));
        Ok(tags)
    }
}

fn read_image(image: &ImageRef, found: &ImageInspect) -> Result<ResolvedImage> {
    let id = found.id.as_deref().unwrap_or_default();
    let digest =
        id.parse().map_err(|_| Error::Refused(format!("The engine knows {image} by “{id}”, which is no digest.")))?;
    let exposed = found.config.as_ref().and_then(|config| config.exposed_ports.as_deref()).unwrap_or_default();
    Ok(ResolvedImage {
        digest,
        is_local: true,
        exposed_port: crate::registry::only_tcp_port(exposed.iter().map(String::as_str)),
        size: found.size.and_then(|size| u64::try_from(size).ok()),
    })
}

/// An image of the engine may have several tags, also of other repositories.
fn tags_of(repository: &Repository, image: &ImageSummary) -> Vec<TagView> {
    let digest: Option<Digest> = image.id.parse().ok();
    let of_this = |name: &String| name.strip_prefix(repository.as_str())?.strip_prefix(':')?.parse().ok();
    let view = |tag| TagView {
        tag,
        digest: digest.clone(),
        size: u64::try_from(image.size).ok(),
        made_at: Some(Timestamp(image.created * 1000)).filter(|made| made.0 > 0),
    };
    image.repo_tags.iter().filter_map(of_this).map(view).collect()
}
