use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Executor, Result, Tokens, Tx};
use domain::{AppId, PersonId, Timestamp, Token, TokenId, TokenScope};

macro_rules! tokens {
    ($rest:literal) => {
        concat!(
            "select t.id, t.name, t.person_id, p.email, t.app_id, a.name as app, t.made_with, t.created_at, t.expires_at, \
             t.used_at from tokens t join people p on p.id = t.person_id left join apps a on a.id = t.app_id ",
            $rest
        )
    };
}

impl<E: Executor> Tokens<E> {
    /// The token whose text has this hash, while it works. What is compared is the hash of 256 random bits: how long that
    /// takes says nothing about any token.
    pub async fn by_hash(mut self, hash: &str, now: Timestamp) -> Result<Option<Token>> {
        self.0.one(sql(tokens!("where t.hash = $1 and t.expires_at > $2"), values![hash, now]), token).await
    }

    /// The tokens that deploy an app, by name, those included that have expired.
    pub async fn of_app(mut self, app: AppId) -> Result<Vec<Token>> {
        self.0.all(sql(tokens!("where t.app_id = $1 order by t.name"), values![app]), token).await
    }

    /// The personal tokens of somebody, by name, those included that have expired.
    pub async fn of_person(mut self, person: PersonId) -> Result<Vec<Token>> {
        let text = tokens!("where t.person_id = $1 and t.app_id is null order by t.name");
        self.0.all(sql(text, values![person]), token).await
    }
}

impl Tokens<&mut Tx> {
    /// Adds a token by the hash of its text; [`Conflict`](crate::Error::Conflict) when the app or the person has one of this
    /// name.
    pub async fn insert(self, new: &Token, hash: &str) -> Result<()> {
        let text = "insert into tokens (id, hash, name, person_id, app_id, made_with, created_at, expires_at, used_at) \
                    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing";
        let Token { id, name, person, made_with, created_at, expires_at, used_at, .. } = new;
        let values = values![id, hash, name, person, new.deploys(), made_with, created_at, expires_at, used_at];
        self.0.insert("token name", text, values).await
    }

    /// Notes that a token was used; false when that was noted after `since`, or the token is gone.
    pub async fn touch(self, id: TokenId, now: Timestamp, since: Timestamp) -> Result<bool> {
        let text = "update tokens set used_at = $2 where id = $1 and (used_at is null or used_at < $3)";
        self.0.change(text, values![id, now, since]).await
    }

    /// Takes a token away, and with it those that were made with it; false when it is gone.
    pub async fn delete(self, id: TokenId) -> Result<bool> {
        self.0.change("delete from tokens where id = $1", values![id]).await
    }
}

fn token(row: &dyn Row) -> Result<Token> {
    let scope = match (row.maybe("app_id")?, row.maybe("app")?) {
        (Some(app), Some(name)) => TokenScope::Deploy { app, name },
        _ => TokenScope::Personal,
    };
    Ok(Token {
        id: row.get("id")?,
        name: row.get("name")?,
        scope,
        person: row.get("person_id")?,
        made_by: row.get("email")?,
        made_with: row.maybe("made_with")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        used_at: row.maybe("used_at")?,
    })
}
