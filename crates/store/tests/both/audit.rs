use crate::databases::on_both;
use crate::fixtures::{after, audit_id, committed, sixteen, team_id};
use domain::{AuditLine, TeamId, Timestamp};
use store::{AuditQuery, AuditRow, Error, Store, chain_hash};

fn line(second: i64, team: Option<TeamId>, subject_id: &str) -> AuditRow {
    AuditRow {
        id: audit_id(),
        at: after(second),
        team,
        actor_email: "ada@example.com".to_owned(),
        door: "console".to_owned(),
        address: "127.0.0.1".to_owned(),
        action: "deploy.start".to_owned(),
        subject_kind: "app".to_owned(),
        subject_id: subject_id.to_owned(),
        subject_name: "shop".to_owned(),
        detail: "r2 “because”\0".to_owned(),
    }
}

fn everything() -> AuditQuery {
    let text = String::new;
    let (from, to) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
    AuditQuery { team: None, person: text(), action: text(), app: text(), from, to, before: 1 << 40, limit: 100 }
}

fn numbers(lines: &[AuditLine]) -> Vec<u64> {
    lines.iter().map(|line| line.number).collect()
}

async fn found(store: &Store, query: AuditQuery) -> Vec<u64> {
    numbers(&store.audit().find(&query).await.expect("read"))
}

on_both! {
    async fn the_log_is_read_by_team_and_by_subject_newest_first(db) {
        let store = db.open().await;
        let (red, blue) = (team_id(), team_id());
        let lines =
            [(Some(red), "shop"), (Some(blue), "bank"), (Some(red), "cart"), (Some(red), "shop"), (None, "shop")];
        for (second, (team, subject)) in (0..).zip(lines) {
            committed!(store, audit.append(&line(second, team, subject))).expect("appended");
        }
        assert_eq!(numbers(&store.audit().of_team(red, 2).await.expect("read")), [4, 3]);
        assert_eq!(numbers(&store.audit().of_team(blue, 9).await.expect("read")), [2]);
        assert_eq!(numbers(&store.audit().of_subject("shop", 9).await.expect("read")), [5, 4, 1]);
    }

    async fn the_log_is_narrowed_by_who_what_when_and_where(db) {
        let store = db.open().await;
        let red = team_id();
        let first = AuditRow { actor_email: "bob@example.com".to_owned(), ..line(0, Some(red), "a") };
        let second = AuditRow { action: "app.delete".to_owned(), ..line(10, Some(red), "b") };
        let third = AuditRow { subject_name: "cart".to_owned(), ..line(20, None, "c") };
        let fourth = AuditRow { action: "deploy".to_owned(), subject_kind: "team".to_owned(), ..line(30, None, "d") };
        for line in [first, second, third, fourth] {
            committed!(store, audit.append(&line)).expect("appended");
        }
        assert_eq!(found(&store, everything()).await, [4, 3, 2, 1]);
        assert_eq!(found(&store, AuditQuery { team: Some(red), ..everything() }).await, [2, 1]);
        assert_eq!(found(&store, AuditQuery { person: "bob@example.com".to_owned(), ..everything() }).await, [1]);
        assert_eq!(found(&store, AuditQuery { action: "deploy".to_owned(), ..everything() }).await, [4, 3, 1]);
        assert_eq!(found(&store, AuditQuery { action: "app.delete".to_owned(), ..everything() }).await, [2]);
        assert_eq!(found(&store, AuditQuery { app: "shop".to_owned(), ..everything() }).await, [2, 1]);
        assert_eq!(found(&store, AuditQuery { from: after(10), to: after(30), ..everything() }).await, [3, 2]);
        assert_eq!(found(&store, AuditQuery { before: 3, limit: 1, ..everything() }).await, [2]);
        assert_eq!(found(&store, AuditQuery { person: "' or 1 = 1 --".to_owned(), ..everything() }).await, [0; 0]);
    }

    async fn a_line_is_written_once_and_stays(db) {
        let store = db.open().await;
        let first = line(0, None, "shop");
        committed!(store, audit.append(&first)).expect("appended");
        let mut tx = store.begin().await.expect("a transaction");
        let again = AuditRow { detail: "rewritten".to_owned(), ..first.clone() };
        assert!(matches!(tx.audit().append(&again).await, Err(Error::Conflict("audit line"))));
        drop(tx);
        let kept = store.audit().of_subject("shop", 9).await.expect("read");
        assert_eq!((kept.len(), kept[0].detail.as_str()), (1, "r2 “because”\u{fffd}"));
    }

    async fn a_change_that_is_not_kept_leaves_no_line_and_no_gap(db) {
        let store = db.open().await;
        let mut tx = store.begin().await.expect("a transaction");
        tx.audit().append(&line(0, None, "shop")).await.expect("appended");
        drop(tx);
        committed!(store, audit.append(&line(1, None, "shop"))).expect("appended");
        assert_eq!(numbers(&store.audit().of_subject("shop", 9).await.expect("read")), [1]);
        assert_eq!(store.audit().written().await.expect("read"), (0, 1));
    }

    /// What is read back comes to the hash that was kept, whatever the database does to text.
    async fn lines_of_many_at_once_make_one_chain(db) {
        let store = db.open().await;
        sixteen(|writer| {
            let store = store.clone();
            async move {
                for second in 0..4 {
                    committed!(store, audit.append(&line(second, None, &writer.to_string()))).expect("appended");
                }
            }
        })
        .await;
        let lines = store.audit().after(0, 100).await.expect("read");
        assert_eq!(numbers(&lines), (1..=64).collect::<Vec<_>>());
        let mut before = String::new();
        for line in lines {
            assert_eq!(line.hash, chain_hash(&before, &line), "{}", line.number);
            before = line.hash;
        }
    }
}
