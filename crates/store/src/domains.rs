use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Domains, Error, Executor, Result, Tx};
use domain::{AppId, Domain, HostName, Timestamp};

impl<E: Executor> Domains<E> {
    /// The domain of this name.
    pub async fn named(mut self, host: &HostName) -> Result<Option<Domain>> {
        let text = "select host, app_id, added_at, served_since, pointed_at, checked_at, finding, redirects_since \
                    from domains where host = $1";
        self.0.one(sql(text, values![host]), domain).await
    }

    /// The domains of an app, by name.
    pub async fn of_app(mut self, app: AppId) -> Result<Vec<Domain>> {
        let text = "select host, app_id, added_at, served_since, pointed_at, checked_at, finding, redirects_since \
                    from domains where app_id = $1 order by host";
        self.0.all(sql(text, values![app]), domain).await
    }

    /// All domains, by name.
    pub async fn all(mut self) -> Result<Vec<Domain>> {
        let text = "select host, app_id, added_at, served_since, pointed_at, checked_at, finding, redirects_since \
                    from domains order by host";
        self.0.all(sql(text, values![]), domain).await
    }
}

impl Domains<&mut Tx> {
    /// Adds a domain.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is one of this name.
    pub async fn insert(self, domain: &Domain) -> Result<()> {
        let Domain { host, app_id, added_at, .. } = domain;
        let redirects_since = domain.redirects.then_some(*added_at);
        let text = "insert into domains (host, app_id, added_at, finding, redirects_since) values ($1, $2, $3, $4, $5) \
                    on conflict do nothing";
        self.0.insert("domain", text, values![host, app_id, added_at, finding(domain)?, redirects_since]).await
    }

    /// Notes what was found of a domain; false when it is not there any more, or leads to another app by now.
    pub async fn note(self, domain: &Domain) -> Result<bool> {
        let Domain { host, app_id, served_since, pointed_at, checked_at, .. } = domain;
        let text = "update domains set served_since = $3, pointed_at = $4, checked_at = $5, finding = $6 \
                    where host = $1 and app_id = $2";
        self.0.change(text, values![host, app_id, served_since, pointed_at, checked_at, finding(domain)?]).await
    }

    /// Says whether the visitors of a domain are sent on, from when on; false when there is no such domain of the app.
    pub async fn redirect(self, host: &HostName, app: AppId, since: Option<Timestamp>) -> Result<bool> {
        let text = "update domains set redirects_since = $3 where host = $1 and app_id = $2";
        self.0.change(text, values![host, app, since]).await
    }

    /// Takes a domain away; false when there is no such domain of the app.
    pub async fn delete(self, host: &HostName, app: AppId) -> Result<bool> {
        self.0.change("delete from domains where host = $1 and app_id = $2", values![host, app]).await
    }
}

fn finding(domain: &Domain) -> Result<String> {
    serde_json::to_string(&domain.finding).map_err(|error| Error::Corrupt(error.to_string()))
}

fn domain(row: &dyn Row) -> Result<Domain> {
    let unreadable = |column: &str| Error::Corrupt(format!("the column {column} holds what cannot be read back"));
    Ok(Domain {
        host: row.get("host")?,
        app_id: row.get("app_id")?,
        added_at: row.get("added_at")?,
        served_since: row.maybe("served_since")?,
        pointed_at: row.maybe("pointed_at")?,
        checked_at: row.maybe("checked_at")?,
        finding: serde_json::from_str(&row.get::<String>("finding")?).map_err(|_| unreadable("finding"))?,
        redirects: row.maybe::<Timestamp>("redirects_since")?.is_some(),
    })
}
