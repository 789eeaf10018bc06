//! Freezes: a time in which nobody makes releases in a project. What brings back what has served already, a rollback or a
//! start, stays possible: a freeze keeps changes out and is no obstacle in an incident.

use crate::{Error, Platform, Projects, Result, access::Reached, audit::Act};
use domain::{Action, Actor, App, Change, Freeze, FreezeForm, Project, ProjectId, TeamId};
use store::Tx;

/// That a release may be made: there is no freeze, or somebody who may overrides it and says why. Whatever makes a release
/// asks for one.
pub(crate) struct Pass {
    despite: Option<String>,
}

impl Projects<'_> {
    /// Refuses releases in a project for a while. A freeze that is there is replaced.
    ///
    /// # Errors
    /// A moment that has passed, or no reason.
    pub async fn freeze(&self, actor: &Actor, id: ProjectId, form: FreezeForm) -> Result<()> {
        let Reached { project, .. } = self.0.reach_project(actor, id).await?.allowing(Action::Freeze).await?;
        let at = self.0.now();
        let (until, reason) = form.check(at)?;
        let freeze = Freeze { at, by: actor.person.email.to_string(), until, reason };
        let detail = format!("until {}: {}", until.to_utc(), freeze.reason);
        self.put_freeze(actor, &project, Some(&freeze), ("project.freeze", detail)).await
    }

    /// Ends a freeze before its time.
    ///
    /// # Errors
    /// There is none.
    pub async fn lift_freeze(&self, actor: &Actor, id: ProjectId) -> Result<()> {
        let Reached { project, .. } = self.0.reach_project(actor, id).await?.allowing(Action::Freeze).await?;
        let Some(freeze) = &project.freeze else {
            return Err(Error::Conflict(format!("{} is not frozen.", project.name)));
        };
        let detail = format!("{} had frozen it until {}", freeze.by, freeze.until.to_utc());
        self.put_freeze(actor, &project, None, ("project.lift_freeze", detail)).await
    }

    async fn put_freeze(
        &self,
        actor: &Actor,
        project: &Project,
        freeze: Option<&Freeze>,
        (action, detail): (&str, String),
    ) -> Result<()> {
        let mut tx = self.0.parts.store.begin().await?;
        tx.projects().set_freeze(project.id, freeze).await?;
        let act = Act {
            action: action.to_owned(),
            kind: "project",
            id: project.id.to_string(),
            name: project.name.as_str(),
            team: Some(project.team_id),
            detail,
        };
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Project(project.id));
        for app in self.0.parts.store.apps().of_project(project.id).await? {
            self.0.live.tell(Change::App(app.id));
        }
        Ok(())
    }
}

impl<T> Reached<T> {
    /// Refuses while the project is frozen, unless a reason is given by somebody who may override that.
    pub async fn unless_frozen(self, despite: &str) -> Result<(Self, Pass)> {
        let (despite, Some(freeze)) = (despite.trim(), &self.project.freeze) else {
            return Ok((self, Pass { despite: None }));
        };
        if despite.is_empty() {
            return Err(Error::Conflict(freeze.sentence(&self.project.name)));
        }
        let despite = Some(despite.chars().take(500).collect());
        Ok((self.allowing(Action::Freeze).await?, Pass { despite }))
    }
}

impl Platform {
    /// Writes down that somebody made a release in spite of a freeze, and why.
    pub(crate) async fn note_pass(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        app: &App,
        team: TeamId,
        number: u32,
        pass: &Pass,
    ) -> Result<()> {
        let Some(despite) = &pass.despite else { return Ok(()) };
        let act = Act {
            action: "project.override_freeze".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name: app.name.as_str(),
            team: Some(team),
            detail: format!("r{number}: {despite}"),
        };
        self.note(tx, actor, act).await
    }

    /// A project as it is now: a freeze that has run out is none.
    pub(crate) fn as_of_now(&self, project: Project) -> Project {
        let freeze = project.freeze.filter(|freeze| freeze.is_in_force(self.now()));
        Project { freeze, ..project }
    }
}
