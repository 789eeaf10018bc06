//! Reaching records through the actor. Nothing else in this crate looks an app or a project up for somebody: what a person
//! has no role for is not found, in the same words as what is not there. What they see and may not touch is refused, and
//! the refusal stands in the audit log.

use crate::{Error, Platform, Result, audit::Act, error::OrNotFound};
use domain::{Action, Actor, App, AppName, Project, ProjectId, Refusal, Rights, Subject, Team, TeamId};

/// A thing with the team it belongs to and what the actor is there.
pub(crate) struct Reached<T> {
    pub thing: T,
    pub project: Project,
    pub team: Team,
    pub role: Rights,
    gate: Gate,
}

/// A team with what the actor is there.
pub(crate) struct ReachedTeam {
    pub team: Team,
    pub role: Rights,
    gate: Gate,
}

/// Who stands before what.
struct Gate {
    platform: Platform,
    actor: Actor,
    about: About,
}

/// What is asked for, as the audit log names it.
#[derive(Clone)]
struct About {
    kind: &'static str,
    id: String,
    name: String,
}

impl<T> Reached<T> {
    /// Asks the permission table, and whether the team may change anything at present.
    pub async fn allowing(self, action: Action) -> Result<Self> {
        self.gate.pass(&self.team, self.role, action).await?;
        Ok(self)
    }
}

impl ReachedTeam {
    /// Asks the permission table, and whether the team may change anything at present.
    pub async fn allowing(self, action: Action) -> Result<Self> {
        self.gate.pass(&self.team, self.role, action).await?;
        Ok(self)
    }
}

impl Gate {
    async fn pass(&self, team: &Team, rights: Rights, action: Action) -> Result<()> {
        if let Err(refusal) = rights.check(action) {
            return Err(self.platform.refuse(&self.actor, Some(team.id), &self.about, refusal).await?);
        }
        match team.suspension().filter(|_| action.stops_while_suspended()) {
            Some(sentence) => Err(Error::Conflict(sentence)),
            None => Ok(()),
        }
    }
}

impl Platform {
    /// An app that the actor may see.
    pub(crate) async fn reach_app(&self, actor: &Actor, name: &str) -> Result<Reached<App>> {
        let not_found = || Error::not_found("app", name);
        let parsed: AppName = name.parse().map_err(|_| not_found())?;
        let apps = self.parts.store.apps();
        let app = if let Some(only) = actor.deploys() {
            apps.by_id(only).await?.filter(|app| app.name == parsed && app.deleted_at.is_none())
        } else if actor.platform_rights().may(Action::See) {
            apps.named(&parsed).await?.filter(|app| app.deleted_at.is_none())
        } else {
            apps.named_visible_to(&parsed, actor.id()).await?
        };
        let app = app.ok_or_else(not_found)?;
        let project = self.parts.store.projects().by_id(app.project_id).await?;
        let project = self.as_of_now(project.filter(|p| p.deleted_at.is_none()).ok_or_else(not_found)?);
        let rights = actor.rights_on(&app, project.team_id);
        let reached = self.reach_team_as(actor, project.team_id, rights).await;
        let ReachedTeam { team, role, mut gate } = reached.map_err(|_| not_found())?;
        gate.about = About { kind: "app", id: app.id.to_string(), name: app.name.to_string() };
        Ok(Reached { thing: app, project, team, role, gate })
    }

    /// A project that the actor may see.
    pub(crate) async fn reach_project(&self, actor: &Actor, id: ProjectId) -> Result<Reached<()>> {
        let not_found = || Error::not_found("project", id.to_string());
        let project = self.parts.store.projects().by_id(id).await?.filter(|p| p.deleted_at.is_none());
        let project = self.as_of_now(project.ok_or_else(not_found)?);
        let ReachedTeam { team, role, mut gate } =
            self.reach_team(actor, project.team_id).await.map_err(|_| not_found())?;
        gate.about = About { kind: "project", id: id.to_string(), name: project.name.to_string() };
        Ok(Reached { thing: (), project, team, role, gate })
    }

    /// A team that the actor may see.
    pub(crate) async fn reach_team(&self, actor: &Actor, id: TeamId) -> Result<ReachedTeam> {
        self.reach_team_as(actor, id, actor.rights_in(id)).await
    }

    async fn reach_team_as(&self, actor: &Actor, id: TeamId, rights: Rights) -> Result<ReachedTeam> {
        let role = Some(rights).filter(|rights| rights.may(Action::See));
        let role = role.or_not_found("team", id.to_string())?;
        let team = self.parts.store.teams().by_id(id).await?.or_not_found("team", id.to_string())?;
        let about = About { kind: "team", id: id.to_string(), name: team.name.to_string() };
        let gate = Gate { platform: self.clone(), actor: actor.clone(), about };
        Ok(ReachedTeam { team, role, gate })
    }

    /// Asks the permission table about the platform itself.
    pub(crate) async fn allow_on_platform(&self, actor: &Actor, action: Action) -> Result<()> {
        let Err(refusal) = actor.platform_rights().check(action) else { return Ok(()) };
        let about = About { kind: "platform", id: String::new(), name: String::new() };
        Err(self.refuse(actor, None, &about, refusal).await?)
    }

    /// Refuses what belongs to a person to whom is none: a token that deploys one app.
    pub(crate) async fn allow_own(&self, actor: &Actor) -> Result<()> {
        if actor.deploys().is_none() {
            return Ok(());
        }
        let rights = Rights { token: true, ..Rights::default() };
        let Err(refusal) = rights.check(Action::BeOneself) else { return Ok(()) };
        let about = About { kind: "person", id: String::new(), name: String::new() };
        Err(self.refuse(actor, None, &about, refusal).await?)
    }

    /// Writes a refusal down, and says who could change it.
    async fn refuse(&self, actor: &Actor, team: Option<TeamId>, about: &About, mut refusal: Refusal) -> Result<Error> {
        if let (Some(team), Subject::Team(_), false) = (team, refusal.needed, refusal.held.token) {
            refusal.givers = self.parts.store.teams().owners(team).await?;
        }
        let act = Act {
            action: format!("refused.{}", refusal.action.as_str()),
            kind: about.kind,
            id: about.id.clone(),
            name: &about.name,
            team,
            detail: format!("as {}", refusal.held),
        };
        write!(self, tx => self.note(&mut tx, actor, act));
        Ok(refusal.into())
    }
}
