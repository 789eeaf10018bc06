use crate::databases::on_both;
use crate::fixtures::{committed, new_release, release_id, settings, sixteen, world};
use domain::{Release, SettingsForm, Variables};
use std::collections::{BTreeMap, BTreeSet};
use store::{Error, NewRelease, StoredRelease};

on_both! {
    async fn a_release_comes_back_as_it_was_made(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let form = SettingsForm {
            port: Some(9000),
            replicas: Some(3),
            probe_path: Some("/healthz".to_owned()),
            command: Some(vec!["serve".to_owned(), "--greeting=\"hä\"".to_owned()]),
            ..Default::default()
        };
        let odd = "line 1\nline 2 \u{fffd} “'\"\\ $1 {json} 🚢";
        let variables = BTreeMap::from([("ODD".to_owned(), odd.to_owned()), ("EMPTY".to_owned(), String::new())]);
        let mut settings = form.over(None).expect("valid");
        settings.variables = Variables::try_from(variables).expect("valid");
        let new = NewRelease { is_local: true, settings, reason: "it's “new”".to_owned(), ..new_release(world.app.id) };
        let made = committed!(store, releases.insert(new.clone())).expect("made");
        let NewRelease { id, app_id, image, digest, is_local, settings, made_by, made_at, reason } = new;
        let release = Release { id, app_id, number: 2, image, digest, settings, made_by, made_at, reason };
        assert_eq!(made, StoredRelease { release, is_local });
        assert_eq!(store.releases().by_id(id).await.expect("read"), Some(made));
    }

    async fn numbers_count_up_within_an_app(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let second = committed!(store, releases.insert(new_release(shop.app.id))).expect("made");
        let third = committed!(store, releases.insert(new_release(shop.app.id))).expect("made");
        assert_eq!((shop.release.release.number, second.release.number, third.release.number), (1, 2, 3));
        assert_eq!(bank.release.release.number, 1);
        let releases = || store.releases();
        assert_eq!(releases().of_app(shop.app.id, 2).await.expect("read"), [third.clone(), second.clone()]);
        assert_eq!(releases().last_of(shop.app.id).await.expect("read"), Some(third));
        assert_eq!(releases().numbered(shop.app.id, 2).await.expect("read"), Some(second));
        assert_eq!(releases().numbered(shop.app.id, 4).await.expect("read"), None);
        assert_eq!(releases().by_id(release_id()).await.expect("read"), None);
    }

    async fn sixteen_releases_made_at_once_have_sixteen_numbers(db) {
        let store = db.open().await;
        let app = world(&store, "shop").await.app.id;
        let numbers = sixteen(|_| {
            let store = store.clone();
            async move { committed!(store, releases.insert(new_release(app))).expect("made").release.number }
        });
        assert_eq!(numbers.await.into_iter().collect::<BTreeSet<_>>(), (2..=17).collect());
    }

    async fn a_release_is_made_once(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let again = NewRelease { id: world.release.release.id, ..new_release(world.app.id) };
        let again = committed!(store, releases.insert(again));
        assert!(matches!(again, Err(Error::Conflict("release"))), "{again:?}");
    }

    async fn no_value_of_a_variable_stands_in_the_database_in_clear(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let settings = settings("PASSWORD=correct-horse-battery");
        let new = NewRelease { settings, reason: "to-be-found-in-clear".to_owned(), ..new_release(world.app.id) };
        committed!(store, releases.insert(new)).expect("made");
        store.close().await;
        let bytes = db.bytes();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("to-be-found-in-clear"), "the test looks at the right place");
        assert!(!holds("correct-horse-battery"));
        assert!(!holds("PASSWORD"));
    }

    /// Whoever can write to the database shall not be able to show the variables of one app to the people of another.
    async fn variables_moved_to_another_release_do_not_open(db) {
        let store = db.open().await;
        world(&store, "shop").await;
        let bank = world(&store, "bank").await;
        db.run(
            "update releases set variables = (select r.variables from releases r join apps a on a.id = r.app_id \
             where a.name = 'shop') where app_id = (select id from apps where name = 'bank')",
        )
        .await;
        let read = store.releases().by_id(bank.release.release.id).await;
        assert!(matches!(read, Err(Error::Sealed(_))), "{read:?}");
    }

    async fn a_release_that_cannot_be_read_back_says_which_part(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        db.run("update releases set settings = '{}'").await;
        let read = store.releases().by_id(world.release.release.id).await;
        let Err(Error::Corrupt(sentence)) = read else { panic!("{read:?}") };
        assert_eq!(sentence, format!("the settings of release {} cannot be read back", world.release.release.id));
        db.run("update releases set digest = 'nonsense'").await;
        let read = store.releases().by_id(world.release.release.id).await;
        assert!(matches!(read, Err(Error::Corrupt(_))), "{read:?}");
    }
}
