use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, sixteen};
use store::Error;

on_both! {
    async fn of_sixteen_who_use_a_link_at_once_one_gets_in(db) {
        let store = db.open().await;
        committed!(store, sign_in_links.insert("hash", after(60))).expect("it is new");
        let got_in = sixteen(|_| {
            let store = store.clone();
            async move { committed!(store, sign_in_links.consume("hash", NOW)).expect("answered") }
        });
        assert_eq!(got_in.await.into_iter().filter(|in_| *in_).count(), 1);
    }

    async fn a_link_that_expired_or_never_was_lets_nobody_in(db) {
        let store = db.open().await;
        committed!(store, sign_in_links.insert("hash", after(60))).expect("it is new");
        assert!(!committed!(store, sign_in_links.consume("other", NOW)).expect("answered"));
        assert!(!committed!(store, sign_in_links.consume("hash", after(60))).expect("answered"));
        assert_eq!(committed!(store, sign_in_links.delete_expired(after(59))).expect("deleted"), 0);
        assert_eq!(committed!(store, sign_in_links.delete_expired(after(60))).expect("deleted"), 1);
        assert!(!committed!(store, sign_in_links.consume("hash", NOW)).expect("answered"));
    }

    async fn a_use_that_is_not_committed_leaves_the_link_usable(db) {
        let store = db.open().await;
        committed!(store, sign_in_links.insert("hash", after(60))).expect("it is new");
        let mut tx = store.begin().await.expect("a transaction");
        assert!(tx.sign_in_links().consume("hash", NOW).await.expect("answered"));
        drop(tx);
        assert!(committed!(store, sign_in_links.consume("hash", NOW)).expect("answered"));
    }

    async fn a_link_is_made_once(db) {
        let store = db.open().await;
        committed!(store, sign_in_links.insert("hash", after(60))).expect("it is new");
        let second = committed!(store, sign_in_links.insert("hash", after(600)));
        assert!(matches!(second, Err(Error::Conflict("sign-in link"))), "{second:?}");
    }
}
