//! Changing the sealing key.

use crate::executor::sql;
use crate::store::PROOF;
use crate::value::values;
use crate::{Executor, Result, Store, Tx, certificates, gate, registries, releases, secrets};

/// A sealed value: the key of its row, the place it is sealed for, and the value.
type Sealed = (String, String, String);

impl Store {
    /// Seals everything under the first key of the key file, and says how many values that took. After it the older keys
    /// can go from the file.
    ///
    /// # Errors
    /// [`Error::Sealed`](crate::Error::Sealed) when a value is under a key that is not in the file; nothing is changed then.
    pub async fn reseal(&self) -> Result<u64> {
        let mut tx = self.begin().await?;
        let variables = tx.sealed("select id as key, variables as value from releases", releases::place).await?;
        let values = tx.sealed("select id as key, value from secrets", secrets::place).await?;
        let passwords =
            tx.sealed("select address as key, password as value from registries", registries::place).await?;
        let keys = tx.sealed("select id as key, private_key as value from certificates", certificates::place).await?;
        let of_pass = |id: &str| gate::place("pass", id);
        let passes = tx.sealed("select id as key, pass as value from gate_keys", of_pass).await?;
        let of_assertion = |id: &str| gate::place("assertion", id);
        let assertions = tx.sealed("select id as key, assertion as value from gate_keys", of_assertion).await?;
        let proof = tx.sealed("select key, value from meta where key = 'sealing_key_proof'", |_| PROOF.into()).await?;
        let mut count = tx.seal_anew("update releases set variables = $2 where id = $1", variables).await?;
        count += tx.seal_anew("update secrets set value = $2 where id = $1", values).await?;
        count += tx.seal_anew("update registries set password = $2 where address = $1", passwords).await?;
        count += tx.seal_anew("update certificates set private_key = $2 where id = $1", keys).await?;
        count += tx.seal_anew("update gate_keys set pass = $2 where id = $1", passes).await?;
        count += tx.seal_anew("update gate_keys set assertion = $2 where id = $1", assertions).await?;
        count += tx.seal_anew("update meta set value = $2 where key = $1", proof).await?;
        tx.commit().await?;
        Ok(count)
    }
}

impl Tx {
    async fn sealed(mut self: &mut Self, text: &'static str, place: fn(&str) -> String) -> Result<Vec<Sealed>> {
        let read = |row: &dyn crate::row::Row| {
            let key: String = row.get("key")?;
            Ok((key.clone(), place(&key), row.get("value")?))
        };
        self.all(sql(text, values![]), read).await
    }

    async fn seal_anew(&mut self, text: &'static str, values: Vec<Sealed>) -> Result<u64> {
        let key = self.key();
        let mut count = 0;
        for (id, place, sealed) in values {
            if !key.is_current(&sealed) {
                let anew = key.seal(&place, &key.open(&place, &sealed)?)?;
                count += self.execute(text, values![id, anew]).await?;
            }
        }
        Ok(count)
    }
}
