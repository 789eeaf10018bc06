use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, world};
use domain::{AppId, Domain, Finding, HostName};
use store::Error;

fn host(text: &str) -> HostName {
    text.parse().expect("a host name")
}

fn domain(app: AppId, name: &str) -> Domain {
    Domain {
        host: host(name),
        app_id: app,
        added_at: NOW,
        served_since: None,
        pointed_at: None,
        checked_at: None,
        finding: Finding::Unknown,
        redirects: false,
    }
}

on_both! {
    async fn a_domain_is_kept_with_all_that_was_found_of_it(db) {
        let store = db.open().await;
        let app = world(&store, "shop").await.app.id;
        let first = domain(app, "www.example.com");
        committed!(store, domains.insert(&first)).expect("inserted");
        committed!(store, domains.insert(&Domain { redirects: true, ..domain(app, "a.example.com") })).expect("inserted");
        assert_eq!(store.domains().named(&first.host).await.expect("read"), Some(first.clone()));
        let finding = Finding::Elsewhere(vec!["203.0.113.9".parse().expect("v4"), "2001:db8::9".parse().expect("v6")]);
        let (served_since, pointed_at, checked_at) = (Some(after(1)), Some(after(2)), Some(after(3)));
        let found = Domain { served_since, pointed_at, checked_at, finding, ..first };
        assert!(committed!(store, domains.note(&found)).expect("noted"));
        let of_app = store.domains().of_app(app).await.expect("read");
        assert_eq!(of_app, [Domain { redirects: true, ..domain(app, "a.example.com") }, found]);
        assert_eq!(store.domains().all().await.expect("read"), of_app);
    }

    async fn a_domain_is_there_once_on_the_whole_platform(db) {
        let store = db.open().await;
        let [shop, blog] = [world(&store, "shop").await.app.id, world(&store, "blog").await.app.id];
        committed!(store, domains.insert(&domain(shop, "www.example.com"))).expect("inserted");
        let mut tx = store.begin().await.expect("a transaction");
        let second = tx.domains().insert(&domain(blog, "www.example.com")).await;
        assert!(matches!(second, Err(Error::Conflict("domain"))), "{second:?}");
    }

    async fn nothing_is_changed_at_a_domain_of_another_app(db) {
        let store = db.open().await;
        let [shop, blog] = [world(&store, "shop").await.app.id, world(&store, "blog").await.app.id];
        let theirs = domain(shop, "www.example.com");
        committed!(store, domains.insert(&theirs)).expect("inserted");
        assert!(!committed!(store, domains.note(&domain(blog, "www.example.com"))).expect("nothing"));
        assert!(!committed!(store, domains.redirect(&theirs.host, blog, Some(NOW))).expect("nothing"));
        assert!(!committed!(store, domains.delete(&theirs.host, blog)).expect("nothing"));
        assert_eq!(store.domains().all().await.expect("read"), std::slice::from_ref(&theirs));
        assert!(committed!(store, domains.redirect(&theirs.host, shop, Some(NOW))).expect("changed"));
        assert!(store.domains().named(&theirs.host).await.expect("read").expect("there").redirects);
        assert!(committed!(store, domains.delete(&theirs.host, shop)).expect("deleted"));
        assert_eq!(store.domains().all().await.expect("read"), []);
    }
}
