//! Tenants: who belongs to them, and what they may use.

use crate::{Error, Platform, Result, access::ReachedTeam, audit::Act, error::OrNotFound};
use domain::{
    Action, Actor, Change, Member, PersonId, Quota, QuotaForm, Role, Team, TeamId, TeamList, TeamName, TeamOverview,
};
use store::Tx;

/// Operations on teams.
pub struct Teams<'a>(pub(crate) &'a Platform);

impl Teams<'_> {
    /// The people of a team.
    pub async fn members(&self, actor: &Actor, id: TeamId) -> Result<Vec<Member>> {
        let team = self.0.reach_team(actor, id).await?.allowing(Action::SeePeople).await?.team;
        Ok(self.0.parts.store.teams().members(team.id).await?)
    }

    /// Everything the pages of a team show.
    pub async fn overview(&self, actor: &Actor, id: TeamId) -> Result<TeamOverview> {
        let ReachedTeam { team, role, .. } = self.0.reach_team(actor, id).await?;
        let store = &self.0.parts.store;
        let members = if role.may(Action::SeePeople) { store.teams().members(id).await? } else { Vec::new() };
        let invitations =
            if role.may(Action::ManagePeople) { store.invitations().of_team(id).await? } else { Vec::new() };
        Ok(TeamOverview {
            role,
            console: self.0.parts.config.address(&self.0.parts.config.base_domain),
            you: actor.person.clone(),
            members,
            invitations,
            projects: store.teams().projects_in(id).await?,
            quota: store.quotas().of_team(id).await?,
            used: store.quotas().used_by(id, None).await?,
            team,
        })
    }

    /// The teams that the actor belongs to, and all of the platform if they may see those.
    pub async fn list(&self, actor: &Actor) -> Result<TeamList> {
        self.0.allow_own(actor).await?;
        let teams = self.0.parts.store.teams();
        let sees_all = actor.platform_rights().may(Action::SeeAllTeams);
        let all = if sees_all { Some(teams.all().await?) } else { None };
        Ok(TeamList { own: teams.of_person(actor.id()).await?, all })
    }

    /// Makes a team, whose owner is who made it.
    ///
    /// # Errors
    /// A name that is no label, or that another team has.
    pub async fn create(&self, actor: &Actor, name: &str) -> Result<Team> {
        self.0.allow_own(actor).await?;
        let name: TeamName = name.trim().parse()?;
        let now = self.0.now();
        let team = Team { id: TeamId::new(self.0.uuid()), name, created_at: now, suspended_at: None };
        let mut tx = self.0.parts.store.begin().await?;
        tx.teams().insert(&team).await.map_err(|e| taken(e, &team.name))?;
        tx.teams().put_member(team.id, actor.id(), Role::Owner, now).await?;
        self.0.note(&mut tx, actor, act(&team, "team.create", String::new())).await?;
        tx.commit().await?;
        self.0.live.tell_rights_changed(actor.id());
        Ok(team)
    }

    /// Gives a team another name. Nothing else changes: everything is kept by its id.
    pub async fn rename(&self, actor: &Actor, id: TeamId, name: &str) -> Result<()> {
        let team = self.0.reach_team(actor, id).await?.allowing(Action::RenameTeam).await?.team;
        let name: TeamName = name.trim().parse()?;
        let mut tx = self.0.parts.store.begin().await?;
        tx.teams().rename(id, &name).await.map_err(|e| taken(e, &name))?;
        let renamed = Team { name, ..team.clone() };
        self.0.note(&mut tx, actor, act(&renamed, "team.rename", format!("it was {}", team.name))).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(id));
        Ok(())
    }

    /// Deletes a team with its memberships and invitations.
    ///
    /// # Errors
    /// It still has projects.
    pub async fn delete(&self, actor: &Actor, id: TeamId) -> Result<()> {
        let team = self.0.reach_team(actor, id).await?.allowing(Action::DeleteTeam).await?.team;
        let mut tx = self.0.parts.store.begin().await?;
        let (names, members) = (names_of_projects(&mut tx, id).await?, tx.teams().members(id).await?);
        if !names.is_empty() {
            let sentence = format!("{} is not empty: delete its projects first ({}).", team.name, names.join(", "));
            return Err(Error::Conflict(sentence));
        }
        if !tx.teams().delete(id).await? {
            let sentence = "A project of the team is still being taken away. Try again in a moment.";
            return Err(Error::Conflict(sentence.to_owned()));
        }
        self.0.note(&mut tx, actor, act(&team, "team.delete", format!("with {} people", members.len()))).await?;
        tx.commit().await?;
        for member in members {
            self.0.live.tell_rights_changed(member.person.id);
        }
        Ok(())
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// The last owner stays one.
    pub async fn give_role(&self, actor: &Actor, id: TeamId, person: PersonId, role: Role) -> Result<()> {
        let team = self.0.reach_team(actor, id).await?.allowing(Action::ManagePeople).await?.team;
        let mut tx = self.0.parts.store.begin().await?;
        self.0.must_still_manage(&mut tx, actor, &team).await?;
        let member = member(&mut tx, id, person).await?;
        if role != Role::Owner {
            must_not_be_last_owner(&mut tx, &team, &member).await?;
        }
        tx.teams().put_member(id, person, role, self.0.now()).await?;
        let detail = format!("{role} instead of {}", member.role);
        self.0.note(&mut tx, actor, about_member(&team, &member, "member.role", detail)).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(team.id));
        self.0.live.tell_rights_changed(person);
        Ok(())
    }

    /// Ends a membership.
    ///
    /// # Errors
    /// The last owner stays.
    pub async fn remove(&self, actor: &Actor, id: TeamId, person: PersonId) -> Result<()> {
        let team = self.0.reach_team(actor, id).await?.allowing(Action::ManagePeople).await?.team;
        self.end_membership(actor, &team, person, "member.remove").await
    }

    /// Leaves a team.
    ///
    /// # Errors
    /// The last owner stays.
    pub async fn leave(&self, actor: &Actor, id: TeamId) -> Result<()> {
        let team = self.0.reach_team(actor, id).await?.team;
        self.end_membership(actor, &team, actor.id(), "member.leave").await
    }

    async fn end_membership(&self, actor: &Actor, team: &Team, person: PersonId, action: &str) -> Result<()> {
        let mut tx = self.0.parts.store.begin().await?;
        if person != actor.id() {
            self.0.must_still_manage(&mut tx, actor, team).await?;
        }
        let member = member(&mut tx, team.id, person).await?;
        must_not_be_last_owner(&mut tx, team, &member).await?;
        tx.teams().remove_member(team.id, person).await?;
        let detail = format!("was {}", member.role);
        self.0.note(&mut tx, actor, about_member(team, &member, action, detail)).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(team.id));
        self.0.live.tell_rights_changed(person);
        Ok(())
    }

    /// Refuses changes to a team's things until it is let go on. What runs keeps serving.
    pub async fn suspend(&self, actor: &Actor, id: TeamId) -> Result<()> {
        let team = self.0.reach_team(actor, id).await?.allowing(Action::SuspendTeam).await?.team;
        if team.suspended_at.is_some() {
            return Ok(());
        }
        let now = self.0.now();
        let mut tx = self.0.parts.store.begin().await?;
        tx.teams().set_suspended(id, Some(now)).await?;
        self.0.note(&mut tx, actor, act(&team, "team.suspend", String::new())).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(id));
        Ok(())
    }

    /// Lets a suspended team go on.
    pub async fn resume(&self, actor: &Actor, id: TeamId) -> Result<()> {
        let team = self.0.reach_team(actor, id).await?.allowing(Action::SuspendTeam).await?.team;
        let mut tx = self.0.parts.store.begin().await?;
        tx.teams().set_suspended(id, None).await?;
        self.0.note(&mut tx, actor, act(&team, "team.resume", String::new())).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(id));
        Ok(())
    }

    /// Limits what a team may use. What is there already stays, also above the limit.
    pub async fn set_quota(&self, actor: &Actor, id: TeamId, form: QuotaForm) -> Result<()> {
        let team = self.0.reach_team(actor, id).await?.allowing(Action::SetQuota).await?.team;
        let quota: Quota = form.try_into()?;
        let mut tx = self.0.parts.store.begin().await?;
        tx.quotas().put(id, &quota).await?;
        self.0.note(&mut tx, actor, act(&team, "team.quota", quota.in_short())).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(id));
        Ok(())
    }
}

