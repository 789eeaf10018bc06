//! Turns an executable into an image, with neither a build nor a registry: the executable, the libraries that it is
//! linked with and a handful of small files become one layer, and the engine loads it.
//!
//! An image carries the hash of what it was made from as a label, so that nothing is loaded twice.

mod archive;
mod layer;
mod libraries;
mod upload;

use crate::error::is_not_found;
use crate::{Error, Result};
use archive::Archive;
use bollard::Docker;
use bollard::query_parameters::ImportImageOptions;
use futures::TryStreamExt;
use layer::Layer;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The label that holds the hash of an image's content.
pub const CONTENT_LABEL: &str = "slipway.content";

/// The user and group that a packed program runs as, unless its container says otherwise.
pub const PACKED_UID: u32 = 65_532;

/// What an image shall be, apart from the program in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Recipe {
    /// Repository and tag: `slipway-sample:1.0`.
    pub reference: String,
    /// Arguments of the program.
    pub arguments: Vec<String>,
    /// Environment, by name.
    pub environment: BTreeMap<String, String>,
    /// The TCP port that the image says it listens on.
    pub exposed_port: Option<u16>,
    /// Labels, by name.
    pub labels: BTreeMap<String, String>,
}

impl Recipe {
    /// An image with this repository and tag, and nothing said beyond that.
    pub fn named(reference: impl Into<String>) -> Self {
        Self {
            reference: reference.into(),
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            exposed_port: None,
            labels: BTreeMap::new(),
        }
    }

    /// The same with a variable set.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }
}

/// An image that the engine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedImage {
    /// Repository and tag.
    pub reference: String,
    /// The engine's id of it: `sha256:...`, the hash of its configuration.
    pub id: String,
    /// Whether it had to be loaded by this call.
    pub was_loaded: bool,
}

/// An executable with all that it needs, measured and ready to become images.
#[derive(Debug, Clone)]
pub struct Program {
    executable: PathBuf,
    layer: Layer,
}

impl Program {
    /// Reads an executable and the libraries that it is linked with.
    pub async fn measure(executable: &Path) -> Result<Self> {
        let executable = executable.to_owned();
        let measured = tokio::task::spawn_blocking(move || Ok(Self { layer: Layer::of(&executable)?, executable }));
        measured.await.map_err(internal)?
    }

    /// The file that it was read from.
    pub fn executable(&self) -> &Path {
        &self.executable
    }

    /// Sees to it that the engine has these images of the program, all of them with the same single layer. Images that
    /// are there already, made from the same content, are left alone. Later recipes count as newer.
    pub async fn ensure_images(&self, docker: &Docker, recipes: &[Recipe]) -> Result<Vec<PackedImage>> {
        let archive = Archive::new(self.layer.clone(), recipes);
        let mut images = Vec::new();
        for planned in &archive.images {
            let present = id_of(docker, &planned.reference, &planned.content).await?;
            let was_loaded = present.is_none();
            let id = present.unwrap_or_else(|| planned.id.clone());
            images.push(PackedImage { reference: planned.reference.clone(), id, was_loaded });
        }
        let missing: Vec<_> = images.iter().enumerate().filter(|(_, i)| i.was_loaded).map(|(index, _)| index).collect();
        if !missing.is_empty() {
            load(docker, archive, &missing).await?;
        }
        Ok(images)
    }
}

/// Measures an executable and sees to it that the engine has these images of it.
pub async fn ensure_packed(docker: &Docker, executable: &Path, recipes: &[Recipe]) -> Result<Vec<PackedImage>> {
    Program::measure(executable).await?.ensure_images(docker, recipes).await
}

/// The id of an image, when the engine has it with this content.
async fn id_of(docker: &Docker, reference: &str, content: &str) -> Result<Option<String>> {
    let image = match docker.inspect_image(reference).await {
        Ok(image) => image,
        Err(error) if is_not_found(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let labels = image.config.and_then(|config| config.labels).unwrap_or_default();
    Ok(image.id.filter(|_| labels.get(CONTENT_LABEL).is_some_and(|label| label == content)))
}

async fn load(docker: &Docker, archive: Archive, which: &[usize]) -> Result<()> {
    let body = upload::stream(archive, which)?;
    docker.import_image_stream(ImportImageOptions::default(), body, None).try_collect::<Vec<_>>().await?;
    Ok(())
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Refused(format!("The image could not be packed: {error}."))
}
