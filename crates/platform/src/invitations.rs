//! Invitations: somebody is asked to join a team. The token is kept as a hash, bound to the address, and works once.

use crate::{Error, Platform, Result, audit::Act, error::OrNotFound, hash};
use domain::{Action, Actor, Change, Email, Invitation, InvitationId, Role, Secret, Team, TeamId};
use store::Tx;

/// How long an invitation can be accepted.
const LIFETIME_MILLIS: i64 = 7 * 24 * 3600 * 1000;

/// Operations on invitations.
pub struct Invitations<'a>(pub(crate) &'a Platform);

impl Invitations<'_> {
    /// Asks somebody to join. The token is shown once; an earlier one for the same address works no longer.
    ///
    /// # Errors
    /// No e-mail address, or somebody who belongs to the team already.
    pub async fn send(&self, actor: &Actor, team: TeamId, email: &str, role: Role) -> Result<Secret<String>> {
        let team = self.0.reach_team(actor, team).await?.allowing(Action::ManagePeople).await?.team;
        let email: Email = email.parse()?;
        let mut tx = self.0.parts.store.begin().await?;
        self.0.must_still_manage(&mut tx, actor, &team).await?;
        if tx.teams().members(team.id).await?.iter().any(|member| member.person.email == email) {
            return Err(Error::Conflict(format!("{email} belongs to the team already; change the role in the list.")));
        }
        let id = InvitationId::new(self.0.uuid());
        let token = self.put(&mut tx, actor, &team, (id, email, role), "invitation.send").await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(team.id));
        Ok(token)
    }

    /// Makes a new token for an invitation, for another seven days. The one before works no longer.
    pub async fn resend(&self, actor: &Actor, team: TeamId, id: InvitationId) -> Result<Secret<String>> {
        let team = self.0.reach_team(actor, team).await?.allowing(Action::ManagePeople).await?.team;
        let mut tx = self.0.parts.store.begin().await?;
        self.0.must_still_manage(&mut tx, actor, &team).await?;
        let old = tx.invitations().by_id(team.id, id).await?.or_not_found("invitation", id.to_string())?;
        let token = self.put(&mut tx, actor, &team, (id, old.email, old.role), "invitation.resend").await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(team.id));
        Ok(token)
    }

    /// Takes an invitation back.
    pub async fn withdraw(&self, actor: &Actor, team: TeamId, id: InvitationId) -> Result<()> {
        let team = self.0.reach_team(actor, team).await?.allowing(Action::ManagePeople).await?.team;
        let mut tx = self.0.parts.store.begin().await?;
        self.0.must_still_manage(&mut tx, actor, &team).await?;
        let old = tx.invitations().by_id(team.id, id).await?.or_not_found("invitation", id.to_string())?;
        tx.invitations().take(team.id, id).await?;
        self.0.note(&mut tx, actor, act(&old, "invitation.withdraw")).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(team.id));
        Ok(())
    }

    /// The invitation behind a token, for the one it is meant for. For everybody else there is none.
    pub async fn behind(&self, actor: &Actor, token: &str) -> Result<Invitation> {
        self.0.allow_own(actor).await?;
        let found = self.0.parts.store.invitations().by_token(&hash(token), &actor.person.email, self.0.now()).await?;
        found.or_not_found("invitation", format!("for {}", actor.person.email))
    }

    /// Joins the team. An invitation is used up by it.
    ///
    /// # Errors
    /// It is for another address, used up, withdrawn or too old: all of that reads the same.
    pub async fn accept(&self, actor: &Actor, id: InvitationId) -> Result<Team> {
        self.0.allow_own(actor).await?;
        let not_found = || Error::not_found("invitation", format!("for {}", actor.person.email));
        let now = self.0.now();
        let mut tx = self.0.parts.store.begin().await?;
        let open = tx.invitations().open_for(&actor.person.email, now).await?;
        let invitation = open.into_iter().find(|invitation| invitation.id == id).ok_or_else(not_found)?;
        let team = tx.teams().by_id(invitation.team_id).await?.ok_or_else(not_found)?;
        if let Some(sentence) = team.suspension() {
            return Err(Error::Conflict(sentence));
        }
        tx.invitations().take(team.id, id).await?;
        if tx.teams().role_of(team.id, actor.id()).await?.is_none() {
            tx.teams().put_member(team.id, actor.id(), invitation.role, now).await?;
        }
        self.0.note(&mut tx, actor, act(&invitation, "invitation.accept")).await?;
        tx.commit().await?;
        self.0.live.tell(Change::Team(team.id));
        self.0.live.tell_rights_changed(actor.id());
        Ok(team)
    }

    async fn put(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        team: &Team,
        (id, email, role): (InvitationId, Email, Role),
        action: &str,
    ) -> Result<Secret<String>> {
        let (token, hash) = self.0.token();
        let now = self.0.now();
        let invitation = Invitation {
            id,
            team_id: team.id,
            team: team.name.clone(),
            email,
            role,
            invited_by: actor.person.email.to_string(),
            created_at: now,
            expires_at: now.plus_millis(LIFETIME_MILLIS),
        };
        tx.invitations().put(&invitation, &hash).await?;
        self.0.note(tx, actor, act(&invitation, action)).await?;
        Ok(token)
    }
}

fn act<'a>(invitation: &'a Invitation, action: &str) -> Act<'a> {
    Act {
        action: action.to_owned(),
        kind: "invitation",
        id: invitation.id.to_string(),
        name: invitation.email.as_str(),
        team: Some(invitation.team_id),
        detail: format!("as {}", invitation.role),
    }
}
