use crate::executor::sql;
use crate::people::person;
use crate::row::Row;
use crate::value::values;
use crate::{Executor, Result, Teams, Tx};
use domain::{Member, PersonId, Role, Team, TeamId, TeamName, Timestamp};

macro_rules! teams {
    ($rest:literal) => {
        concat!("select t.id, t.name, t.created_at from teams t ", $rest)
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
        let text = "select t.id, t.name, t.created_at, m.role from teams t join members m on m.team_id = t.id \
                    where m.person_id = $1 order by t.name";
        self.0.all(sql(text, values![person]), |row| Ok((team(row)?, row.get("role")?))).await
    }

    /// Who belongs to a team, by address.
    pub async fn members(mut self, team: TeamId) -> Result<Vec<Member>> {
        let text = "select p.id, p.email, p.name, p.admin_since, m.role from people p \
                    join members m on m.person_id = p.id where m.team_id = $1 order by p.email";
        self.0.all(sql(text, values![team]), |row| Ok(Member { person: person(row)?, role: row.get("role")? })).await
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

    /// Ends a membership; false when there was none.
    pub async fn remove_member(self, team: TeamId, person: PersonId) -> Result<bool> {
        self.0.change("delete from members where team_id = $1 and person_id = $2", values![team, person]).await
    }
}

fn team(row: &dyn Row) -> Result<Team> {
    Ok(Team { id: row.get("id")?, name: row.get("name")?, created_at: row.get("created_at")? })
}
