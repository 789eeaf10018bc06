//! An app's life between two deploys: replicas that start anew, an app that is stopped and started.

use crate::{Apps, Error, Platform, Result, access::Reached, audit::Act};
use domain::{Action, Actor, App, Change, Deploy, ReleaseId, Stopped, TeamId};
use store::{NewRelease, StoredRelease, Tx};

impl Apps<'_> {
    /// Starts the replicas of an app anew: a release of the same image and settings, by the protocol of any deploy, so that
    /// no request is lost.
    ///
    /// # Errors
    /// The project is frozen and `despite` gives no reason; the app is stopped, no release has the traffic, or a deploy is under way.
    pub async fn restart(&self, actor: &Actor, name: &str, despite: &str) -> Result<Deploy> {
        let reached = self.0.reach_app(actor, name).await?.allowing(Action::Restart).await?;
        let (_, pass) = reached.unless_frozen(despite).await?;
        let began_at = self.0.now();
        // Nobody else writes from here on, so that what is read stays true until the commit.
        let mut tx = self.0.parts.store.begin().await?;
        let Reached { thing: app, team, .. } = self.0.reach_app(actor, name).await?;
        if app.stopped.is_some() {
            return Err(Error::Conflict(format!("{name} is stopped. Start it instead.")));
        }
        self.0.must_be_idle(&app).await?;
        let StoredRelease { release: active, is_local } = self.0.active_of(&app, "restart").await?;
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
        let deploy = self.0.begin_release(&mut tx, actor, &app, team.id, release, began_at, &pass).await?;
        let detail = format!("r{} → r{}", active.number, deploy.number);
        self.0.note_life(&mut tx, actor, &app, team.id, ("app.restart", detail)).await?;
        tx.commit().await?;
        self.0.under_way(&app);
        Ok(deploy)
    }
    /// Stops an app: its address says so at once, and its replicas go when nothing is under way on them. It stays stopped,
    /// whatever is deployed, until somebody starts it.
    ///
    /// # Errors
    /// It is stopped already, no release has the traffic, or a deploy is on its way there.
    pub async fn stop(&self, actor: &Actor, name: &str) -> Result<()> {
        self.0.reach_app(actor, name).await?.allowing(Action::Stop).await?;
        // Nobody else writes from here on, so that what is read stays true until the commit.
        let mut tx = self.0.parts.store.begin().await?;
        let Reached { thing: app, team, .. } = self.0.reach_app(actor, name).await?;
        if let Some(Stopped { by, .. }) = &app.stopped {
            return Err(Error::Conflict(format!("{name} is stopped already, by {by}.")));
        }
        self.0.must_be_idle(&app).await?;
        let active = self.0.active_of(&app, "stop").await?.release;
        self.0.make_way(&mut tx, &app).await?;
        let stopped = Stopped { at: self.0.now(), by: actor.person.email.to_string() };
        tx.apps().set_stopped(app.id, Some(&stopped)).await?;
        self.0.note_life(&mut tx, actor, &app, team.id, ("app.stop", format!("r{}", active.number))).await?;
        tx.commit().await?;
        self.0.mend.notify_one();
        self.0.live.tell(Change::App(app.id));
        self.0.live.tell(Change::Project(app.project_id));
        Ok(())
    }

    /// Starts a stopped app: its release comes up, is probed and gets the traffic, by the protocol of any deploy. If that
    /// fails, the app is stopped as before.
    ///
    /// # Errors
    /// It is not stopped, a deploy is under way, or it does not fit into the team's limits any more.
    pub async fn start(&self, actor: &Actor, name: &str) -> Result<Deploy> {
        self.0.reach_app(actor, name).await?.allowing(Action::Stop).await?;
        let began_at = self.0.now();
        // Nobody else writes from here on, so that what is read stays true until the commit.
        let mut tx = self.0.parts.store.begin().await?;
        let Reached { thing: app, team, .. } = self.0.reach_app(actor, name).await?;
        self.0.must_be_idle(&app).await?;
        let Some(stopped) = app.stopped.clone() else {
            return Err(Error::Conflict(format!("{name} is not stopped.")));
        };
        let active = self.0.active_of(&app, "start").await?.release;
        let deploy = self.0.begin(&mut tx, actor, &app, team.id, &active, began_at, Some(stopped)).await?;
        self.0.note_life(&mut tx, actor, &app, team.id, ("app.start", format!("r{}", active.number))).await?;
        tx.commit().await?;
        self.0.under_way(&app);
        Ok(deploy)
    }
}

impl Platform {
    /// The release that has the traffic, or has it again after a stop.
    async fn active_of(&self, app: &App, what_for: &str) -> Result<StoredRelease> {
        let active = match app.active_release {
            Some(id) => self.parts.store.releases().by_id(id).await?,
            None => None,
        };
        active.ok_or_else(|| {
            Error::Conflict(format!("{} has nothing to {what_for}: no release has the traffic yet.", app.name))
        })
    }

    async fn note_life(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        app: &App,
        team: TeamId,
        (action, detail): (&str, String),
    ) -> Result<()> {
        let (action, id) = (action.to_owned(), app.id.to_string());
        let act = Act { action, kind: "app", id, name: app.name.as_str(), team: Some(team), detail };
        self.note(tx, actor, act).await
    }
}