impl Platform {
    /// Looks once more inside the transaction: of two owners who take each other's role, one came first.
    pub(crate) async fn must_still_manage(&self, tx: &mut Tx, actor: &Actor, team: &Team) -> Result<()> {
        let role = tx.teams().role_of(team.id, actor.id()).await?;
        let rights = domain::Rights { team: role, ..actor.platform_rights() };
        if !rights.may(Action::See) {
            return Err(Error::not_found("team", team.id.to_string()));
        }
        Ok(rights.check(Action::ManagePeople)?)
    }
}

async fn names_of_projects(tx: &mut Tx, id: TeamId) -> Result<Vec<String>> {
    Ok(tx.projects().of_teams(&[id]).await?.into_iter().map(|project| project.name.to_string()).collect())
}

async fn member(tx: &mut Tx, team: TeamId, person: PersonId) -> Result<Member> {
    let members = tx.teams().members(team).await?;
    members.into_iter().find(|member| member.person.id == person).or_not_found("person", person.to_string())
}

async fn must_not_be_last_owner(tx: &mut Tx, team: &Team, member: &Member) -> Result<()> {
    if tx.teams().owners(team.id).await? == [member.person.email.clone()] {
        return Err(Error::Conflict(format!(
            "{} is the last owner of {}. Make somebody else an owner first, or delete the team.",
            member.person.email, team.name
        )));
    }
    Ok(())
}

fn taken(error: store::Error, name: &TeamName) -> Error {
    match error {
        store::Error::Conflict(_) => Error::Conflict(format!("There is another team called “{name}”.")),
        other => other.into(),
    }
}

fn act<'a>(team: &'a Team, action: &str, detail: String) -> Act<'a> {
    let (action, id) = (action.to_owned(), team.id.to_string());
    Act { action, kind: "team", id, name: team.name.as_str(), team: Some(team.id), detail }
}

fn about_member<'a>(team: &Team, member: &'a Member, action: &str, detail: String) -> Act<'a> {
    Act {
        action: action.to_owned(),
        kind: "person",
        id: member.person.id.to_string(),
        name: member.person.email.as_str(),
        team: Some(team.id),
        detail,
    }
}
