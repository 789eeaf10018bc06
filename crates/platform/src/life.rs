//! An app's life between two deploys: replicas that start anew.

use crate::{Apps, Error, Result, access::Reached, audit::Act};
use domain::{Action, Actor, Deploy, ReleaseId};
use store::NewRelease;

impl Apps<'_> {
    /// Starts the replicas of an app anew: a release of the same image and settings, by the protocol of any deploy, so that
    /// no request is lost.
    ///
    /// # Errors
    /// No release has the traffic, or a deploy is under way.
    pub async fn restart(&self, actor: &Actor, name: &str) -> Result<Deploy> {
        self.0.reach_app(actor, name).await?.allowing(Action::Restart).await?;
        let began_at = self.0.now();
        // Nobody else writes from here on, so that what is read stays true until the commit.
        let mut tx = self.0.parts.store.begin().await?;
        let Reached { thing: app, team, .. } = self.0.reach_app(actor, name).await?;
        self.0.must_be_idle(&app).await?;
        let active = match app.active_release {
            Some(id) => self.0.parts.store.releases().by_id(id).await?,
            None => None,
        };
        let Some(store::StoredRelease { release: active, is_local }) = active else {
            return Err(Error::Conflict(format!("{name} has nothing to restart: no release has the traffic yet.")));
        };
        let release = NewRelease {
            id: ReleaseId::new(self.0.uuid()),
            app_id: app.id,
            image: active.image,
            digest: active.digest,
            is_local,
            settings: active.settings,
            made_by: actor.person.email.to_string(),
            made_at: self.0.now(),
            reason: "restart".to_owned(),
        };
        let deploy = self.0.begin_release(&mut tx, actor, &app, team.id, release, began_at).await?;
        let act = Act {
            action: "app.restart".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name,
            team: Some(team.id),
            detail: format!("r{} → r{}", active.number, deploy.number),
        };
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        self.0.under_way(&app);
        Ok(deploy)
    }
}
