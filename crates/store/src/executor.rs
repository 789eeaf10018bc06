use crate::dialect::Dialect;
use crate::row::Row;
use crate::value::Value;
use crate::{Result, SealingKey};
use sqlx::query::Query;
use sqlx::{Database, Encode, Postgres, Sqlite, Type};
use std::sync::Arc;

/// What statements run on: a [`Store`](crate::Store), which only reads, or a [`Tx`](crate::Tx).
pub trait Executor: Send {
    /// Runs a statement and reads every row of its answer.
    #[doc(hidden)]
    fn all<T: Send>(
        &mut self,
        statement: Statement,
        read: impl Fn(&dyn Row) -> Result<T> + Send,
    ) -> impl Future<Output = Result<Vec<T>>> + Send;

    /// The key for sealed columns.
    #[doc(hidden)]
    fn key(&self) -> Arc<SealingKey>;

    /// Runs a statement and reads the first row of its answer, if there is one.
    #[doc(hidden)]
    fn one<T: Send>(
        &mut self,
        statement: Statement,
        read: impl Fn(&dyn Row) -> Result<T> + Send,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        async { Ok(self.all(statement, read).await?.into_iter().next()) }
    }
}

/// A text with `$1` placeholders and `{fragments}`, and its values.
#[derive(Debug)]
pub struct Statement {
    sql: &'static str,
    values: Vec<Value>,
}

/// A statement of this text with these values.
pub(crate) fn sql(sql: &'static str, values: Vec<Value>) -> Statement {
    Statement { sql, values }
}

impl Statement {
    pub(crate) fn for_sqlite(self) -> Query<'static, Sqlite, <Sqlite as Database>::Arguments> {
        bound(sqlx::query(Dialect::Sqlite.render(self.sql)), self.values)
    }

    pub(crate) fn for_postgres(self) -> Query<'static, Postgres, <Postgres as Database>::Arguments> {
        bound(sqlx::query(Dialect::Postgres.render(self.sql)), self.values)
    }
}

fn bound<D: Database>(
    query: Query<'static, D, <D as Database>::Arguments>,
    values: Vec<Value>,
) -> Query<'static, D, <D as Database>::Arguments>
where
    Option<String>: Encode<'static, D> + Type<D>,
    Option<i64>: Encode<'static, D> + Type<D>,
{
    values.into_iter().fold(query, |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Int(number) => query.bind(number),
    })
}

/// Reads the rows of either driver by one function.
pub(crate) fn collect<R: Row, T>(rows: &[R], read: impl Fn(&dyn Row) -> Result<T>) -> Result<Vec<T>> {
    rows.iter().map(|row| read(row)).collect()
}
