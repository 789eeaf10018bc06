use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, person};
use store::{SessionRow, Store};

async fn signed_in(store: &Store, id: &str) -> domain::PersonId {
    let ada = person(&format!("{id}@example.com"));
    committed!(store, people.insert(&ada, NOW)).expect("she is new");
    assert!(committed!(store, sessions.create(id, "{}", Some(ada.id), NOW, after(60))).expect("created"));
    ada.id
}

on_both! {
    async fn a_session_carries_what_was_saved_last(db) {
        let store = db.open().await;
        assert!(committed!(store, sessions.create("s", "{\"a\":1}", None, NOW, after(60))).expect("created"));
        let ada = person("ada@example.com");
        committed!(store, people.insert(&ada, NOW)).expect("she is new");
        assert!(committed!(store, sessions.save("s", "{\"a\":2}", Some(ada.id), after(5), after(90))).expect("saved"));
        let expected = SessionRow {
            id: "s".to_owned(),
            data: "{\"a\":2}".to_owned(),
            person: Some(ada.id),
            created_at: NOW,
            seen_at: after(5),
            expires_at: after(90),
            browser: String::new(),
            address: String::new(),
        };
        assert_eq!(store.sessions().load("s", after(6)).await.expect("read"), Some(expected));
    }

    async fn a_session_ends_at_its_expiry(db) {
        let store = db.open().await;
        let ada = signed_in(&store, "s").await;
        assert!(store.sessions().load("s", after(59)).await.expect("read").is_some());
        assert_eq!(store.sessions().load("s", after(60)).await.expect("read"), None);
        assert_eq!(store.sessions().of_person(ada, after(60)).await.expect("read"), []);
        assert_eq!(committed!(store, sessions.delete_expired(after(59))).expect("deleted"), 0);
        assert_eq!(committed!(store, sessions.delete_expired(after(60))).expect("deleted"), 1);
        assert_eq!(store.sessions().load("s", NOW).await.expect("read"), None);
    }

    async fn two_sessions_never_share_an_id(db) {
        let store = db.open().await;
        let ada = signed_in(&store, "s").await;
        assert!(!committed!(store, sessions.create("s", "stolen", None, NOW, after(60))).expect("answered"));
        let kept = store.sessions().load("s", NOW).await.expect("read").expect("it is there");
        assert_eq!((kept.data.as_str(), kept.person), ("{}", Some(ada)));
    }

    /// A request that is under way while its session is revoked saves it when it ends.
    async fn a_late_save_does_not_bring_a_revoked_session_back(db) {
        let store = db.open().await;
        signed_in(&store, "s").await;
        assert!(committed!(store, sessions.delete("s")).expect("deleted"));
        assert!(!committed!(store, sessions.delete("s")).expect("deleted before"));
        assert!(!committed!(store, sessions.save("s", "{}", None, NOW, after(60))).expect("answered"));
        assert_eq!(store.sessions().load("s", NOW).await.expect("read"), None);
    }

    async fn a_person_sees_and_ends_their_own_sessions_only(db) {
        let store = db.open().await;
        let (ada, bob) = (signed_in(&store, "a").await, signed_in(&store, "b").await);
        assert!(committed!(store, sessions.create("a2", "{}", Some(ada), after(1), after(60))).expect("created"));
        let of_ada = store.sessions().of_person(ada, NOW).await.expect("read");
        assert_eq!(of_ada.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["a2", "a"]);
        assert_eq!(committed!(store, sessions.delete_of_person(ada)).expect("deleted"), 2);
        assert_eq!(store.sessions().of_person(ada, NOW).await.expect("read"), []);
        assert_eq!(store.sessions().of_person(bob, NOW).await.expect("read").len(), 1);
    }

    async fn a_person_ends_one_session_or_all_others(db) {
        let store = db.open().await;
        let (ada, bob) = (signed_in(&store, "a").await, signed_in(&store, "b").await);
        for id in ["a2", "a3"] {
            assert!(committed!(store, sessions.create(id, "{}", Some(ada), NOW, after(60))).expect("created"));
        }
        assert!(committed!(store, sessions.describe("a2", "Firefox", "192.0.2.1")).expect("described"));
        let a2 = store.sessions().load("a2", NOW).await.expect("read").expect("it is there");
        assert_eq!((a2.browser.as_str(), a2.address.as_str()), ("Firefox", "192.0.2.1"));
        assert!(!committed!(store, sessions.delete_own(ada, "b")).expect("not hers"));
        assert!(committed!(store, sessions.delete_own(ada, "a3")).expect("hers"));
        assert_eq!(committed!(store, sessions.delete_others(ada, "a")).expect("ended"), 1);
        assert_eq!(store.sessions().of_person(ada, NOW).await.expect("read").len(), 1);
        assert_eq!(store.sessions().of_person(bob, NOW).await.expect("read").len(), 1);
    }
}
