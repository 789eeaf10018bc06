use crate::{Error, Result, migrations};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::{fs::OpenOptions, io::ErrorKind, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

/// How long a transaction waits to be the only one.
const PATIENCE: Duration = Duration::from_secs(30);
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 8;

/// Connections for reading, and the one for writing.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    Sqlite { reader: SqlitePool, writer: SqlitePool },
    Postgres { reader: PgPool, writer: PgPool },
}

impl Db {
    /// Connects to `sqlite:PATH` or `postgres://…` and brings the tables up to date.
    pub(crate) async fn open(url: &str) -> Result<Self> {
        match address(url)? {
            Address::Postgres(options) => {
                migrations::on_postgres(&options).await?;
                postgres(*options).await
            }
            Address::Sqlite(path) => {
                create_private(path)?;
                migrations::on_sqlite(&sqlite_options(path)).await?;
                sqlite(path).await
            }
        }
    }

    /// Connects and changes nothing. The database has to be there.
    pub(crate) async fn look(url: &str) -> Result<Self> {
        match address(url)? {
            Address::Postgres(options) => postgres(*options).await,
            Address::Sqlite(path) => sqlite(path).await,
        }
    }
}

enum Address<'a> {
    Sqlite(&'a Path),
    Postgres(Box<PgConnectOptions>),
}

fn address(url: &str) -> Result<Address<'_>> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let options: PgConnectOptions = url.parse()?;
        return Ok(Address::Postgres(Box::new(options.application_name("slipway"))));
    }
    match url.strip_prefix("sqlite:") {
        Some(path) => Ok(Address::Sqlite(Path::new(path.strip_prefix("//").unwrap_or(path)))),
        None => Err(Error::Setup("The database is “sqlite:PATH” or “postgres://USER@HOST/NAME”.".to_owned())),
    }
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        // With WAL a crash of the process loses nothing; a power failure may lose the last moments, and never half of
        // a transaction. The controller looks again at what is, so that is repaired.
        .synchronous(SqliteSynchronous::Normal)
}

async fn sqlite(path: &Path) -> Result<Db> {
    let options = sqlite_options(path);
    let pool = |connections| {
        let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
        pool.test_before_acquire(false).idle_timeout(None).max_lifetime(None)
    };
    let writer = pool(1).connect_with(options.clone()).await?;
    let reader = pool(SQLITE_READERS).connect_with(options.read_only(true)).await?;
    Ok(Db::Sqlite { reader, writer })
}

/// Makes the file if there is none, readable by its owner alone; SQLite gives the files beside it the same mode.
fn create_private(path: &Path) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(Error::Setup(format!("The database {} cannot be made: {error}.", path.display())))
        }
        _ => Ok(()),
    }
}

async fn postgres(options: PgConnectOptions) -> Result<Db> {
    let pool = |connections| PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
    let writer = pool(1).after_connect(|writer, _| {
        let millis = PATIENCE.as_millis().to_string();
        let set = sqlx::query("select set_config('lock_timeout', $1, false)").bind(millis);
        Box::pin(async move { set.execute(writer).await.map(|_| ()) })
    });
    let writer = writer.connect_with(options.clone()).await?;
    let reader = pool(POSTGRES_READERS).connect_with(options).await?;
    Ok(Db::Postgres { reader, writer })
}
