use std::path::Path;
use std::process::Command;
use store::{SealingKey, Store};
use tempfile::TempDir;

/// Makes two tests of one body, which is given an empty database of each kind.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($db:ident) $body:block)*) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn body($db: $crate::databases::Database) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                body($crate::databases::Database::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                body($crate::databases::Database::postgres()).await;
            }
        }
    )*};
}
pub(crate) use on_both;

/// An empty database, gone with this value.
pub struct Database {
    pub url: String,
    folder: Option<TempDir>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        Self { url: format!("sqlite:{}", folder.path().join("store.db").display()), folder: Some(folder) }
    }

    pub fn postgres() -> Self {
        Self { url: testkit::postgres::new_database(), folder: None }
    }

    /// The store on it, under the key that all tests use where keys do not matter.
    pub async fn open(&self) -> Store {
        Store::open(&self.url, SealingKey::new([7; 32])).await.expect("the store opens")
    }

    /// Everything it keeps, as somebody sees it who steals the disk.
    pub fn bytes(&self) -> Vec<u8> {
        match &self.folder {
            Some(folder) => files(folder.path()),
            None => dump(&self.url),
        }
    }

    /// Ends all connections from the other side, where there is one.
    pub async fn break_connections(&self) {
        if self.folder.is_none() {
            self.run(
                "select pg_terminate_backend(pid, 10000) from pg_stat_activity \
                 where datname = current_database() and pid <> pg_backend_pid()",
            )
            .await;
        }
    }

    /// Runs statements past the store.
    pub async fn run(&self, sql: &'static str) {
        use sqlx::Connection;
        let outcome = if self.folder.is_some() {
            let options: sqlx::sqlite::SqliteConnectOptions = self.url.parse().expect("an address");
            let options = options.create_if_missing(true);
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("it connects");
            sqlx::raw_sql(sql).execute(&mut connection).await.map(|_| ())
        } else {
            let mut connection = sqlx::PgConnection::connect(&self.url).await.expect("it connects");
            sqlx::raw_sql(sql).execute(&mut connection).await.map(|_| ())
        };
        outcome.expect("the statements run");
    }
}

fn files(folder: &Path) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries.flat_map(|entry| std::fs::read(entry.expect("an entry").path()).expect("a file")).collect()
}

fn dump(url: &str) -> Vec<u8> {
    let dump = Command::new("/usr/lib/postgresql/15/bin/pg_dump").args(["--dbname", url]).output().expect("it runs");
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    dump.stdout
}
