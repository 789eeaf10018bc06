use crate::executor::sql;
use crate::row::Row;
use crate::value::{list, values};
use crate::{Executor, Projects, Result, Tx};
use domain::{Freeze, Project, ProjectId, ProjectName, TeamId, Timestamp};

macro_rules! projects {
    ($rest:literal) => {
        concat!(
            "select id, team_id, name, created_at, deleted_at, frozen_at, frozen_by, frozen_until, freeze_reason \
             from projects ",
            $rest
        )
    };
}

impl<E: Executor> Projects<E> {
    /// The project with this id, deleted or not.
    pub async fn by_id(mut self, id: ProjectId) -> Result<Option<Project>> {
        self.0.one(sql(projects!("where id = $1"), values![id]), project).await
    }

    /// The live projects of these teams, by name.
    pub async fn of_teams(mut self, teams: &[TeamId]) -> Result<Vec<Project>> {
        let text =
            projects!("where team_id in (select value from {each}($1{json})) and deleted_at is null order by name, id");
        self.0.all(sql(text, values![list(teams)]), project).await
    }

    /// The live project of a team with this name.
    pub async fn named(mut self, team: TeamId, name: &ProjectName) -> Result<Option<Project>> {
        let text = projects!("where team_id = $1 and name = $2 and deleted_at is null");
        self.0.one(sql(text, values![team, name]), project).await
    }

    /// Those that nobody has deleted.
    pub async fn live(mut self) -> Result<Vec<Project>> {
        self.0.all(sql(projects!("where deleted_at is null order by name, id"), values![]), project).await
    }

    /// Those that were deleted and are not purged yet.
    pub async fn deleted(mut self) -> Result<Vec<Project>> {
        self.0.all(sql(projects!("where deleted_at is not null order by deleted_at, id"), values![]), project).await
    }
}

impl Projects<&mut Tx> {
    /// Adds a project, which is not frozen; [`Conflict`](crate::Error::Conflict) when the team has a live one of this name.
    pub async fn insert(self, project: &Project) -> Result<()> {
        let Project { id, team_id, name, created_at, deleted_at, freeze: _ } = project;
        let text = "insert into projects (id, team_id, name, created_at, deleted_at) values ($1, $2, $3, $4, $5) \
                    on conflict do nothing";
        self.0.insert("project name", text, values![id, team_id, name, created_at, deleted_at]).await
    }

    /// Freezes it, or ends that; false when it is not there.
    pub async fn set_freeze(self, id: ProjectId, freeze: Option<&Freeze>) -> Result<bool> {
        let (at, until) = (freeze.map(|f| f.at), freeze.map(|f| f.until));
        let (by, reason) = (freeze.map(|f| f.by.clone()), freeze.map(|f| f.reason.clone()));
        let text =
            "update projects set frozen_at = $2, frozen_by = $3, frozen_until = $4, freeze_reason = $5 where id = $1";
        self.0.change(text, values![id, at, by, until, reason]).await
    }

    /// Marks it to go; its name is free at once. False when it is marked already or not there.
    pub async fn mark_deleted(self, id: ProjectId, now: Timestamp) -> Result<bool> {
        let text = "update projects set deleted_at = $2 where id = $1 and deleted_at is null";
        self.0.change(text, values![id, now]).await
    }

    /// Forgets a deleted project. False while it still has apps, or when it is not deleted.
    pub async fn purge(self, id: ProjectId) -> Result<bool> {
        let text = "delete from projects where id = $1 and deleted_at is not null \
                    and not exists (select 1 from apps where project_id = $1)";
        self.0.change(text, values![id]).await
    }
}

fn project(row: &dyn Row) -> Result<Project> {
    Ok(Project {
        id: row.get("id")?,
        team_id: row.get("team_id")?,
        name: row.get("name")?,
        created_at: row.get("created_at")?,
        deleted_at: row.maybe("deleted_at")?,
        freeze: freeze(row)?,
    })
}

fn freeze(row: &dyn Row) -> Result<Option<Freeze>> {
    let Some(at) = row.maybe("frozen_at")? else { return Ok(None) };
    let (by, until, reason) = (row.get("frozen_by")?, row.get("frozen_until")?, row.get("freeze_reason")?);
    Ok(Some(Freeze { at, by, until, reason }))
}
