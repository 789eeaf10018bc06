use crate::db::Db;
use crate::executor::{Statement, collect, sql};
use crate::row::Row;
use crate::value::Value;
use crate::{Error, Executor, Result, SealingKey};
use sqlx::{Postgres, Sqlite, Transaction};
use std::sync::Arc;

/// Held by the one transaction that is open on a PostgreSQL database, whichever server it belongs to. It gives back with
/// the commit what SQLite gives by itself: what a transaction has read stays true until it ends. (“slipwtx” in ASCII.)
const WRITER: i64 = 0x0073_6c69_7077_7478;

/// A transaction. Dropping it without [`Tx::commit`] leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    on: On,
    key: Arc<SealingKey>,
    /// PostgreSQL drops everything after a failed statement and reports success at the commit; SQLite goes on with the
    /// rest. Here both refuse the commit.
    failed: bool,
}

#[derive(Debug)]
enum On {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(crate) async fn begin(db: &Db, key: &Arc<SealingKey>) -> Result<Self> {
        let on = match db {
            Db::Sqlite { writer, .. } => On::Sqlite(writer.begin_with("begin immediate").await?),
            Db::Postgres { writer, .. } => {
                let mut tx = writer.begin().await?;
                sqlx::query("select pg_advisory_xact_lock($1)").bind(WRITER).execute(&mut *tx).await?;
                On::Postgres(tx)
            }
        };
        Ok(Self { on, key: Arc::clone(key), failed: false })
    }

    /// Keeps everything that was done.
    ///
    /// # Errors
    /// [`Error::Aborted`] when a statement before had failed, [`Error::Database`] when the database cannot keep it.
    /// Either way nothing was kept.
    pub async fn commit(self) -> Result<()> {
        if self.failed {
            return Err(Error::Aborted);
        }
        match self.on {
            On::Sqlite(tx) => tx.commit().await?,
            On::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) async fn execute(&mut self, text: &'static str, values: Vec<Value>) -> Result<u64> {
        let statement = sql(text, values);
        let changed = match &mut self.on {
            On::Sqlite(tx) => statement.for_sqlite().execute(&mut **tx).await.map(|done| done.rows_affected()),
            On::Postgres(tx) => statement.for_postgres().execute(&mut **tx).await.map(|done| done.rows_affected()),
        };
        self.failed |= changed.is_err();
        Ok(changed?)
    }

    /// Runs a statement that changes one row or none, and says whether it did.
    pub(crate) async fn change(&mut self, text: &'static str, values: Vec<Value>) -> Result<bool> {
        Ok(self.execute(text, values).await? > 0)
    }

    /// Runs an `insert … on conflict do nothing`. That clause is what keeps a PostgreSQL transaction alive when the row
    /// cannot be put in; and since SQLite never names the constraint, the caller says what it is that is `taken`.
    pub(crate) async fn insert(&mut self, taken: &'static str, text: &'static str, values: Vec<Value>) -> Result<()> {
        debug_assert!(text.ends_with("on conflict do nothing"), "{text}");
        if self.change(text, values).await? { Ok(()) } else { Err(Error::Conflict(taken)) }
    }
}

impl Executor for &mut Tx {
    async fn all<T: Send>(
        &mut self,
        statement: Statement,
        read: impl Fn(&dyn Row) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        let rows = match &mut self.on {
            On::Sqlite(tx) => statement.for_sqlite().fetch_all(&mut **tx).await.map(|rows| collect(&rows, read)),
            On::Postgres(tx) => statement.for_postgres().fetch_all(&mut **tx).await.map(|rows| collect(&rows, read)),
        };
        self.failed |= rows.is_err();
        rows?
    }

    fn key(&self) -> Arc<SealingKey> {
        Arc::clone(&self.key)
    }
}
