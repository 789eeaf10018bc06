use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Executor, Result, Sessions, Tx};
use domain::{PersonId, Timestamp};

/// A signed-in browser, or one that is on its way to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The hash of what the browser holds.
    pub id: String,
    /// What the session carries, in the words of who made it.
    pub data: String,
    /// Who signed in.
    pub person: Option<PersonId>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last saved.
    pub seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// What the browser called itself at the sign-in.
    pub browser: String,
    /// Where it was at the sign-in.
    pub address: String,
}

macro_rules! sessions {
    ($rest:literal) => {
        concat!("select id, data, person_id, created_at, seen_at, expires_at, browser, address from sessions ", $rest)
    };
}

impl<E: Executor> Sessions<E> {
    /// The session with this hash, unless it has expired.
    pub async fn load(mut self, id: &str, now: Timestamp) -> Result<Option<SessionRow>> {
        self.0.one(sql(sessions!("where id = $1 and expires_at > $2"), values![id, now]), session).await
    }

    /// The sessions of a person that have not expired, the last used first.
    pub async fn of_person(mut self, person: PersonId, now: Timestamp) -> Result<Vec<SessionRow>> {
        let text = sessions!("where person_id = $1 and expires_at > $2 order by seen_at desc, id");
        self.0.all(sql(text, values![person, now]), session).await
    }
}

impl Sessions<&mut Tx> {
    /// Adds a session; false when there is one with this hash.
    pub async fn create(
        self,
        id: &str,
        data: &str,
        person: Option<PersonId>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool> {
        let text = "insert into sessions (id, data, person_id, created_at, seen_at, expires_at) \
                    values ($1, $2, $3, $4, $4, $5) on conflict do nothing";
        self.0.change(text, values![id, data, person, now, expires_at]).await
    }

    /// Writes what a session carries now; false when it is gone, so that a request under way does not bring back a session
    /// that was revoked.
    pub async fn save(
        self,
        id: &str,
        data: &str,
        person: Option<PersonId>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool> {
        let text = "update sessions set data = $2, person_id = $3, seen_at = $4, expires_at = $5 where id = $1";
        self.0.change(text, values![id, data, person, now, expires_at]).await
    }

    /// Notes which browser a session is in, and where.
    pub async fn describe(self, id: &str, browser: &str, address: &str) -> Result<bool> {
        let text = "update sessions set browser = $2, address = $3 where id = $1";
        self.0.change(text, values![id, browser, address]).await
    }

    /// Ends a session; false when there is none.
    pub async fn delete(self, id: &str) -> Result<bool> {
        self.0.change("delete from sessions where id = $1", values![id]).await
    }

    /// Forgets what has expired, and says how many that were.
    pub async fn delete_expired(self, now: Timestamp) -> Result<u64> {
        self.0.execute("delete from sessions where expires_at <= $1", values![now]).await
    }

    /// Ends a session of a person; false when they have none with this hash.
    pub async fn delete_own(self, person: PersonId, id: &str) -> Result<bool> {
        self.0.change("delete from sessions where person_id = $1 and id = $2", values![person, id]).await
    }

    /// Signs a person out everywhere but here, and says of how many browsers.
    pub async fn delete_others(self, person: PersonId, id: &str) -> Result<u64> {
        self.0.execute("delete from sessions where person_id = $1 and id <> $2", values![person, id]).await
    }

    /// Signs a person out everywhere, and says of how many browsers.
    pub async fn delete_of_person(self, person: PersonId) -> Result<u64> {
        self.0.execute("delete from sessions where person_id = $1", values![person]).await
    }
}

fn session(row: &dyn Row) -> Result<SessionRow> {
    Ok(SessionRow {
        id: row.get("id")?,
        data: row.get("data")?,
        person: row.maybe("person_id")?,
        created_at: row.get("created_at")?,
        seen_at: row.get("seen_at")?,
        expires_at: row.get("expires_at")?,
        browser: row.get("browser")?,
        address: row.get("address")?,
    })
}
