//! Images and their tags, for the picker.

use crate::{Platform, Result};
use domain::{Actor, ImageRef, Repository, TagView};

/// Operations on images.
pub struct Images<'a>(pub(crate) &'a Platform);

impl Images<'_> {
    /// The tags of an image, newest first where ages are known.
    ///
    /// # Errors
    /// The registry does not answer or refuses; what is typed is no image name.
    pub async fn tags(&self, actor: &Actor, image: &str) -> Result<Vec<TagView>> {
        self.0.allow_own(actor).await?;
        let repository: Repository = image.trim().parse()?;
        let credentials = self.0.credentials_for(&repository).await?;
        Ok(self.0.parts.orchestrator.tags(&repository, credentials.as_ref()).await?)
    }

    /// Images that everybody may try.
    pub fn samples(&self) -> &[ImageRef] {
        &self.0.parts.samples
    }
}
