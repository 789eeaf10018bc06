use crate::executor::sql;
use crate::value::values;
use crate::{Counters, Executor, Result, Tx};

impl<E: Executor> Counters<E> {
    /// The last number given out under this name; 0 before the first.
    pub async fn get(mut self, name: &str) -> Result<u64> {
        let text = "select value from counters where name = $1";
        Ok(self.0.one(sql(text, values![name]), |row| row.get("value")).await?.unwrap_or_default())
    }
}

impl Counters<&mut Tx> {
    /// The next number under this name, from 1. It counts only if the transaction is committed.
    pub async fn next(mut self, name: &str) -> Result<u64> {
        let text = "insert into counters (name, value) values ($1, 1) \
                    on conflict (name) do update set value = counters.value + 1 returning value";
        Ok(self.0.one(sql(text, values![name]), |row| row.get("value")).await?.unwrap_or_default())
    }
}
