//! Whether what is asked for fits into what a team may use. Asked inside the transaction that takes it.

use crate::{Error, Platform, Result};
use domain::{AppId, Settings, TeamId, Used};
use store::Tx;

impl Platform {
    /// Refuses one app more than the team may have.
    pub(crate) async fn must_have_room_for_an_app(&self, tx: &mut Tx, team: TeamId) -> Result<()> {
        let quota = tx.quotas().of_team(team).await?;
        let used = tx.quotas().used_by(team, None).await?;
        quota.check(used, Used::default(), Used { apps: 1, ..Used::default() }).map_err(Error::Conflict)
    }

    /// Refuses settings of an app that take more than the team may use.
    pub(crate) async fn must_fit(&self, tx: &mut Tx, team: TeamId, app: AppId, settings: &Settings) -> Result<()> {
        let quota = tx.quotas().of_team(team).await?;
        let (all, others) = (tx.quotas().used_by(team, None).await?, tx.quotas().used_by(team, Some(app)).await?);
        let has = Used {
            apps: 1,
            replicas: all.replicas - others.replicas,
            memory: all.memory - others.memory,
            cpu: all.cpu - others.cpu,
        };
        quota.check(others, has, Used::by(settings)).map_err(Error::Conflict)
    }
}
