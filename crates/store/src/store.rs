use crate::db::Db;
use crate::executor::{Statement, collect};
use crate::row::Row;
use crate::{Error, Executor, Result, SealingKey, Tx};
use std::sync::Arc;

/// Where the sealing key proves at every start that it is the right one.
pub(crate) const PROOF: &str = "sealing_key_proof";

/// The database, open. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
    key: Arc<SealingKey>,
}

impl Store {
    /// Opens `sqlite:PATH` (made if it is not there) or `postgres://…`, brings the tables up to date, and sees to it that
    /// `key` is the one under which the values there are sealed.
    ///
    /// # Errors
    /// [`Error::Setup`] with a sentence for the operator, when the address is none, the tables are newer than this program
    /// or the key is another; [`Error::Database`] when the database does not answer.
    pub async fn open(url: &str, key: SealingKey) -> Result<Self> {
        let store = Self { db: Db::open(url).await?, key: Arc::new(key) };
        store.prove_key().await?;
        Ok(store)
    }

    /// Opens a database only to look at it: nothing is brought up to date, and what is sealed stays sealed.
    ///
    /// # Errors
    /// As [`Store::open`], but for the key.
    pub async fn look(url: &str) -> Result<Self> {
        Ok(Self { db: Db::look(url).await?, key: Arc::new(SealingKey::new([0; 32])) })
    }

    /// Starts a transaction, which waits until it is the only one.
    ///
    /// # Errors
    /// [`Error::Database`] when another one does not end within 30 seconds.
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(&self.db, &self.key).await
    }

    /// Closes all connections, once the statements under way are done.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
            Db::Postgres { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
        }
    }

    /// A new key over old values would be noticed one value at a time, and late.
    async fn prove_key(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        let proof = tx.meta().put_if_absent(PROOF, &self.key.seal(PROOF, "slipway")?).await?;
        tx.commit().await?;
        self.key.open(PROOF, &proof).map(|_| ()).map_err(|error| {
            Error::Setup(format!("The key file is not the one this database was sealed with; bring it back. ({error})"))
        })
    }
}

impl Executor for &Store {
    async fn all<T: Send>(
        &mut self,
        statement: Statement,
        read: impl Fn(&dyn Row) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        match &self.db {
            Db::Sqlite { reader, .. } => collect(&statement.for_sqlite().fetch_all(reader).await?, read),
            Db::Postgres { reader, .. } => collect(&statement.for_postgres().fetch_all(reader).await?, read),
        }
    }

    fn key(&self) -> Arc<SealingKey> {
        Arc::clone(&self.key)
    }
}
