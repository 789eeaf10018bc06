use crate::executor::sql;
use crate::people::person;
use crate::row::Row;
use crate::value::values;
use crate::{Executor, Result, Teams, Tx};
use domain::{Email, Member, PersonId, Role, Team, TeamCard, TeamId, TeamName, Timestamp};

macro_rules! teams {
    ($rest:literal) => {
        concat!("select t.id, t.name, t.created_at, t.suspended_at from teams t ", $rest)
    };
}

impl<E: Executor> Teams<E> {
    /// The team with this id.
    pub async fn by_id(mut self, id: TeamId) -> Result<Option<Team>> {
        self.0.one(sql(teams!("where t.id = $1"), values![id]), team).await
    }

    /// The team with this name.
    pub async fn by_name(mut self, name: &TeamName) -> Result<Option<Team>> {
        self.0.one(sql(teams!("where t.name = $1"), values![name]), team).await
    }

    /// The teams a person belongs to, by name, with what they are there.
    pub async fn of_person(mut self, person: PersonId) -> Result<Vec<(Team, Role)>> {
        let text = "select t.id, t.name, t.created_at, t.suspended_at, m.role from teams t join members m on m.team_id = t.id \
                    where m.person_id = $1 order by t.name";
        self.0.all(sql(text, values![person]), |row| Ok((team(row)?, row.get("role")?))).await
    }

    /// Who belongs to a team, by address.
    pub async fn members(mut self, team: TeamId) -> Result<Vec<Member>> {
        let text = "select p.id, p.email, p.name, p.platform_role, m.role from people p \
                    join members m on m.person_id = p.id where m.team_id = $1 order by p.email";
        self.0.all(sql(text, values![team]), |row| Ok(Member { person: person(row)?, role: row.get("role")? })).await
    }

    /// All teams, by name, with how many people and live apps they have.
    pub async fn all(mut self) -> Result<Vec<TeamCard>> {
        let text = "select t.id, t.name, t.created_at, t.suspended_at, \
                    (select count(*) from members m where m.team_id = t.id) as people, \
                    (select count(*) from apps a join projects p on p.id = a.project_id \
                     where p.team_id = t.id and a.deleted_at is null) as apps from teams t order by t.name";
        let card =
            |row: &dyn Row| Ok(TeamCard { team: team(row)?, people: row.get("people")?, apps: row.get("apps")? });
        self.0.all(sql(text, values![]), card).await
    }

    /// The addresses of a team's owners.
    pub async fn owners(mut self, team: TeamId) -> Result<Vec<Email>> {
        let text = "select p.email from people p join members m on m.person_id = p.id \
                    where m.team_id = $1 and m.role = 'owner' order by p.email";
        self.0.all(sql(text, values![team]), |row| row.get("email")).await
    }

    /// What a person is in a team, if they belong to it.
    pub async fn role_of(mut self, team: TeamId, person: PersonId) -> Result<Option<Role>> {
        let text = "select role from members where team_id = $1 and person_id = $2";
        self.0.one(sql(text, values![team, person]), |row| row.get("role")).await
    }

    /// How many projects a team has, those included that are on their way out.
    pub async fn projects_in(mut self, team: TeamId) -> Result<u64> {
        let text = "select count(*) as projects from projects where team_id = $1";
        Ok(self.0.one(sql(text, values![team]), |row| row.get("projects")).await?.unwrap_or_default())
    }

    /// What a person is in each of their teams.
    pub async fn roles_of(mut self, person: PersonId) -> Result<Vec<(TeamId, Role)>> {
        let text = "select team_id, role from members where person_id = $1 order by team_id";
        self.0.all(sql(text, values![person]), |row| Ok((row.get("team_id")?, row.get("role")?))).await
    }
}

impl Teams<&mut Tx> {
    /// Adds a team; [`Conflict`](crate::Error::Conflict) when the name is taken.
    pub async fn insert(self, team: &Team) -> Result<()> {
        let text = "insert into teams (id, name, created_at) values ($1, $2, $3) on conflict do nothing";
        self.0.insert("team name", text, values![team.id, team.name, team.created_at]).await
    }

    /// Makes a person a member, or gives a member another role.
    pub async fn put_member(self, team: TeamId, person: PersonId, role: Role, now: Timestamp) -> Result<()> {
        let text = "insert into members (team_id, person_id, role, created_at) values ($1, $2, $3, $4) \
                    on conflict (team_id, person_id) do update set role = excluded.role";
        self.0.execute(text, values![team, person, role, now]).await.map(|_| ())
    }

    /// Gives a team another name; [`Conflict`](crate::Error::Conflict) when another team has it.
    pub async fn rename(self, team: TeamId, name: &TeamName) -> Result<()> {
        if Teams(&mut *self.0).by_name(name).await?.is_some_and(|other| other.id != team) {
            return Err(crate::Error::Conflict("team name"));
        }
        self.0.execute("update teams set name = $2 where id = $1", values![team, name]).await?;
        let billed = "update billed_apps set team_name = $2 where team_id = $1";
        self.0.execute(billed, values![team, name]).await.map(|_| ())
    }

    /// Suspends a team, or lets it go on; false when it is not there.
    pub async fn set_suspended(self, team: TeamId, since: Option<Timestamp>) -> Result<bool> {
        self.0.change("update teams set suspended_at = $2 where id = $1", values![team, since]).await
    }

    /// Forgets a team with its memberships and invitations. False while it still has projects, or when it is not there.
    pub async fn delete(self, team: TeamId) -> Result<bool> {
        let text = "delete from teams where id = $1 and not exists (select 1 from projects where team_id = $1)";
        self.0.change(text, values![team]).await
    }

    /// Ends a membership; false when there was none.
    pub async fn remove_member(self, team: TeamId, person: PersonId) -> Result<bool> {
        self.0.change("delete from members where team_id = $1 and person_id = $2", values![team, person]).await
    }
}

fn team(row: &dyn Row) -> Result<Team> {
    Ok(Team {
        id: row.get("id")?,
        name: row.get("name")?,
        created_at: row.get("created_at")?,
        suspended_at: row.maybe("suspended_at")?,
    })
}
