use crate::databases::on_both;
use crate::fixtures::{NOW, committed, person, person_id};
use domain::{Person, PlatformRole};
use store::Error;

on_both! {
    async fn a_person_is_found_by_id_and_by_address(db) {
        let store = db.open().await;
        let ada = Person { platform_role: Some(PlatformRole::Admin), name: "Ada “the first” O'Hara".to_owned(), ..person("ada@example.com") };
        committed!(store, people.insert(&ada, NOW)).expect("she is new");
        assert_eq!(store.people().by_id(ada.id).await.expect("read"), Some(ada.clone()));
        assert_eq!(store.people().by_email(&ada.email).await.expect("read"), Some(ada));
        assert_eq!(store.people().by_id(person_id()).await.expect("read"), None);
        assert_eq!(store.people().count().await.expect("read"), 1);
    }

    async fn an_address_belongs_to_one_person(db) {
        let store = db.open().await;
        committed!(store, people.insert(&person("ada@example.com"), NOW)).expect("she is new");
        let mut tx = store.begin().await.expect("a transaction");
        let second = tx.people().insert(&person("ada@example.com"), NOW).await;
        assert!(matches!(second, Err(Error::Conflict("e-mail address"))), "{second:?}");
        tx.people().insert(&person("bob@example.com"), NOW).await.expect("the transaction goes on");
        tx.commit().await.expect("and is kept");
        assert_eq!(store.people().count().await.expect("read"), 2);
    }

    async fn who_signs_in_again_keeps_the_id_and_gets_the_new_name(db) {
        let store = db.open().await;
        let first = person("ada@example.com");
        assert_eq!(committed!(store, people.put_by_email(&first, NOW)).expect("put"), first);
        let again = Person { name: "Ada L.".to_owned(), platform_role: Some(PlatformRole::Admin), ..person("ada@example.com") };
        let kept = committed!(store, people.put_by_email(&again, NOW)).expect("put");
        assert_eq!(kept, Person { name: "Ada L.".to_owned(), ..first });
        assert_eq!(store.people().by_email(&kept.email).await.expect("read"), Some(kept));
    }

    async fn a_role_on_the_platform_is_given_and_taken(db) {
        let store = db.open().await;
        let ada = person("ada@example.com");
        committed!(store, people.insert(&ada, NOW)).expect("she is new");
        for role in PlatformRole::ALL.map(Some).into_iter().chain([None]) {
            assert!(committed!(store, people.set_platform_role(ada.id, role)).expect("set"));
            assert_eq!(store.people().all().await.expect("read"), [Person { platform_role: role, ..ada.clone() }]);
        }
        assert!(!committed!(store, people.set_platform_role(person_id(), None)).expect("nobody"));
    }
}
