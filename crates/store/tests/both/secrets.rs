use crate::databases::on_both;
use crate::fixtures::{NOW, committed, secret_id, world};
use domain::{AppId, Secret};
use store::{Error, NewSecret};

fn new_secret(app_id: AppId, value: &str) -> NewSecret {
    let value = Secret::new(value.to_owned());
    NewSecret { id: secret_id(), app_id, name: "TOKEN".into(), value, set_by: "ada@example.com".into(), set_at: NOW }
}

on_both! {
    async fn a_secret_comes_back_by_its_id(db) {
        let store = db.open().await;
        let app = world(&store, "shop").await.app.id;
        let (first, second) = (new_secret(app, "one\r\n“two” \u{1f6a2}"), new_secret(app, "rotated"));
        for new in [&first, &second] {
            committed!(store, secrets.insert(new)).expect("kept");
        }
        assert_eq!(store.secrets().value(first.id).await.expect("read"), Some(first.value.clone()));
        assert_eq!(store.secrets().value(second.id).await.expect("read"), Some(second.value));
        assert_eq!(store.secrets().value(secret_id()).await.expect("read"), None);
        let again = committed!(store, secrets.insert(&first));
        assert!(matches!(again, Err(Error::Conflict("secret"))), "{again:?}");
    }

    async fn no_secret_stands_in_the_database_in_clear(db) {
        let store = db.open().await;
        let app = world(&store, "shop").await.app.id;
        committed!(store, secrets.insert(&new_secret(app, "correct-horse-battery"))).expect("kept");
        store.close().await;
        let bytes = db.bytes();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("TOKEN"), "the test looks at the right place");
        assert!(!holds("correct-horse-battery"));
    }

    /// Whoever can write to the database shall not be able to hand the secret of one app to the people of another.
    async fn a_value_moved_to_another_secret_does_not_open(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await.app.id, world(&store, "bank").await.app.id);
        let (mine, theirs) = (new_secret(shop, "mine"), new_secret(bank, "theirs"));
        committed!(store, secrets.insert(&theirs)).expect("kept");
        committed!(store, secrets.insert(&mine)).expect("kept");
        db.run(
            "update secrets set value = (select s.value from secrets s join apps a on a.id = s.app_id \
             where a.name = 'bank') where app_id = (select id from apps where name = 'shop')",
        )
        .await;
        let read = store.secrets().value(mine.id).await;
        assert!(matches!(read, Err(Error::Sealed(_))), "{read:?}");
    }

    async fn secrets_go_with_their_app(db) {
        let store = db.open().await;
        let app = world(&store, "shop").await.app.id;
        let new = new_secret(app, "x");
        committed!(store, secrets.insert(&new)).expect("kept");
        committed!(store, apps.mark_deleted(app, NOW)).expect("marked");
        assert!(committed!(store, apps.purge(app)).expect("purged"));
        assert_eq!(store.secrets().value(new.id).await.expect("read"), None);
    }
}
