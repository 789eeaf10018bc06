use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Error, Executor, Quotas, Result, Tx};
use domain::{AppId, Quota, Settings, TeamId, Used};

impl<E: Executor> Quotas<E> {
    /// What a team may use.
    pub async fn of_team(mut self, team: TeamId) -> Result<Quota> {
        let text = "select quota_apps, quota_replicas, quota_memory, quota_cpu from teams where id = $1";
        Ok(self.0.one(sql(text, values![team]), quota).await?.unwrap_or_default())
    }

    /// What the live apps of a team use, one app left out. An app counts with the release that is on its way, or else with
    /// the one that has the traffic; before its first, and while it is stopped and nobody starts it, there is only the app.
    pub async fn used_by(mut self, team: TeamId, but: Option<AppId>) -> Result<Used> {
        let text = "select r.settings from apps a join projects p on p.id = a.project_id left join releases r on r.id = \
                    coalesce((select d.release_id from deploys d where d.app_id = a.id and d.ended_at is null), a.active_release) \
                    and (a.stopped_at is null or exists \
                    (select 1 from deploys s where s.app_id = a.id and s.ended_at is null and s.from_stopped_at is not null)) \
                    where p.team_id = $1 and a.deleted_at is null and a.id <> $2";
        let but = but.map(|app| app.to_string()).unwrap_or_default();
        let apps = self.0.all(sql(text, values![team, but]), |row| row.maybe::<String>("settings")).await?;
        apps.iter().try_fold(Used::default(), |sum, settings| Ok(sum.plus(used(settings.as_deref())?)))
    }
}

impl Quotas<&mut Tx> {
    /// Limits a team; false when it is not there.
    pub async fn put(self, team: TeamId, quota: &Quota) -> Result<bool> {
        let text =
            "update teams set quota_apps = $2, quota_replicas = $3, quota_memory = $4, quota_cpu = $5 where id = $1";
        let Quota { apps, replicas, memory, cpu } = quota;
        self.0.change(text, values![team, apps, replicas, memory, cpu]).await
    }
}

fn used(settings: Option<&str>) -> Result<Used> {
    let Some(text) = settings else { return Ok(Used { apps: 1, ..Used::default() }) };
    let settings: Settings =
        serde_json::from_str(text).map_err(|e| Error::Corrupt(format!("settings of a release: {e}")))?;
    Ok(Used::by(&settings))
}

fn quota(row: &dyn Row) -> Result<Quota> {
    Ok(Quota {
        apps: row.maybe("quota_apps")?,
        replicas: row.maybe("quota_replicas")?,
        memory: row.maybe("quota_memory")?,
        cpu: row.maybe("quota_cpu")?,
    })
}
