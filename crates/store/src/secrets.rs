use crate::executor::sql;
use crate::value::values;
use crate::{Executor, Result, Secrets, Tx};
use domain::{AppId, Secret, SecretId, Timestamp};

/// A value of a secret that was set just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// Names this value for good.
    pub id: SecretId,
    /// Whose.
    pub app_id: AppId,
    /// Its name.
    pub name: String,
    /// The value.
    pub value: Secret<String>,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: Timestamp,
}

impl<E: Executor> Secrets<E> {
    /// The value with this id.
    pub async fn value(mut self, id: SecretId) -> Result<Option<Secret<String>>> {
        let key = self.0.key();
        let read = |row: &dyn crate::row::Row| {
            let sealed: String = row.get("value")?;
            Ok(Secret::new(key.open(&place(&id.to_string()), &sealed)?))
        };
        self.0.one(sql("select value from secrets where id = $1", values![id]), read).await
    }
}

impl Secrets<&mut Tx> {
    /// Keeps a value, sealed.
    pub async fn insert(self, new: &NewSecret) -> Result<()> {
        let NewSecret { id, app_id, name, value, set_by, set_at } = new;
        let sealed = self.0.key().seal(&place(&id.to_string()), value.expose())?;
        let text = "insert into secrets (id, app_id, name, value, set_by, set_at) values ($1, $2, $3, $4, $5, $6) \
                    on conflict do nothing";
        self.0.insert("secret", text, values![id, app_id, name, sealed, set_by, set_at]).await
    }
}

/// Where a value stands, for the seal.
pub(crate) fn place(id: &str) -> String {
    format!("secrets/{id}/value")
}
