use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed};
use domain::Secret;
use store::Registry;

fn password(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

on_both! {
    async fn a_registry_keeps_the_password_it_was_given_last(db) {
        let store = db.open().await;
        committed!(store, registries.put("r.example.com:5000", "ada", &password("first"), NOW)).expect("put");
        committed!(store, registries.put("r.example.com:5000", "bob", &password("second"), after(1))).expect("put");
        let kept = store.registries().by_address("r.example.com:5000").await.expect("read");
        assert_eq!(kept, Some(("bob".to_owned(), password("second"))));
        assert_eq!(store.registries().by_address("r.example.com").await.expect("read"), None);
    }

    async fn registries_are_listed_without_their_passwords(db) {
        let store = db.open().await;
        committed!(store, registries.put("b.example.com", "bob", &password("x"), NOW)).expect("put");
        committed!(store, registries.put("a.example.com", "ada", &password("y"), after(1))).expect("put");
        let registry = |address: &str, username: &str, updated_at| {
            Registry { address: address.to_owned(), username: username.to_owned(), updated_at }
        };
        let expected = [registry("a.example.com", "ada", after(1)), registry("b.example.com", "bob", NOW)];
        assert_eq!(store.registries().list().await.expect("read"), expected);
    }

    async fn a_forgotten_registry_is_gone(db) {
        let store = db.open().await;
        committed!(store, registries.put("r.example.com", "ada", &password("x"), NOW)).expect("put");
        assert!(committed!(store, registries.delete("r.example.com")).expect("deleted"));
        assert!(!committed!(store, registries.delete("r.example.com")).expect("deleted before"));
        assert_eq!(store.registries().list().await.expect("read"), []);
    }

    async fn no_password_stands_in_the_database_in_clear(db) {
        let store = db.open().await;
        committed!(store, registries.put("r.example.com", "ada-in-clear", &password("correct-horse"), NOW)).expect("put");
        store.close().await;
        let bytes = db.bytes();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("ada-in-clear"), "the test looks at the right place");
        assert!(!holds("correct-horse"));
    }
}
