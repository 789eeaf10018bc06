use crate::executor::sql;
use crate::row::Row;
use crate::value::{list, values};
use crate::{Executor, Result, Tx, Usage};
use domain::money::Interval;
use domain::{AppId, ReleaseId, TaskId, TeamId, Timestamp};

/// A replica that runs, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningReplica {
    /// The orchestrator's name for it.
    pub task: TaskId,
    /// Of which app.
    pub app: AppId,
    /// Of which release.
    pub release: ReleaseId,
    /// The release's number.
    pub number: u32,
    /// Where; empty if it is not known.
    pub node: String,
    /// MiB that it reserves.
    pub memory: u64,
    /// Thousandths of a core that it reserves.
    pub cpu: u64,
    /// Since when it runs.
    pub since: Timestamp,
}

/// A replica that ran when somebody looked last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenUsage {
    /// The orchestrator's name for it.
    pub task: TaskId,
    /// Of which release.
    pub release: ReleaseId,
    /// Since when it ran.
    pub began_at: Timestamp,
    /// Until when it is known to have run.
    pub seen_at: Timestamp,
}

/// What an app and those it belongs to are called, or were called last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledApp {
    /// Which app.
    pub app: AppId,
    /// Its name.
    pub name: String,
    /// Its project's name.
    pub project: String,
    /// Its team.
    pub team: TeamId,
    /// Its team's name.
    pub team_name: String,
    /// Whether the app is still there.
    pub is_live: bool,
}

macro_rules! intervals {
    ($rest:literal) => {
        concat!(
            "select u.app_id, u.release_id, u.number, u.node, u.memory, u.cpu, u.began_at, u.seen_at, u.ended_at from usage u ",
            $rest
        )
    };
}

impl<E: Executor> Usage<E> {
    /// Everything that has not ended.
    pub async fn open(mut self) -> Result<Vec<OpenUsage>> {
        let text =
            "select task, release_id, began_at, seen_at from usage where ended_at is null order by release_id, task";
        self.0.all(sql(text, values![]), open).await
    }

    /// What ran of an app at some time from one moment until before another, by when it began.
    pub async fn of_app(mut self, app: AppId, from: Timestamp, to: Timestamp) -> Result<Vec<Interval>> {
        let text = intervals!("where u.app_id = $1 and u.seen_at > $2 and u.began_at < $3 order by u.began_at, u.task");
        self.0.all(sql(text, values![app, from, to]), interval).await
    }

    /// The same of all apps of a team, those that are gone included.
    pub async fn of_team(mut self, team: TeamId, from: Timestamp, to: Timestamp) -> Result<Vec<Interval>> {
        let text = intervals!(
            "join billed_apps b on b.app_id = u.app_id where b.team_id = $1 and u.seen_at > $2 and u.began_at < $3"
        );
        self.0.all(sql(text, values![team, from, to]), interval).await
    }

    /// The same of everything.
    pub async fn of_all(mut self, from: Timestamp, to: Timestamp) -> Result<Vec<Interval>> {
        self.0.all(sql(intervals!("where u.seen_at > $1 and u.began_at < $2"), values![from, to]), interval).await
    }

    /// What the apps of a team, or all, are called that ever ran, by name.
    pub async fn billed(mut self, team: Option<TeamId>) -> Result<Vec<BilledApp>> {
        let text = "select b.app_id, b.app_name, b.project_name, b.team_id, b.team_name, \
                    cast(case when a.id is null or a.deleted_at is not null then 0 else 1 end as bigint) as is_live \
                    from billed_apps b left join apps a on a.id = b.app_id where ($1 = '' or b.team_id = $1) \
                    order by b.team_name, b.team_id, b.app_name, b.app_id";
        let team = team.map(|team| team.to_string()).unwrap_or_default();
        self.0.all(sql(text, values![team]), billed).await
    }
}

impl Usage<&mut Tx> {
    /// Writes down that a replica runs, and what its app is called. Of one that is known already only that it still runs; of an
    /// app that nobody knows any more nothing, since no statement could name it.
    pub async fn begin(self, running: &RunningReplica, at: Timestamp) -> Result<()> {
        let RunningReplica { task, app, release, number, node, memory, cpu, since } = running;
        let names = "insert into billed_apps (app_id, app_name, project_name, team_id, team_name) \
                     select a.id, a.name, p.name, t.id, t.name from apps a join projects p on p.id = a.project_id \
                     join teams t on t.id = p.team_id where a.id = $1 \
                     on conflict (app_id) do update set app_name = excluded.app_name, \
                     project_name = excluded.project_name, team_id = excluded.team_id, team_name = excluded.team_name";
        self.0.execute(names, values![app]).await?;
        let is_billed = sql("select app_id from billed_apps where app_id = $1", values![app]);
        if (&mut *self.0).one(is_billed, |row| row.get::<AppId>("app_id")).await?.is_none() {
            return Ok(());
        }
        let text = "insert into usage (release_id, task, app_id, number, node, memory, cpu, began_at, seen_at) \
                    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (release_id, task) do update set \
                    ended_at = null, seen_at = case when excluded.seen_at > usage.seen_at then excluded.seen_at else usage.seen_at end";
        let seen = at.max(*since);
        self.0.execute(text, values![release, task, app, number, node, memory, cpu, since, seen]).await.map(|_| ())
    }

    /// Writes down that these replicas still ran at a moment; one that comes late changes nothing.
    pub async fn extend(self, tasks: &[TaskId], at: Timestamp) -> Result<u64> {
        let text = "update usage set seen_at = $1 where ended_at is null and seen_at < $1 \
                    and task in (select value from {each}($2{json}))";
        self.0.execute(text, values![at, list(tasks)]).await
    }

    /// Writes down when a replica ended; false when that is known already.
    pub async fn end(self, release: ReleaseId, task: &TaskId, at: Timestamp) -> Result<bool> {
        let text = "update usage set seen_at = case when $3 > began_at then $3 else began_at end, \
                    ended_at = case when $3 > began_at then $3 else began_at end \
                    where release_id = $1 and task = $2 and ended_at is null";
        self.0.change(text, values![release, task, at]).await
    }
}

fn open(row: &dyn Row) -> Result<OpenUsage> {
    Ok(OpenUsage {
        task: TaskId(row.get("task")?),
        release: row.get("release_id")?,
        began_at: row.get("began_at")?,
        seen_at: row.get("seen_at")?,
    })
}

fn interval(row: &dyn Row) -> Result<Interval> {
    Ok(Interval {
        app: row.get("app_id")?,
        release: row.get("release_id")?,
        number: row.get("number")?,
        node: row.get("node")?,
        replicas: 1,
        memory: row.get("memory")?,
        cpu: row.get("cpu")?,
        from: row.get("began_at")?,
        to: row.get("seen_at")?,
        is_open: row.maybe::<Timestamp>("ended_at")?.is_none(),
    })
}

fn billed(row: &dyn Row) -> Result<BilledApp> {
    Ok(BilledApp {
        app: row.get("app_id")?,
        name: row.get("app_name")?,
        project: row.get("project_name")?,
        team: row.get("team_id")?,
        team_name: row.get("team_name")?,
        is_live: row.get::<i64>("is_live")? == 1,
    })
}
