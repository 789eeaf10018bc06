use crate::databases::on_both;
use crate::fixtures::{NOW, World, after, committed, token, world};
use domain::{Token, TokenScope};
use store::{Error, Store};

fn of_app(world: &World, name: &str) -> Token {
    token(&world.owner, name, TokenScope::Deploy { app: world.app.id, name: world.app.name.clone() })
}

async fn put(store: &Store, token: &Token, hash: &str) -> Result<(), Error> {
    committed!(store, tokens.insert(token, hash))
}

on_both! {
    async fn a_token_is_found_by_its_hash_while_it_works(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let (ci, own) = (of_app(&world, "ci"), token(&world.owner, "laptop", TokenScope::Personal));
        put(&store, &ci, "hash").await.expect("put");
        put(&store, &own, "other").await.expect("put");
        let found = async |hash: &str, at| store.tokens().by_hash(hash, at).await.expect("read");
        assert_eq!(found("hash", after(59)).await, Some(ci.clone()));
        assert_eq!(found("hash", after(60)).await, None);
        assert_eq!(found("hasj", NOW).await, None);
        assert_eq!(store.tokens().of_app(world.app.id).await.expect("read"), [ci]);
        assert_eq!(store.tokens().of_person(world.owner.id).await.expect("read"), [own]);
    }

    async fn nothing_of_a_tokens_text_is_on_the_disk_but_its_hash(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        put(&store, &of_app(&world, "ci"), "the-hash-of-it").await.expect("put");
        let bytes = db.bytes();
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(holds("the-hash-of-it") && !holds("slipway_app_"));
    }

    async fn a_name_stands_once_for_an_app_and_once_for_a_person(db) {
        let store = db.open().await;
        let (shop, blog) = (world(&store, "shop").await, world(&store, "blog").await);
        put(&store, &of_app(&shop, "ci"), "1").await.expect("the first");
        assert!(matches!(put(&store, &of_app(&shop, "ci"), "2").await, Err(Error::Conflict(_))));
        put(&store, &of_app(&blog, "ci"), "3").await.expect("another app");
        let own = || token(&shop.owner, "ci", TokenScope::Personal);
        put(&store, &own(), "4").await.expect("the person's own");
        assert!(matches!(put(&store, &own(), "5").await, Err(Error::Conflict(_))));
        assert!(matches!(put(&store, &of_app(&blog, "new"), "3").await, Err(Error::Conflict(_))));
    }

    async fn its_last_use_is_noted_now_and_then(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let ci = of_app(&world, "ci");
        put(&store, &ci, "hash").await.expect("put");
        assert!(committed!(store, tokens.touch(ci.id, after(10), NOW)).expect("the first use"));
        assert!(!committed!(store, tokens.touch(ci.id, after(11), after(5))).expect("it was noted"));
        assert!(committed!(store, tokens.touch(ci.id, after(30), after(20))).expect("a later use"));
        let found = store.tokens().by_hash("hash", NOW).await.expect("read").expect("it is there");
        assert_eq!(found.used_at, Some(after(30)));
    }

    async fn a_token_ends_with_the_one_it_was_made_with_and_with_its_app(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let own = token(&world.owner, "laptop", TokenScope::Personal);
        let child = Token { made_with: Some(own.id), ..of_app(&world, "ci") };
        let other = of_app(&world, "other");
        for (token, hash) in [(&own, "own"), (&child, "child"), (&other, "other")] {
            put(&store, token, hash).await.expect("put");
        }
        assert!(committed!(store, tokens.delete(own.id)).expect("deleted"));
        assert!(!committed!(store, tokens.delete(own.id)).expect("gone"));
        assert_eq!(store.tokens().of_app(world.app.id).await.expect("read"), [other]);
        committed!(store, apps.mark_deleted(world.app.id, NOW)).expect("marked");
        assert!(committed!(store, apps.purge(world.app.id)).expect("purged"));
        assert_eq!(store.tokens().by_hash("other", NOW).await.expect("read"), None);
    }
}
