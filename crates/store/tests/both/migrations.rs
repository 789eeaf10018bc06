use crate::databases::{Database, on_both};
use crate::fixtures::{committed, world};
use std::env;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use store::{Error, SealingKey, Store};

async fn refusal(db: &Database) -> String {
    match Store::open(&db.url, SealingKey::new([7; 32])).await {
        Err(Error::Setup(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn opening_again_keeps_everything(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        store.close().await;
        let store = db.open().await;
        assert_eq!(store.apps().live().await.expect("read"), [world.app]);
        committed!(store, meta.put("k", "v")).expect("and goes on");
    }

    async fn processes_that_start_at_once_on_a_new_database_all_come_up(db) {
        let start = || {
            let mut command = Command::new(env::current_exe().expect("this program has a path"));
            command.args(["--ignored", "--exact", "migrations::a_process_that_opens_a_database"]);
            let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
            process.stdin.take().expect("it is piped").write_all(db.url.as_bytes()).expect("it reads");
            process
        };
        for process in (0..6).map(|_| start()).collect::<Vec<_>>() {
            let output = process.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        assert_eq!(db.open().await.counters().get("opened").await.expect("read"), 6);
    }

    async fn a_database_of_a_newer_version_is_refused(db) {
        db.open().await.close().await;
        db.run("insert into migrations (number, name, sql) values (9999, '9999_future', '')").await;
        assert_eq!(
            refusal(&db).await,
            "The database was made by a newer version of Slipway; start that version, or a later one."
        );
    }

    async fn a_database_of_another_edition_is_refused(db) {
        db.open().await.close().await;
        db.run("update migrations set sql = 'something else' where number = 1").await;
        let sentence = refusal(&db).await;
        assert!(sentence.contains("migration 0001_first is not the one it was made with"), "{sentence}");
    }

    /// A lock that a failed run keeps would block every later start.
    async fn a_migration_that_failed_can_be_repeated(db) {
        db.run("create table members (name text)").await;
        let failed = Store::open(&db.url, SealingKey::new([7; 32])).await;
        assert!(matches!(failed, Err(Error::Database(_))), "{failed:?}");
        db.run("drop table members").await;
        assert_eq!(db.open().await.people().count().await.expect("nothing of the first try is in the way"), 0);
    }
}

#[tokio::test]
#[ignore = "a test above starts it, several times at once"]
async fn a_process_that_opens_a_database() {
    let url = io::read_to_string(io::stdin()).expect("it is told which");
    let store = Store::open(&url, SealingKey::new([7; 32])).await.expect("it opens");
    committed!(store, counters.next("opened")).expect("and writes");
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused_with_what_would_be_right() {
    let refused = Store::open("mysql://localhost/x", SealingKey::new([7; 32])).await.expect_err("no such database");
    assert_eq!(refused.to_string(), "The database is “sqlite:PATH” or “postgres://USER@HOST/NAME”.");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let refused = Store::open("sqlite:/nowhere/at/all.db", SealingKey::new([7; 32])).await.expect_err("no such folder");
    assert!(
        refused.to_string().starts_with("The database /nowhere/at/all.db cannot be made: No such file"),
        "{refused}"
    );
}

/// The server of the tests speaks no TLS. Falling back would send everything in clear.
#[tokio::test]
async fn a_database_that_must_be_reached_by_tls_is_not_reached_without() {
    let url = format!("{}&sslmode=require", Database::postgres().url);
    let refused = Store::open(&url, SealingKey::new([7; 32])).await.expect_err("there is no TLS");
    assert!(refused.to_string().contains("server does not support TLS"), "{refused}");
}

/// It holds sessions and addresses.
#[tokio::test]
async fn nobody_else_on_the_machine_reads_the_embedded_database() {
    use std::os::unix::fs::PermissionsExt;
    let db = Database::sqlite();
    let store = db.open().await;
    committed!(store, meta.put("k", "v")).expect("put");
    let path = db.url.strip_prefix("sqlite:").expect("its kind");
    for file in [path.to_owned(), format!("{path}-wal"), format!("{path}-shm")] {
        let mode = std::fs::metadata(&file).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}
