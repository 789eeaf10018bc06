//! Apps: one deployable thing each.

use crate::{Error, Platform, Result, access::Reached, audit::Act};
use domain::{Action, Actor, App, AppId, AppName, AppOverview, Change, Deploy, HostName, NewApp, ProjectId};

/// How many releases and deploys the overview shows.
const RECENT: u32 = 20;

/// Operations on apps.
pub struct Apps<'a>(pub(crate) &'a Platform);

impl Apps<'_> {
    /// Makes an app and begins its first deploy, or does neither.
    ///
    /// # Errors
    /// A name that is no label, reserved or taken; whatever is wrong with the deploy.
    pub async fn create(&self, actor: &Actor, project: ProjectId, new: NewApp) -> Result<Deploy> {
        let reached = self.0.reach_project(actor, project).await?.allowing(Action::CreateApp).await?;
        let (Reached { project, team, .. }, pass) = reached.unless_frozen(&new.deploy.despite).await?;
        let name: AppName = new.name.trim().parse()?;
        self.must_be_free(&name).await?;
        let app = App {
            id: AppId::new(self.0.uuid()),
            project_id: project.id,
            name,
            active_release: None,
            created_at: self.0.now(),
            deleted_at: None,
            stopped: None,
        };
        let plan = self.0.plan(&app, None, new.deploy).await?;
        let mut tx = self.0.parts.store.begin().await?;
        self.0.must_have_room_for_an_app(&mut tx, team.id).await?;
        tx.apps().insert(&app).await.map_err(|e| self.taken_meanwhile(e, &app.name))?;
        let access = self.0.first_access();
        tx.access().put(app.id, &access, actor.person.email.as_str(), self.0.now()).await?;
        let act = Act {
            action: "app.create".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name: app.name.as_str(),
            team: Some(team.id),
            detail: format!("in {}, open to {}", project.name, access.who.as_str()),
        };
        self.0.note(&mut tx, actor, act).await?;
        let deploy = self.0.begin_new(&mut tx, actor, &app, team.id, plan, &pass).await?;
        tx.commit().await?;
        self.0.under_way(&app);
        Ok(deploy)
    }

    /// Whether a name could be used for a new app. The name alone says nothing of who has it.
    pub async fn check_name(&self, actor: &Actor, name: &str) -> Result<()> {
        self.0.allow_own(actor).await?;
        self.must_be_free(&name.trim().parse()?).await
    }

    /// Everything the page of an app shows.
    pub async fn overview(&self, actor: &Actor, name: &str) -> Result<AppOverview> {
        let Reached { thing: app, project, team, role, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::Inspect).await?;
        let store = &self.0.parts.store;
        let mut releases: Vec<_> =
            store.releases().of_app(app.id, RECENT).await?.into_iter().map(|s| s.release).collect();
        if !role.may(Action::ReadVariables) {
            for release in &mut releases {
                release.settings = release.settings.bare();
            }
        }
        let deploys = store.deploys().of_app(app.id, RECENT).await?;
        let seen = self.0.last_seen().await;
        let replicas = releases.iter().filter_map(|release| seen.get(&release.id)).flatten().cloned().collect();
        let host = HostName::of_app(&app.name, &self.0.parts.config.base_domain);
        let who = store.access().of(app.id).await?.who.bare();
        let asking = self.0.asking(&app, role).await?;
        let card = self.0.card_of(app, &(project, team, role)).await?;
        Ok(AppOverview { card, host, who, asking, role, replicas, releases, deploys })
    }

    /// Deletes an app: its address stops to answer at once, its replicas stop when nothing is under way on them.
    pub async fn delete(&self, actor: &Actor, name: &str) -> Result<()> {
        let reached = self.0.reach_app(actor, name).await?.allowing(Action::DeleteApp).await?;
        let app = &reached.thing;
        let mut tx = self.0.parts.store.begin().await?;
        tx.apps().mark_deleted(app.id, self.0.now()).await?;
        let act = Act {
            action: "app.delete".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name: app.name.as_str(),
            team: Some(reached.team.id),
            detail: String::new(),
        };
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        self.0.mend.notify_one();
        self.0.live.tell(Change::App(app.id));
        self.0.live.tell(Change::Project(app.project_id));
        Ok(())
    }

    async fn must_be_free(&self, name: &AppName) -> Result<()> {
        match self.0.parts.store.apps().named(name).await? {
            None => Ok(()),
            Some(_) => Err(self.taken(name)),
        }
    }

    fn taken(&self, name: &AppName) -> Error {
        let host = HostName::of_app(name, &self.0.parts.config.base_domain);
        Error::Conflict(format!("The name “{name}” is taken: {host} belongs to another app. Choose another name."))
    }

    fn taken_meanwhile(&self, error: store::Error, name: &AppName) -> Error {
        match error {
            store::Error::Conflict(_) => self.taken(name),
            other => other.into(),
        }
    }
}
