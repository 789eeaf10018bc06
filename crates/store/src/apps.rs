use crate::executor::sql;
use crate::row::Row;
use crate::value::{list, values};
use crate::{Apps, Executor, Result, Tx};
use domain::{App, AppId, AppName, PersonId, ProjectId, ReleaseId, Stopped, Timestamp};

macro_rules! apps {
    ($($rest:literal)*) => {
        concat!(
            "select a.id, a.project_id, a.name, a.active_release, a.created_at, a.deleted_at, a.stopped_at, a.stopped_by \
             from apps a ",
            $($rest),*
        )
    };
}

/// What a person sees, as `$1`: what is live, in a live project of a team they belong to.
macro_rules! visible {
    ($rest:literal) => {
        apps!(
            "join projects p on p.id = a.project_id join members m on m.team_id = p.team_id "
            "where m.person_id = $1 and a.deleted_at is null and p.deleted_at is null "
            $rest
        )
    };
}

impl<E: Executor> Apps<E> {
    /// The app with this id, deleted or not.
    pub async fn by_id(mut self, id: AppId) -> Result<Option<App>> {
        self.0.one(sql(apps!("where a.id = $1"), values![id]), app).await
    }

    /// The app that has this name, deleted or not: a name is free again when its app is purged.
    pub async fn named(mut self, name: &AppName) -> Result<Option<App>> {
        self.0.one(sql(apps!("where a.name = $1"), values![name]), app).await
    }

    /// The live apps of the teams a person belongs to, by name.
    pub async fn visible_to(mut self, person: PersonId) -> Result<Vec<App>> {
        self.0.all(sql(visible!("order by a.name"), values![person]), app).await
    }

    /// The live app with this name, for a member of its team. For everybody else there is none.
    pub async fn named_visible_to(mut self, name: &AppName, person: PersonId) -> Result<Option<App>> {
        self.0.one(sql(visible!("and a.name = $2"), values![person, name]), app).await
    }

    /// The live apps of a project, by name.
    pub async fn of_project(mut self, project: ProjectId) -> Result<Vec<App>> {
        let text = apps!("where a.project_id = $1 and a.deleted_at is null order by a.name");
        self.0.all(sql(text, values![project]), app).await
    }

    /// The live apps of several projects, by name.
    pub async fn of_projects(mut self, projects: &[ProjectId]) -> Result<Vec<App>> {
        let text = apps!(
            "where a.project_id in (select value from {each}($1{json})) and a.deleted_at is null order by a.name"
        );
        self.0.all(sql(text, values![list(projects)]), app).await
    }

    /// Those that nobody has deleted.
    pub async fn live(mut self) -> Result<Vec<App>> {
        self.0.all(sql(apps!("where a.deleted_at is null order by a.name"), values![]), app).await
    }

    /// Those that were deleted and are not purged yet.
    pub async fn deleted(mut self) -> Result<Vec<App>> {
        self.0.all(sql(apps!("where a.deleted_at is not null order by a.deleted_at, a.id"), values![]), app).await
    }
}

impl Apps<&mut Tx> {
    /// Adds an app; [`Conflict`](crate::Error::Conflict) when the name is taken anywhere on the platform.
    pub async fn insert(self, app: &App) -> Result<()> {
        let App { id, project_id, name, active_release, created_at, deleted_at, stopped } = app;
        let (stopped_at, stopped_by) = (stopped.as_ref().map(|s| s.at), stopped.as_ref().map(|s| s.by.clone()));
        let text = "insert into apps (id, project_id, name, active_release, created_at, deleted_at, stopped_at, stopped_by) \
                    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
        let values = values![id, project_id, name, active_release, created_at, deleted_at, stopped_at, stopped_by];
        self.0.insert("app name", text, values).await
    }

    /// Says which release has the traffic; false when the app is not there.
    pub async fn set_active_release(self, app: AppId, release: Option<ReleaseId>) -> Result<bool> {
        self.0.change("update apps set active_release = $2 where id = $1", values![app, release]).await
    }

    /// Says who stopped it, or that it is stopped no longer; false when the app is not there.
    pub async fn set_stopped(self, app: AppId, stopped: Option<&Stopped>) -> Result<bool> {
        let (at, by) = (stopped.map(|s| s.at), stopped.map(|s| s.by.clone()));
        self.0.change("update apps set stopped_at = $2, stopped_by = $3 where id = $1", values![app, at, by]).await
    }

    /// Marks it to go. False when it is marked already or not there.
    pub async fn mark_deleted(self, id: AppId, now: Timestamp) -> Result<bool> {
        let text = "update apps set deleted_at = $2 where id = $1 and deleted_at is null";
        self.0.change(text, values![id, now]).await
    }

    /// Forgets a deleted app with its releases and deploys. False, and nothing is forgotten, when it is not deleted.
    pub async fn purge(self, id: AppId) -> Result<bool> {
        const OF_DELETED: [&str; 4] = [
            "delete from deploys where app_id in (select id from apps where id = $1 and deleted_at is not null)",
            "delete from secrets where app_id in (select id from apps where id = $1 and deleted_at is not null)",
            "delete from releases where app_id in (select id from apps where id = $1 and deleted_at is not null)",
            "delete from apps where id = $1 and deleted_at is not null",
        ];
        let mut last = false;
        for text in OF_DELETED {
            last = self.0.change(text, values![id]).await?;
        }
        Ok(last)
    }
}

fn app(row: &dyn Row) -> Result<App> {
    Ok(App {
        id: row.get("id")?,
        project_id: row.get("project_id")?,
        name: row.get("name")?,
        active_release: row.maybe("active_release")?,
        created_at: row.get("created_at")?,
        deleted_at: row.maybe("deleted_at")?,
        stopped: stopped(row, "stopped_at", "stopped_by")?,
    })
}

/// A stop that two columns tell of; none where they are NULL.
pub(crate) fn stopped(row: &dyn Row, at: &str, by: &str) -> Result<Option<Stopped>> {
    Ok(row.maybe(at)?.zip(row.maybe(by)?).map(|(at, by)| Stopped { at, by }))
}
