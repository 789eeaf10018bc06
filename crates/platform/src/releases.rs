//! Releases: numbered, immutable, and ready to come back whole.

use crate::{Platform, Result, access::Reached, error::OrNotFound};
use domain::{Action, Actor, Comparison, Deploy, Release, Rights, compare};

/// How many releases can be chosen for a comparison.
const RECENT: u32 = 100;

/// Operations on releases.
pub struct Releases<'a>(pub(crate) &'a Platform);

/// A release as somebody may read it, and whether that includes its variables.
pub(crate) fn readable(release: Release, rights: Rights) -> (Release, bool) {
    let shows = rights.may(Action::ReadVariables);
    let settings = if shows { release.settings } else { release.settings.bare() };
    (Release { settings, ..release }, shows)
}

impl Releases<'_> {
    /// One release of an app, and whether the actor may read its variables. Who may not gets none.
    pub async fn find(&self, actor: &Actor, name: &str, number: u32) -> Result<(Release, bool)> {
        let Reached { thing: app, role, .. } = self.0.reach_app(actor, name).await?.allowing(Action::Inspect).await?;
        let found = self.0.parts.store.releases().numbered(app.id, number).await?;
        let release = found.or_not_found("release", format!("r{number}"))?.release;
        Ok(readable(release, role))
    }

    /// What is different between two releases of an app. Values of variables are masked for those who may not read them.
    pub async fn compare(&self, actor: &Actor, name: &str, from: u32, to: u32) -> Result<Comparison> {
        let Reached { thing: app, role, .. } = self.0.reach_app(actor, name).await?.allowing(Action::Inspect).await?;
        let store = &self.0.parts.store;
        let numbered = async |number| {
            let stored = store.releases().numbered(app.id, number).await?;
            stored.map(|stored| stored.release).or_not_found("release", format!("r{number}"))
        };
        let (mut from, mut to) = (numbered(from).await?, numbered(to).await?);
        let differences = compare(&from, &to, role.may(Action::ReadVariables));
        from.settings = from.settings.bare();
        to.settings = to.settings.bare();
        let recent = store.releases().of_app(app.id, RECENT).await?;
        let numbers = recent.into_iter().map(|stored| stored.release.number).collect();
        Ok(Comparison { from, to, differences, numbers })
    }

    /// Brings an earlier release back, image and settings together, by the same protocol as any deploy. A freeze does not
    /// stand in the way of one that had the traffic before: it may be what ends an incident.
    ///
    /// # Errors
    /// The release is the one that has the traffic, another deploy is under way, or it never arrived and the project is
    /// frozen.
    pub async fn roll_back(&self, actor: &Actor, name: &str, number: u32) -> Result<Deploy> {
        let reached = self.0.reach_app(actor, name).await?.allowing(Action::RollBack).await?;
        let store = &self.0.parts.store;
        let never_arrived = async || match store.releases().numbered(reached.thing.id, number).await? {
            Some(known) => store.deploys().has_arrived(known.release.id).await.map(|arrived| !arrived),
            None => Ok(false),
        };
        let is_new = reached.project.freeze.is_some() && never_arrived().await?;
        let Reached { thing: app, team, .. } = if is_new { reached.unless_frozen("").await?.0 } else { reached };
        let release =
            store.releases().numbered(app.id, number).await?.or_not_found("release", format!("r{number}"))?.release;
        if app.active_release == Some(release.id) {
            return Err(crate::Error::Conflict(format!("r{number} already has the traffic.")));
        }
        self.0.must_be_idle(&app).await?;
        let mut tx = store.begin().await?;
        let deploy = self.0.begin(&mut tx, actor, &app, team.id, &release, self.0.now(), None).await?;
        tx.commit().await?;
        self.0.under_way(&app);
        Ok(deploy)
    }
}
