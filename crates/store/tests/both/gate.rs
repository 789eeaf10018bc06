use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, person, world};
use domain::gate::{GateKey, KeyMaterial};
use domain::{Access, AccessRequest, Listed, Role, Who};
use store::GateCode;

fn key(id: &str) -> GateKey {
    GateKey { id: id.to_owned(), pass: KeyMaterial::new([1; 32]), assertion: KeyMaterial::new([2; 32]) }
}

on_both! {
    async fn an_app_that_nobody_said_anything_about_is_not_open(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        assert_eq!(store.access().of(world.app.id).await.expect("read"), Access::from(Who::Company));
        assert!(store.access().all().await.expect("read").is_empty());
    }

    async fn who_may_open_an_app_is_what_was_said_last(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let listed = Listed { emails: vec!["ada@example.com".parse().expect("an address")], ..Listed::default() };
        let list = Access { who: Who::People(listed), open_paths: vec!["/healthz".parse().expect("a path")] };
        for access in [Access::from(Who::Public), list] {
            committed!(store, access.put(world.app.id, &access, "ada", NOW)).expect("put");
            assert_eq!(store.access().of(world.app.id).await.expect("read"), access);
            assert_eq!(store.access().all().await.expect("read").get(&world.app.id), Some(&access));
        }
        committed!(store, apps.mark_deleted(world.app.id, NOW)).expect("marked");
        assert!(committed!(store, apps.purge(world.app.id)).expect("purged"));
        assert!(store.access().all().await.expect("read").is_empty(), "it goes with the app");
    }

    async fn somebody_asks_once_until_it_is_answered(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let (app, owner) = (world.app.id, world.owner.clone());
        assert!(committed!(store, access.ask(app, owner.id, NOW)).expect("noted"));
        assert!(!committed!(store, access.ask(app, owner.id, after(1))).expect("noted before"));
        let requests = store.access().requests(app).await.expect("read");
        assert_eq!(requests, [AccessRequest { email: owner.email.clone(), name: owner.name.clone(), asked_at: NOW }]);
        assert_eq!(store.access().asked_at(app, owner.id).await.expect("read"), Some(NOW));
        assert!(committed!(store, access.forget_request(app, &owner.email)).expect("forgotten"));
        assert!(!committed!(store, access.forget_request(app, &owner.email)).expect("forgotten before"));
        assert!(store.access().requests(app).await.expect("read").is_empty());
    }

    async fn a_key_is_sealed_and_survives_a_change_of_the_sealing_key(db) {
        let store = db.open().await;
        committed!(store, gate.put_key(&key("old"), NOW)).expect("put");
        committed!(store, gate.put_key(&key("new"), after(1))).expect("put");
        let keys = store.gate().keys().await.expect("read");
        assert_eq!(keys, [(key("new"), after(1)), (key("old"), NOW)]);
        assert!(committed!(store, gate.drop_key("old")).expect("dropped"));
        assert_eq!(store.gate().keys().await.expect("read").len(), 1);
        store.close().await;
        let pair = store::SealingKey::load_or_create;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("key");
        let line = |byte: u8| format!("{byte:02x}").repeat(32);
        std::fs::write(&file, format!("{}\n{}\n", line(8), line(7))).expect("written");
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("private");
        let store = store::Store::open(&db.url, pair(&file, [0; 32]).expect("keys")).await.expect("it opens");
        assert_eq!(store.reseal().await.expect("resealed"), 3, "both parts and the key's own proof");
        assert_eq!(store.gate().keys().await.expect("read"), [(key("new"), after(1))]);
    }

    async fn a_code_is_there_once_and_not_for_ever(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let code = GateCode {
            app_id: world.app.id,
            host: "shop.localhost".parse().expect("a host"),
            nonce: "n".to_owned(),
            person_id: world.owner.id,
            session: "s".to_owned(),
            path: "/a?b".to_owned(),
            expires_at: after(60),
        };
        committed!(store, gate.put_code("hash", &code, NOW)).expect("put");
        assert_eq!(committed!(store, gate.take_code("other", NOW)).expect("read"), None);
        assert_eq!(committed!(store, gate.take_code("hash", after(59))).expect("read"), Some(code.clone()));
        assert_eq!(committed!(store, gate.take_code("hash", after(59))).expect("read"), None);
        committed!(store, gate.put_code("hash", &code, NOW)).expect("put");
        assert_eq!(committed!(store, gate.take_code("hash", after(60))).expect("read"), None);
    }

    async fn a_session_is_ended_when_it_is_gone_and_a_pass_of_it_is_not(db) {
        let store = db.open().await;
        let ada = person("ada@example.com");
        committed!(store, people.insert(&ada, NOW)).expect("new");
        for id in ["signed-out", "expired", "alive"] {
            let ends = if id == "expired" { after(5) } else { after(1000) };
            committed!(store, sessions.create(id, "{}", Some(ada.id), NOW, ends)).expect("created");
            committed!(store, gate.note_session(id, after(100), NOW)).expect("noted");
            committed!(store, gate.note_session(id, after(100), NOW)).expect("noted again");
        }
        assert!(store.gate().ended_sessions(NOW).await.expect("read").is_empty());
        committed!(store, sessions.delete("signed-out")).expect("deleted");
        assert_eq!(store.gate().ended_sessions(after(10)).await.expect("read"), ["expired", "signed-out"]);
        assert!(store.gate().ended_sessions(after(100)).await.expect("read").is_empty(), "no pass is left");
    }

    async fn teams_come_with_who_belongs_to_them(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let ada = person("ada@example.com");
        committed!(store, people.insert(&ada, NOW)).expect("new");
        committed!(store, teams.put_member(shop.team.id, ada.id, Role::Viewer, NOW)).expect("put");
        let teams = store.gate().teams(&[shop.team.id]).await.expect("read");
        assert_eq!(teams.len(), 1);
        assert_eq!((teams[0].id, teams[0].name.as_str()), (shop.team.id, shop.team.name.as_str()));
        assert!(teams[0].members.contains(&ada.email) && teams[0].members.len() == 2, "{teams:?}");
        let both = store.gate().teams(&[shop.team.id, bank.team.id]).await.expect("read");
        assert_eq!(both.len(), 2);
    }
}
