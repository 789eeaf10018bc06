//! Deploys: the attempt to bring a release into traffic. Here they are begun and cancelled; the controller drives them.

use crate::{
    Error, Platform, Result, access::Reached, audit::Act, deploy_keys::Request, error::OrNotFound, freezes::Pass,
};
use domain::{
    Action, Actor, App, Change, Deploy, DeployForm, DeployId, DeployState, ImageRef, Invalid, Outcome, Release,
    ReleaseId, Review, Settings, SettingsForm, Step, StepRecord, Stopped, TeamId, Timestamp, compare, human_millis,
};
use store::{NewRelease, Tx};

/// Operations on deploys.
pub struct Deploys<'a>(pub(crate) &'a Platform);

/// A deploy whose image has been found and whose settings are good, before anything is written.
pub(crate) struct Plan {
    image: ImageRef,
    resolved: orchestrator::ResolvedImage,
    settings: Settings,
    reason: String,
    began_at: Timestamp,
}

impl Deploys<'_> {
    /// Makes a release of an app and begins to bring it into traffic. What the form leaves out stays as it was.
    ///
    /// # Errors
    /// An image that is not there, settings that cannot be, or another deploy of the app that is under way.
    pub async fn start(&self, actor: &Actor, name: &str, form: DeployForm) -> Result<Deploy> {
        self.begin_for(actor, name, form, None).await
    }

    /// What a deploy would do, before it is done.
    ///
    /// # Errors
    /// As for [`Deploys::start`], before anything is written.
    pub async fn review(&self, actor: &Actor, name: &str, form: DeployForm) -> Result<Review> {
        let (Reached { thing: app, team, role, .. }, _) = self.reach(actor, name, &form).await?;
        self.0.must_be_idle(&app).await?;
        let last = self.0.parts.store.releases().last_of(app.id).await?.map(|stored| stored.release);
        let plan = self.0.plan(&app, last.as_ref(), form).await?;
        let mut tx = self.0.parts.store.begin().await?;
        self.0.must_fit(&mut tx, team.id, app.id, &plan.settings).await?;
        let Some(last) = last else { return Ok(Review { base: 0, next: 1, differences: Vec::new() }) };
        let next = Release {
            number: last.number + 1,
            image: plan.image,
            digest: plan.resolved.digest,
            settings: plan.settings,
            ..last.clone()
        };
        let differences = compare(&last, &next, role.may(Action::ReadVariables));
        Ok(Review { base: last.number, next: next.number, differences })
    }

    /// Who may deploy may not change settings on the way, unless they may change settings.
    async fn reach(&self, actor: &Actor, name: &str, form: &DeployForm) -> Result<(Reached<App>, Pass)> {
        let mut reached = self.0.reach_app(actor, name).await?.allowing(Action::Deploy).await?;
        if form.settings != SettingsForm::default() {
            reached = reached.allowing(Action::ChangeSettings).await?;
        }
        reached.unless_frozen(&form.despite).await
    }

    pub(crate) async fn begin_for(
        &self,
        actor: &Actor,
        name: &str,
        form: DeployForm,
        request: Option<&Request>,
    ) -> Result<Deploy> {
        let (Reached { thing: app, team, .. }, pass) = self.reach(actor, name, &form).await?;
        self.0.must_be_idle(&app).await?;
        let last = self.0.parts.store.releases().last_of(app.id).await?;
        let plan = self.0.plan(&app, last.map(|s| s.release).as_ref(), form).await?;
        let mut tx = self.0.parts.store.begin().await?;
        let deploy = self.0.begin_new(&mut tx, actor, &app, team.id, plan, &pass).await?;
        if let Some(request) = request {
            self.0.remember(&mut tx, app.id, request, &deploy).await?;
        }
        tx.commit().await?;
        self.0.under_way(&app);
        Ok(deploy)
    }

    /// One deploy of an app.
    pub async fn find(&self, actor: &Actor, name: &str, id: DeployId) -> Result<Deploy> {
        let app = self.0.reach_app(actor, name).await?.allowing(Action::Inspect).await?.thing;
        let deploy = self.0.parts.store.deploys().by_id(id).await?.filter(|deploy| deploy.app_id == app.id);
        deploy.or_not_found("deploy", id.to_string())
    }

    /// Asks a deploy to stop: the old release keeps the traffic, or gets it back.
    pub async fn cancel(&self, actor: &Actor, name: &str, id: DeployId) -> Result<()> {
        let reached = self.0.reach_app(actor, name).await?.allowing(Action::CancelDeploy).await?;
        let deploy = self.find(actor, name, id).await?;
        if deploy.state.is_over() || deploy.state == DeployState::Under(Step::Retire) {
            return Err(Error::Conflict(format!("The deploy of r{} is over; roll back instead.", deploy.number)));
        }
        let mut tx = self.0.parts.store.begin().await?;
        tx.deploys().request_cancel(id, self.0.now()).await?;
        let act = Act {
            action: "deploy.cancel".to_owned(),
            kind: "deploy",
            id: id.to_string(),
            name,
            team: Some(reached.team.id),
            detail: format!("r{}", deploy.number),
        };
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        self.0.live.tell(Change::App(reached.thing.id));
        Ok(())
    }
}

