//! Tenants.

use crate::{Platform, Result};
use domain::{Action, Actor, Member, TeamId};

/// Operations on teams.
pub struct Teams<'a>(pub(crate) &'a Platform);

impl Teams<'_> {
    /// The people of a team that the actor belongs to.
    pub async fn members(&self, actor: &Actor, id: TeamId) -> Result<Vec<Member>> {
        let (team, role) = self.0.reach_team(actor, id).await?;
        role.check(Action::See)?;
        Ok(self.0.parts.store.teams().members(team.id).await?)
    }
}
