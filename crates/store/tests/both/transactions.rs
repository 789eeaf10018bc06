use crate::databases::on_both;
use crate::fixtures::{NOW, app, committed, person, project, sixteen, team, world};
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;
use store::{Error, SealingKey, Store};

/// Reads a number and writes the next one, as naively as it gets.
async fn add_one(store: &Store) {
    let mut tx = store.begin().await.expect("a transaction");
    let before: u32 = tx.meta().get("sum").await.expect("read").map_or(0, |text| text.parse().expect("a number"));
    tokio::task::yield_now().await;
    tx.meta().put("sum", &(before + 1).to_string()).await.expect("put");
    tx.commit().await.expect("it is kept");
}

on_both! {
    /// Two stores stand for two servers on one database.
    async fn sixteen_writers_who_read_first_lose_no_update(db) {
        let stores = [db.open().await, db.open().await];
        let writers = sixteen(|n| {
            let store = stores[n % 2].clone();
            async move {
                for _ in 0..10 {
                    add_one(&store).await;
                }
            }
        });
        writers.await;
        assert_eq!(stores[0].meta().get("sum").await.expect("read").as_deref(), Some("160"));
    }

    async fn a_dropped_transaction_leaves_nothing_behind(db) {
        let store = db.open().await;
        let mut tx = store.begin().await.expect("a transaction");
        tx.people().insert(&person("ada@example.com"), NOW).await.expect("she is new");
        tx.teams().insert(&team("red")).await.expect("it is new");
        drop(tx);
        committed!(store, meta.put("after", "it goes on")).expect("put");
        assert_eq!(store.people().count().await.expect("read"), 0);
        assert_eq!(store.teams().by_name(&"red".parse().expect("a name")).await.expect("read"), None);
    }

    async fn what_is_not_committed_is_seen_from_inside_alone(db) {
        let store = db.open().await;
        let mut tx = store.begin().await.expect("a transaction");
        tx.people().insert(&person("ada@example.com"), NOW).await.expect("she is new");
        assert_eq!(tx.people().count().await.expect("read"), 1);
        assert_eq!(store.people().count().await.expect("readers do not wait"), 0);
        tx.commit().await.expect("it is kept");
        assert_eq!(store.people().count().await.expect("read"), 1);
    }

    /// PostgreSQL would report success and keep nothing, SQLite would keep the rest.
    async fn a_failure_that_was_ignored_is_not_committed(db) {
        let store = db.open().await;
        let red = world(&store, "red").await.team;
        let mut tx = store.begin().await.expect("a transaction");
        tx.people().insert(&person("ada@example.com"), NOW).await.expect("she is new");
        let orphan = app(&project(&red, "never-inserted"), "orphan");
        assert!(matches!(tx.apps().insert(&orphan).await, Err(Error::Database(_))));
        assert!(matches!(tx.commit().await, Err(Error::Aborted)));
        let ada = store.people().by_email(&"ada@example.com".parse().expect("an address")).await.expect("read");
        assert_eq!(ada, None);
    }

    /// As by a restart of the database, or a firewall that forgets.
    async fn connections_that_broke_are_made_anew(db) {
        let store = db.open().await;
        add_one(&store).await;
        db.break_connections().await;
        add_one(&store).await;
        assert_eq!(store.meta().get("sum").await.expect("read").as_deref(), Some("2"));
    }

    async fn a_killed_server_leaves_neither_half_a_transaction_nor_a_lock(db) {
        let store = db.open().await;
        let mut server = Command::new(env::current_exe().expect("this program has a path"))
            .args(["--ignored", "--exact", "transactions::a_process_in_the_middle_of_a_transaction", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        writeln!(server.stdin.as_ref().expect("it is piped"), "{}", db.url).expect("it reads");
        let mut lines = BufReader::new(server.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line == "in the middle"));
        server.kill().expect("it is killed");
        server.wait().expect("it is gone");
        add_one(&store).await;
        assert_eq!(store.meta().get("sum").await.expect("read").as_deref(), Some("1"));
        assert_eq!(store.people().count().await.expect("read"), 0);
    }

    async fn who_gives_up_waiting_for_the_writer_does_no_harm(db) {
        let stores = [db.open().await, db.open().await];
        let mut tx = stores[0].begin().await.expect("a transaction");
        for store in &stores {
            let waiting = tokio::time::timeout(Duration::from_millis(50), store.begin()).await;
            assert!(waiting.is_err(), "there is one writer at a time");
        }
        tx.meta().put("k", "v").await.expect("put");
        tx.commit().await.expect("it is kept");
        for store in &stores {
            add_one(store).await;
        }
        assert_eq!(stores[1].meta().get("sum").await.expect("read").as_deref(), Some("2"));
    }
}

#[tokio::test]
#[ignore = "a test above starts it and kills it"]
async fn a_process_in_the_middle_of_a_transaction() {
    let mut url = String::new();
    io::stdin().read_line(&mut url).expect("it is told which");
    let store = Store::open(url.trim(), SealingKey::new([7; 32])).await.expect("it opens");
    let mut tx = store.begin().await.expect("a transaction");
    tx.people().insert(&person("ada@example.com"), NOW).await.expect("she is new");
    tx.meta().put("sum", "41").await.expect("put");
    println!("\nin the middle");
    io::stdin().read_line(&mut url).expect("nobody writes, and nobody closes it");
}