impl Platform {
    /// Finds the image and checks the settings. Nothing is written; registries are asked here, outside of any transaction.
    pub(crate) async fn plan(&self, app: &App, last: Option<&Release>, form: DeployForm) -> Result<Plan> {
        let began_at = self.now();
        let image = image(&form, last)?;
        let mut settings = form.settings.clone().over(last.map(|release| &release.settings))?;
        settings.check()?;
        let credentials = self.credentials_for(&image.repository).await?;
        let resolved = self.parts.orchestrator.resolve(&image, credentials.as_ref()).await?;
        if let (None, None, Some(port)) = (form.settings.port, last, resolved.exposed_port) {
            settings.port = u64::from(port).try_into()?;
        }
        tracing::debug!(app.id = %app.id, image.digest = %resolved.digest, "the image was found");
        Ok(Plan { image, resolved, settings, reason: form.reason.trim().chars().take(500).collect(), began_at })
    }

    /// Writes the release and its deploy.
    pub(crate) async fn begin_new(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        app: &App,
        team: TeamId,
        plan: Plan,
        pass: &Pass,
    ) -> Result<Deploy> {
        let release = NewRelease {
            id: ReleaseId::new(self.uuid()),
            app_id: app.id,
            image: plan.image,
            digest: plan.resolved.digest,
            is_local: plan.resolved.is_local,
            settings: plan.settings,
            made_by: actor.by(),
            made_at: self.now(),
            reason: plan.reason,
        };
        self.begin_release(tx, actor, app, team, release, plan.began_at, pass).await
    }

    /// Writes a release of an image that is known to be there, and its deploy.
    #[expect(clippy::too_many_arguments, reason = "who, what and from where; each stands for itself")]
    pub(crate) async fn begin_release(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        app: &App,
        team: TeamId,
        release: NewRelease,
        began_at: Timestamp,
        pass: &Pass,
    ) -> Result<Deploy> {
        let stored = tx.releases().insert(release).await?;
        self.note_pass(tx, actor, app, team, stored.release.number, pass).await?;
        self.begin(tx, actor, app, team, &stored.release, began_at, None).await
    }

