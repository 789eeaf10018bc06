use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Executor, People, Result, Tx};
use domain::{Email, Person, PersonId, PlatformRole, Timestamp};

macro_rules! people {
    ($($rest:literal)?) => { concat!("select id, email, name, platform_role from people " $(, $rest)?) };
}

impl<E: Executor> People<E> {
    /// The person with this id.
    pub async fn by_id(mut self, id: PersonId) -> Result<Option<Person>> {
        self.0.one(sql(people!("where id = $1"), values![id]), person).await
    }

    /// The person with this address.
    pub async fn by_email(mut self, email: &Email) -> Result<Option<Person>> {
        self.0.one(sql(people!("where email = $1"), values![email]), person).await
    }

    /// Everybody, by address.
    pub async fn all(mut self) -> Result<Vec<Person>> {
        self.0.all(sql(people!("order by email"), values![]), person).await
    }

    /// How many there are.
    pub async fn count(mut self) -> Result<u64> {
        let count =
            self.0.one(sql("select count(*) as people from people", values![]), |row| row.get("people")).await?;
        Ok(count.unwrap_or_default())
    }
}

impl People<&mut Tx> {
    /// Adds a person; [`Conflict`](crate::Error::Conflict) when the address is taken.
    pub async fn insert(self, person: &Person, now: Timestamp) -> Result<()> {
        let values = values![person.id, person.email, person.name, person.platform_role, now];
        let text = "insert into people (id, email, name, platform_role, created_at) values ($1, $2, $3, $4, $5) \
                    on conflict do nothing";
        self.0.insert("e-mail address", text, values).await
    }

    /// Adds a person, or gives the one with this address the new name; returns them as they are now, with the id that was
    /// there first. Their role on the platform does not change.
    pub async fn put_by_email(mut self, new: &Person, now: Timestamp) -> Result<Person> {
        let values = values![new.id, new.email, new.name, new.platform_role, now];
        let text = "insert into people (id, email, name, platform_role, created_at) values ($1, $2, $3, $4, $5) \
                    on conflict (email) do update set name = excluded.name returning id, email, name, platform_role";
        Ok(self.0.one(sql(text, values), person).await?.unwrap_or_else(|| new.clone()))
    }

    /// Gives somebody a role on the platform, or takes it; false when they are not there.
    pub async fn set_platform_role(self, id: PersonId, role: Option<PlatformRole>) -> Result<bool> {
        self.0.change("update people set platform_role = $2 where id = $1", values![id, role]).await
    }
}

/// Reads `id`, `email`, `name` and `platform_role`.
pub(crate) fn person(row: &dyn Row) -> Result<Person> {
    Ok(Person {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        platform_role: row.maybe("platform_role")?,
    })
}
