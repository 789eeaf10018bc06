//! Releases: numbered, immutable, and ready to come back whole.

use crate::{Platform, Result, access::Reached, error::OrNotFound};
use domain::{Action, Actor, Deploy};

/// Operations on releases.
pub struct Releases<'a>(pub(crate) &'a Platform);

impl Releases<'_> {
    /// Brings an earlier release back, image and settings together, by the same protocol as any deploy.
    ///
    /// # Errors
    /// The release is the one that has the traffic, or another deploy is under way.
    pub async fn roll_back(&self, actor: &Actor, name: &str, number: u32) -> Result<Deploy> {
        let Reached { thing: app, team, .. } = self.0.reach_app(actor, name).await?.allowing(Action::RollBack).await?;
        let store = &self.0.parts.store;
        let release =
            store.releases().numbered(app.id, number).await?.or_not_found("release", format!("r{number}"))?.release;
        if app.active_release == Some(release.id) {
            return Err(crate::Error::Conflict(format!("r{number} already has the traffic.")));
        }
        self.0.must_be_idle(&app).await?;
        let mut tx = store.begin().await?;
        let deploy = self.0.begin(&mut tx, actor, &app, team.id, &release, self.0.now()).await?;
        tx.commit().await?;
        self.0.under_way(&app);
        Ok(deploy)
    }
}