    /// Writes a deploy of a release that is there. The deploys of a stopped app start no replica, but for the one that ends
    /// the stop: that names it in `from_stopped`.
    #[expect(clippy::too_many_arguments, reason = "who, what and from where; each stands for itself")]
    pub(crate) async fn begin(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        app: &App,
        team: TeamId,
        release: &Release,
        began_at: Timestamp,
        from_stopped: Option<Stopped>,
    ) -> Result<Deploy> {
        let from = match app.active_release {
            Some(id) => tx.releases().by_id(id).await?.map(|stored| stored.release),
            None => None,
        };
        let found = StepRecord {
            step: Step::Resolve,
            started_at: began_at,
            ended_at: Some(self.now()),
            outcome: Some(Outcome::Done),
            detail: format!("{} is {}", release.image, release.digest.short()),
        };
        let deploy = Deploy {
            id: DeployId::new(self.uuid()),
            app_id: app.id,
            release_id: release.id,
            number: release.number,
            from_release: from.as_ref().map(|r| r.id),
            from_number: from.as_ref().map(|r| r.number),
            from_stopped,
            state: DeployState::Under(Step::Prepare),
            steps: vec![found],
            reason: String::new(),
            last_lines: Vec::new(),
            started_by: actor.by(),
            started_at: began_at,
            ended_at: None,
            cancel_requested_at: None,
            lost_requests: 0,
        };
        if app.stopped == deploy.from_stopped {
            self.must_fit(tx, team, app.id, &release.settings).await?;
        }
        self.make_way(tx, app).await?;
        tx.deploys().insert(&deploy).await.map_err(|e| busy_meanwhile(e, app))?;
        let act = Act {
            action: "deploy.start".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name: app.name.as_str(),
            team: Some(team),
            detail: format!("r{}: {}", release.number, release.image),
        };
        self.note(tx, actor, act).await?;
        Ok(deploy)
    }

    /// Wakes the controller and tells open pages, after the commit.
    pub(crate) fn under_way(&self, app: &App) {
        self.wake.notify_one();
        self.live.tell(Change::App(app.id));
        self.live.tell(Change::Project(app.project_id));
    }

    /// Refuses while another deploy of the app is on its way to the traffic. One that has arrived makes way.
    pub(crate) async fn must_be_idle(&self, app: &App) -> Result<()> {
        let Some(open) = self.parts.store.deploys().unfinished_of(app.id).await? else { return Ok(()) };
        if makes_way(&open) {
            return Ok(());
        }
        let since = human_millis(self.now().millis_since(open.started_at));
        let (number, doing) = (open.number, open.state.doing());
        Err(Error::Conflict(format!(
            "r{number} is being deployed by {} since {since}: {doing}. Wait for it or cancel it.",
            open.started_by
        )))
    }

    /// Ends a deploy that only watches the release it brought, because a newer one comes.
    pub(crate) async fn make_way(&self, tx: &mut Tx, app: &App) -> Result<()> {
        let Some(open) = tx.deploys().unfinished_of(app.id).await? else { return Ok(()) };
        let DeployState::Under(step) = open.state else { return Ok(()) };
        if makes_way(&open) {
            tx.deploys().end_step(open.id, step, self.now(), Outcome::Skipped, "cut short by what came next").await?;
            tx.deploys().finish(open.id, DeployState::Done, self.now(), "", &[]).await?;
        }
        Ok(())
    }
}

/// Whether a deploy has brought its release into traffic and only cares for the old one still.
fn makes_way(deploy: &Deploy) -> bool {
    matches!(deploy.state, DeployState::Under(Step::Drain | Step::Watch | Step::Retire))
        && deploy.cancel_requested_at.is_none()
}

/// The image that a form means: what it names, or the last release's repository. A tag may stand behind the image.
fn image(form: &DeployForm, last: Option<&Release>) -> Result<ImageRef> {
    let typed = form.image.trim();
    let (repository, tag) = match typed.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') && form.tag.trim().is_empty() => (repository, tag),
        _ => (typed, form.tag.trim()),
    };
    let repository = match (repository, last) {
        ("", Some(last)) => last.image.repository.clone(),
        (typed, _) => typed.parse()?,
    };
    let tag = match (tag, last) {
        ("", None) => return Err(Invalid::new("tag", "Name the tag to deploy, such as “1.0”.").into()),
        ("", Some(last)) => last.image.tag.clone(),
        (typed, _) => typed.parse()?,
    };
    Ok(ImageRef { repository, tag })
}

fn busy_meanwhile(error: store::Error, app: &App) -> Error {
    match error {
        store::Error::Conflict(_) => {
            Error::Conflict(format!("Another deploy of {} began just now. Wait for it or cancel it.", app.name))
        }
        other => other.into(),
    }
}
