use crate::executor::sql;
use crate::value::values;
use crate::{Executor, Registries, Result, Tx};
use domain::{Secret, Timestamp};

/// A registry and who the platform is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    /// `host` or `host:port`.
    pub address: String,
    /// The user name.
    pub username: String,
    /// When the password was last set.
    pub updated_at: Timestamp,
}

impl<E: Executor> Registries<E> {
    /// User name and password for a registry.
    pub async fn by_address(mut self, address: &str) -> Result<Option<(String, Secret<String>)>> {
        let key = self.0.key();
        let text = "select username, password from registries where address = $1";
        self.0
            .one(sql(text, values![address]), |row| {
                let password = key.open(&place(address), &row.get::<String>("password")?)?;
                Ok((row.get("username")?, Secret::new(password)))
            })
            .await
    }

    /// All registries, by address.
    pub async fn list(mut self) -> Result<Vec<Registry>> {
        let text = "select address, username, updated_at from registries order by address";
        let read = |row: &dyn crate::row::Row| {
            Ok(Registry {
                address: row.get("address")?,
                username: row.get("username")?,
                updated_at: row.get("updated_at")?,
            })
        };
        self.0.all(sql(text, values![]), read).await
    }
}

impl Registries<&mut Tx> {
    /// Adds a registry, or gives one another user name and password. The password is sealed.
    pub async fn put(self, address: &str, username: &str, password: &Secret<String>, now: Timestamp) -> Result<()> {
        let sealed = self.0.key().seal(&place(address), password.expose())?;
        let text = "insert into registries (address, username, password, updated_at) values ($1, $2, $3, $4) \
                    on conflict (address) do update set username = excluded.username, password = excluded.password, \
                    updated_at = excluded.updated_at";
        self.0.execute(text, values![address, username, sealed, now]).await.map(|_| ())
    }

    /// Forgets a registry; false when there is none.
    pub async fn delete(self, address: &str) -> Result<bool> {
        self.0.change("delete from registries where address = $1", values![address]).await
    }
}

/// Where the password of a registry stands, for the seal.
pub(crate) fn place(address: &str) -> String {
    format!("registries/{address}/password")
}
