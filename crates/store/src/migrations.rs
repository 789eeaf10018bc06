use crate::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, SqlSafeStr};
use std::time::Duration;

/// One step forward; there is no way back.
struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal)*) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../../../migrations/", $name, ".sql")),
        }),*]
    };
}

const ALL: &[Migration] = migrations! {
    1 "0001_first"
    2 "0002_people"
    3 "0003_settings"
    4 "0004_access"
    5 "0005_tokens"
    6 "0006_life"
    7 "0007_usage"
    12 "0012_certificates"
    13 "0013_domains"
};

/// Held while a server migrates a PostgreSQL database, so that the second of two waits. (“slipwmi” in ASCII.)
const LOCK: i64 = 0x0073_6c69_7077_6d69;

const TABLE: &str =
    "create table if not exists migrations (number bigint not null primary key, name text not null, sql text not null)";

/// The migrations that are still to be applied, given the texts of those that were.
fn pending(applied: &[String]) -> Result<&'static [Migration]> {
    if applied.len() > ALL.len() {
        return Err(Error::Setup(
            "The database was made by a newer version of Slipway; start that version, or a later one.".to_owned(),
        ));
    }
    match ALL.iter().zip(applied).find(|(ours, theirs)| ours.sql != theirs.as_str()) {
        Some((ours, _)) => Err(Error::Setup(format!(
            "The database was made by another edition of Slipway: migration {} is not the one it was made with.",
            ours.name
        ))),
        None => Ok(&ALL[applied.len()..]),
    }
}

/// Applies what is pending on an open transaction of either driver, and commits.
macro_rules! apply {
    ($tx:ident) => {{
        sqlx::raw_sql(TABLE).execute(&mut *$tx).await?;
        let applied =
            sqlx::query_scalar::<_, String>("select sql from migrations order by number").fetch_all(&mut *$tx).await?;
        for migration in pending(&applied)? {
            tracing::info!(migration.name, "the database is brought up to date");
            sqlx::raw_sql(migration.sql.into_sql_str()).execute(&mut *$tx).await?;
            sqlx::query("insert into migrations (number, name, sql) values ($1, $2, $3)")
                .bind(migration.number)
                .bind(migration.name)
                .bind(migration.sql)
                .execute(&mut *$tx)
                .await?;
        }
        $tx.commit().await?;
    }};
}

/// Brings a SQLite database up to date, on a connection of its own: `begin immediate` makes a second process wait.
pub(crate) async fn on_sqlite(options: &SqliteConnectOptions) -> Result<()> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    use_wal(&mut connection).await?;
    let mut tx = connection.begin_with("begin immediate").await?;
    apply!(tx);
    connection.close().await?;
    Ok(())
}

/// The journal's mode is kept in the file. Changing it takes a lock for which SQLite does not wait by itself.
async fn use_wal(connection: &mut SqliteConnection) -> Result<()> {
    for _ in 0..200 {
        match sqlx::query_scalar::<_, String>("pragma journal_mode = wal").fetch_one(&mut *connection).await {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => break,
            Err(error) if is_busy(&error) => tokio::time::sleep(Duration::from_millis(25)).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Setup("The database's disk cannot hold a write-ahead log; put the database on a local disk.".to_owned()))
}

fn is_busy(error: &sqlx::Error) -> bool {
    // SQLITE_BUSY, and its extended codes, which keep it in the low byte.
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// Brings a PostgreSQL database up to date, on a connection that is closed after, and with it the lock given back, however
/// this ends.
pub(crate) async fn on_postgres(options: &PgConnectOptions) -> Result<()> {
    let mut connection = PgConnection::connect_with(options).await?;
    sqlx::query("select pg_advisory_lock($1)").bind(LOCK).execute(&mut connection).await?;
    let mut tx = connection.begin().await?;
    apply!(tx);
    connection.close().await?;
    Ok(())
}
