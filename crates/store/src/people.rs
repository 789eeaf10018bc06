use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Executor, People, Result, Tx};
use domain::{Email, Person, PersonId, Timestamp};

macro_rules! people {
    ($($rest:literal)?) => { concat!("select id, email, name, admin_since from people " $(, $rest)?) };
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
        let admin_since = person.is_admin.then_some(now);
        let values = values![person.id, person.email, person.name, admin_since, now];
        let text = "insert into people (id, email, name, admin_since, created_at) values ($1, $2, $3, $4, $5) \
                    on conflict do nothing";
        self.0.insert("e-mail address", text, values).await
    }

    /// Adds a person, or gives the one with this address the new name; returns them as they are now, with the id that was
    /// there first. Whether they are an admin does not change.
    pub async fn put_by_email(mut self, new: &Person, now: Timestamp) -> Result<Person> {
        let admin_since = new.is_admin.then_some(now);
        let values = values![new.id, new.email, new.name, admin_since, now];
        let text = "insert into people (id, email, name, admin_since, created_at) values ($1, $2, $3, $4, $5) \
                    on conflict (email) do update set name = excluded.name returning id, email, name, admin_since";
        Ok(self.0.one(sql(text, values), person).await?.unwrap_or_else(|| new.clone()))
    }
}

/// Reads `id`, `email`, `name` and `admin_since`.
pub(crate) fn person(row: &dyn Row) -> Result<Person> {
    Ok(Person {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        is_admin: row.maybe::<Timestamp>("admin_since")?.is_some(),
    })
}
