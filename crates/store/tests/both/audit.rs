use crate::databases::on_both;
use crate::fixtures::{after, audit_id, committed, team_id};
use domain::TeamId;
use store::{AuditRow, Error};

fn line(second: i64, team: Option<TeamId>, subject_id: &str) -> AuditRow {
    AuditRow {
        id: audit_id(),
        at: after(second),
        team,
        actor_email: "ada@example.com".to_owned(),
        door: "console".to_owned(),
        address: "127.0.0.1".to_owned(),
        action: "deploy".to_owned(),
        subject_kind: "app".to_owned(),
        subject_id: subject_id.to_owned(),
        subject_name: "shop".to_owned(),
        detail: "r2 “because”".to_owned(),
    }
}

on_both! {
    async fn the_log_is_read_by_team_and_by_subject_newest_first(db) {
        let store = db.open().await;
        let (red, blue) = (team_id(), team_id());
        let lines = [
            line(0, Some(red), "shop"),
            line(1, Some(blue), "bank"),
            line(2, Some(red), "cart"),
            line(3, Some(red), "shop"),
            line(3, Some(red), "shop"),
            line(4, None, "shop"),
        ];
        for line in &lines {
            committed!(store, audit.append(line)).expect("appended");
        }
        let pick = |places: &[usize]| places.iter().map(|place| lines[*place].clone()).collect::<Vec<_>>();
        assert_eq!(store.audit().of_team(red, 3).await.expect("read"), pick(&[4, 3, 2]));
        assert_eq!(store.audit().of_team(blue, 9).await.expect("read"), pick(&[1]));
        assert_eq!(store.audit().of_subject("shop", 9).await.expect("read"), pick(&[5, 4, 3, 0]));
    }

    async fn a_line_is_written_once_and_stays(db) {
        let store = db.open().await;
        let first = line(0, None, "shop");
        committed!(store, audit.append(&first)).expect("appended");
        let again = AuditRow { detail: "rewritten".to_owned(), ..first.clone() };
        assert!(matches!(committed!(store, audit.append(&again)), Err(Error::Conflict("audit line"))));
        assert_eq!(store.audit().of_subject("shop", 9).await.expect("read"), [first]);
    }

    async fn a_change_that_is_not_kept_leaves_no_line(db) {
        let store = db.open().await;
        let mut tx = store.begin().await.expect("a transaction");
        tx.audit().append(&line(0, None, "shop")).await.expect("appended");
        drop(tx);
        assert_eq!(store.audit().of_subject("shop", 9).await.expect("read"), []);
    }
}
