use crate::executor::sql;
use crate::value::values;
use crate::{Executor, Meta, Result, Tx};

impl<E: Executor> Meta<E> {
    /// What is kept under this key.
    pub async fn get(mut self, key: &str) -> Result<Option<String>> {
        self.0.one(sql("select value from meta where key = $1", values![key]), |row| row.get("value")).await
    }
}

impl Meta<&mut Tx> {
    /// Keeps a value under this key, whatever was there.
    pub async fn put(self, key: &str, value: &str) -> Result<()> {
        let text =
            "insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value";
        self.0.execute(text, values![key, value]).await.map(|_| ())
    }

    /// Keeps a value under this key unless there is one, and returns what is there now.
    pub async fn put_if_absent(self, key: &str, value: &str) -> Result<String> {
        let text = "insert into meta (key, value) values ($1, $2) on conflict do nothing";
        self.0.execute(text, values![key, value]).await?;
        Ok(Meta(&mut *self.0).get(key).await?.unwrap_or_else(|| value.to_owned()))
    }
}
