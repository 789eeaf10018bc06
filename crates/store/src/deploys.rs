use crate::executor::{Statement, sql};
use crate::row::Row;
use crate::value::{list, values};
use crate::{Deploys, Error, Executor, Result, Tx, apps, steps};
use domain::{AppId, Deploy, DeployId, DeployState, Outcome, ProjectId, ReleaseId, Step, Timestamp};

macro_rules! deploys {
    ($rest:literal) => {
        concat!(
            "select d.id, d.app_id, d.release_id, r.number, d.from_release, f.number as from_number, d.state, d.reason, \
             d.from_stopped_at, d.from_stopped_by, d.last_lines, d.started_by, d.started_at, d.ended_at, d.cancel_requested_at, d.lost_requests \
             from deploys d join releases r on r.id = d.release_id left join releases f on f.id = d.from_release ",
            $rest
        )
    };
}

impl<E: Executor> Deploys<E> {
    /// The deploy with this id.
    pub async fn by_id(self, id: DeployId) -> Result<Option<Deploy>> {
        self.first(sql(deploys!("where d.id = $1"), values![id])).await
    }

    /// At most `limit` deploys of an app, newest first.
    pub async fn of_app(self, app: AppId, limit: u32) -> Result<Vec<Deploy>> {
        let text = deploys!("where d.app_id = $1 order by d.started_at desc, d.id desc limit $2");
        self.with_steps(sql(text, values![app, limit])).await
    }

    /// All that are under way, the oldest first.
    pub async fn unfinished(self) -> Result<Vec<Deploy>> {
        self.with_steps(sql(deploys!("where d.ended_at is null order by d.started_at, d.id"), values![])).await
    }

    /// The one that is under way for an app.
    pub async fn unfinished_of(self, app: AppId) -> Result<Option<Deploy>> {
        self.first(sql(deploys!("where d.app_id = $1 and d.ended_at is null"), values![app])).await
    }

    /// Those that are under way for the apps of these projects.
    pub async fn unfinished_in(self, projects: &[ProjectId]) -> Result<Vec<Deploy>> {
        let text = deploys!(
            "join apps a on a.id = d.app_id where d.ended_at is null \
             and a.project_id in (select value from {each}($1{json}))"
        );
        self.with_steps(sql(text, values![list(projects)])).await
    }

    /// Whether a deploy of this release ever brought it to the traffic. One that only waited for the start of a stopped app
    /// did not.
    pub async fn has_arrived(mut self, release: ReleaseId) -> Result<bool> {
        let text = "select d.id from deploys d where d.release_id = $1 and d.state = $2 and not exists \
                    (select 1 from deploy_steps s where s.deploy_id = d.id and s.step = $3 and s.outcome = $4) limit 1";
        let values = values![release, DeployState::Done, Step::Prepare, Outcome::Skipped];
        let found: Option<DeployId> = self.0.one(sql(text, values), |row| row.get("id")).await?;
        Ok(found.is_some())
    }

    async fn first(self, statement: Statement) -> Result<Option<Deploy>> {
        Ok(self.with_steps(statement).await?.into_iter().next())
    }

    async fn with_steps(mut self, statement: Statement) -> Result<Vec<Deploy>> {
        let mut deploys = self.0.all(statement, deploy).await?;
        steps::fill(&mut self.0, &mut deploys).await?;
        Ok(deploys)
    }
}

impl Deploys<&mut Tx> {
    /// Adds a deploy with its steps so far; [`Conflict`](Error::Conflict) when one is under way for the app.
    pub async fn insert(self, new: &Deploy) -> Result<()> {
        let text = "insert into deploys (id, app_id, release_id, from_release, state, reason, last_lines, started_by, \
                    started_at, ended_at, cancel_requested_at, lost_requests, from_stopped_at, from_stopped_by) \
                    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing";
        let values = values![
            new.id,
            new.app_id,
            new.release_id,
            new.from_release,
            new.state,
            new.reason,
            lines(&new.last_lines),
            new.started_by,
            new.started_at,
            new.ended_at,
            new.cancel_requested_at,
            new.lost_requests,
            new.from_stopped.as_ref().map(|stopped| stopped.at),
            new.from_stopped.as_ref().map(|stopped| stopped.by.clone())
        ];
        self.0.insert("deploy", text, values).await?;
        for step in &new.steps {
            steps::insert(self.0, new.id, step).await?;
        }
        Ok(())
    }

    /// Moves a deploy that is under way on, if it stands where the caller thinks it does; false, and nothing changes, when
    /// not. So a message that comes late or twice does no harm.
    pub async fn advance(self, id: DeployId, from: DeployState, to: DeployState) -> Result<bool> {
        let text = "update deploys set state = $3 where id = $1 and state = $2 and ended_at is null";
        self.0.change(text, values![id, from, to]).await
    }

    /// Ends a deploy; false when it has ended before. An empty reason, and no lines, keep what [`Deploys::set_reason`]
    /// wrote.
    pub async fn finish(
        self,
        id: DeployId,
        to: DeployState,
        at: Timestamp,
        reason: &str,
        last_lines: &[String],
    ) -> Result<bool> {
        if !to.is_over() {
            return Err(Error::Conflict("deploy's end"));
        }
        let text = "update deploys set state = $2, ended_at = $3, \
                    reason = case when $4 = '' then reason else $4 end, \
                    last_lines = case when $5 = '[]' then last_lines else $5 end \
                    where id = $1 and ended_at is null";
        self.0.change(text, values![id, to, at, reason, lines(last_lines)]).await
    }

    /// Keeps why a deploy is going wrong, with the app's last words; false when it has ended.
    pub async fn set_reason(self, id: DeployId, reason: &str, last_lines: &[String]) -> Result<bool> {
        let text = "update deploys set reason = $2, last_lines = $3 where id = $1 and ended_at is null";
        self.0.change(text, values![id, reason, lines(last_lines)]).await
    }

    /// Asks a deploy to stop; the first to ask counts. False when it has ended.
    pub async fn request_cancel(self, id: DeployId, at: Timestamp) -> Result<bool> {
        let text = "update deploys set cancel_requested_at = coalesce(cancel_requested_at, $2) \
                    where id = $1 and ended_at is null";
        self.0.change(text, values![id, at]).await
    }

    /// Says how many requests were lost on the way; false when the deploy is not there.
    pub async fn set_lost_requests(self, id: DeployId, lost: u64) -> Result<bool> {
        self.0.change("update deploys set lost_requests = $2 where id = $1", values![id, lost]).await
    }
}

/// Lines as they are stored.
fn lines(lines: &[String]) -> String {
    serde_json::Value::from(lines).to_string()
}

fn deploy(row: &dyn Row) -> Result<Deploy> {
    let unreadable = |_| Error::Corrupt("the last lines of a deploy cannot be read back".to_owned());
    Ok(Deploy {
        id: row.get("id")?,
        app_id: row.get("app_id")?,
        release_id: row.get("release_id")?,
        number: row.get("number")?,
        from_release: row.maybe("from_release")?,
        from_number: row.maybe("from_number")?,
        from_stopped: apps::stopped(row, "from_stopped_at", "from_stopped_by")?,
        state: row.get("state")?,
        steps: Vec::new(),
        reason: row.get("reason")?,
        last_lines: serde_json::from_str(&row.get::<String>("last_lines")?).map_err(unreadable)?,
        started_by: row.get("started_by")?,
        started_at: row.get("started_at")?,
        ended_at: row.maybe("ended_at")?,
        cancel_requested_at: row.maybe("cancel_requested_at")?,
        lost_requests: row.get("lost_requests")?,
    })
}
