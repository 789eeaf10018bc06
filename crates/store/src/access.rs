use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{AccessList, Error, Executor, Result, Tx};
use domain::{Access, AccessRequest, AppId, Email, PersonId, Timestamp};
use std::collections::HashMap;

impl<E: Executor> AccessList<E> {
    /// Who may open an app. Of an app that nobody has said anything about: whoever may sign in.
    pub async fn of(mut self, app: AppId) -> Result<Access> {
        let found = self.0.one(sql("select access from access where app_id = $1", values![app]), access).await?;
        Ok(found.unwrap_or_else(closed))
    }

    /// The same of every app that somebody has said it of.
    pub async fn all(mut self) -> Result<HashMap<AppId, Access>> {
        let read = |row: &dyn Row| Ok((row.get("app_id")?, access(row)?));
        Ok(self.0.all(sql("select app_id, access from access", values![]), read).await?.into_iter().collect())
    }

    /// Who asks to be let in to an app, in the order in which they asked.
    pub async fn requests(mut self, app: AppId) -> Result<Vec<AccessRequest>> {
        let text = "select p.email, p.name, r.asked_at from access_requests r join people p on p.id = r.person_id \
                    where r.app_id = $1 order by r.asked_at, p.email";
        let read = |row: &dyn Row| {
            Ok(AccessRequest { email: row.get("email")?, name: row.get("name")?, asked_at: row.get("asked_at")? })
        };
        self.0.all(sql(text, values![app]), read).await
    }

    /// When somebody asked to be let in, if they did.
    pub async fn asked_at(mut self, app: AppId, person: PersonId) -> Result<Option<Timestamp>> {
        let text = "select asked_at from access_requests where app_id = $1 and person_id = $2";
        self.0.one(sql(text, values![app, person]), |row| row.get("asked_at")).await
    }
}

impl AccessList<&mut Tx> {
    /// Notes that somebody asks to be let in; false when they did before.
    pub async fn ask(self, app: AppId, person: PersonId, now: Timestamp) -> Result<bool> {
        let text =
            "insert into access_requests (app_id, person_id, asked_at) values ($1, $2, $3) on conflict do nothing";
        self.0.change(text, values![app, person, now]).await
    }

    /// Forgets that somebody asked; false when they did not.
    pub async fn forget_request(self, app: AppId, email: &Email) -> Result<bool> {
        let text = "delete from access_requests where app_id = $1 \
                    and person_id in (select id from people where email = $2)";
        self.0.change(text, values![app, email]).await
    }

    /// Says who may open an app, whatever was said before.
    pub async fn put(self, app: AppId, access: &Access, by: &str, now: Timestamp) -> Result<()> {
        let text = "insert into access (app_id, access, changed_by, changed_at) values ($1, $2, $3, $4) \
                    on conflict (app_id) do update set access = excluded.access, changed_by = excluded.changed_by, \
                    changed_at = excluded.changed_at";
        let access = serde_json::to_string(access).map_err(|e| Error::Corrupt(e.to_string()))?;
        self.0.execute(text, values![app, access, by, now]).await.map(|_| ())
    }
}

fn access(row: &dyn Row) -> Result<Access> {
    let text: String = row.get("access")?;
    serde_json::from_str(&text)
        .map_err(|_| Error::Corrupt("the column access holds what cannot be read back".to_owned()))
}

fn closed() -> Access {
    Access::from(domain::Who::Company)
}
