use crate::databases::on_both;
use crate::fixtures::{NOW, after, app, committed, deploy, person, project, world};
use domain::{App, Role, Stopped};
use store::Error;

on_both! {
    async fn an_app_is_found_by_id_and_by_name(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        assert_eq!(store.apps().by_id(world.app.id).await.expect("read"), Some(world.app.clone()));
        assert_eq!(store.apps().named(&world.app.name).await.expect("read"), Some(world.app.clone()));
        assert_eq!(store.apps().of_project(world.project.id).await.expect("read"), std::slice::from_ref(&world.app));
        assert_eq!(store.apps().live().await.expect("read"), [world.app]);
    }

    async fn a_strangers_app_is_not_found(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let (app, owner, stranger) = (&shop.app, shop.owner.id, bank.owner.id);
        assert_eq!(store.apps().named_visible_to(&app.name, owner).await.expect("read"), Some(app.clone()));
        assert_eq!(store.apps().named_visible_to(&app.name, stranger).await.expect("read"), None);
        assert_eq!(store.apps().visible_to(stranger).await.expect("read"), [bank.app]);
    }

    async fn a_viewer_sees_the_apps_of_all_their_teams_until_they_are_removed(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let viewer = person("viewer@example.com");
        committed!(store, people.insert(&viewer, NOW)).expect("new");
        for team in [shop.team.id, bank.team.id] {
            committed!(store, teams.put_member(team, viewer.id, Role::Viewer, NOW)).expect("put");
        }
        assert_eq!(store.apps().visible_to(viewer.id).await.expect("read"), [bank.app.clone(), shop.app.clone()]);
        committed!(store, teams.remove_member(shop.team.id, viewer.id)).expect("removed");
        assert_eq!(store.apps().visible_to(viewer.id).await.expect("read"), [bank.app]);
        assert_eq!(store.apps().named_visible_to(&shop.app.name, viewer.id).await.expect("read"), None);
    }

    async fn a_name_is_taken_on_the_whole_platform_until_its_app_is_purged(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let again = app(&bank.project, "shop");
        let taken = |outcome: store::Result<()>| assert!(matches!(outcome, Err(Error::Conflict("app name"))));
        taken(committed!(store, apps.insert(&again)));
        assert!(committed!(store, apps.mark_deleted(shop.app.id, NOW)).expect("marked"));
        taken(committed!(store, apps.insert(&again)));
        assert!(committed!(store, apps.purge(shop.app.id)).expect("purged"));
        committed!(store, apps.insert(&again)).expect("the name is free again");
    }

    async fn a_deleted_app_is_in_no_list_but_that_of_the_deleted(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        assert!(committed!(store, apps.mark_deleted(world.app.id, after(1))).expect("marked"));
        assert!(!committed!(store, apps.mark_deleted(world.app.id, after(2))).expect("marked before"));
        let deleted = App { deleted_at: Some(after(1)), ..world.app.clone() };
        assert_eq!(store.apps().by_id(world.app.id).await.expect("read"), Some(deleted.clone()));
        assert_eq!(store.apps().deleted().await.expect("read"), [deleted]);
        assert_eq!(store.apps().live().await.expect("read"), []);
        assert_eq!(store.apps().of_project(world.project.id).await.expect("read"), []);
        assert_eq!(store.apps().visible_to(world.owner.id).await.expect("read"), []);
        assert_eq!(store.apps().named_visible_to(&world.app.name, world.owner.id).await.expect("read"), None);
    }

    async fn the_apps_of_a_deleted_project_are_not_visible(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        committed!(store, projects.mark_deleted(world.project.id, NOW)).expect("marked");
        assert_eq!(store.apps().visible_to(world.owner.id).await.expect("read"), []);
        assert_eq!(store.apps().live().await.expect("read"), [world.app], "the controller still looks after it");
    }

    async fn the_active_release_can_be_set_and_taken_back(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let active = async || store.apps().by_id(world.app.id).await.expect("read").expect("there").active_release;
        assert!(committed!(store, apps.set_active_release(world.app.id, Some(world.release.release.id))).expect("set"));
        assert_eq!(active().await, Some(world.release.release.id));
        assert!(committed!(store, apps.set_active_release(world.app.id, None)).expect("set"));
        assert_eq!(active().await, None);
    }

    async fn an_app_is_stopped_by_somebody_until_it_is_not(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let stopped = Stopped { at: after(3), by: "ada@example.com".to_owned() };
        assert!(committed!(store, apps.set_stopped(shop.app.id, Some(&stopped))).expect("set"));
        let app = async |id| store.apps().by_id(id).await.expect("read").expect("there");
        assert_eq!(app(shop.app.id).await, App { stopped: Some(stopped), ..shop.app.clone() });
        assert_eq!(app(bank.app.id).await, bank.app, "another one is not");
        assert!(committed!(store, apps.set_stopped(shop.app.id, None)).expect("set"));
        assert_eq!(app(shop.app.id).await, shop.app);
    }

    async fn purging_takes_the_releases_and_deploys_of_that_app_alone(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let (of_shop, of_bank) = (deploy(&shop.release, None), deploy(&bank.release, None));
        for deploy in [&of_shop, &of_bank] {
            committed!(store, deploys.insert(deploy)).expect("it is the only one");
        }
        assert!(!committed!(store, apps.purge(shop.app.id)).expect("it is live"));
        assert!(store.deploys().by_id(of_shop.id).await.expect("read").is_some());
        committed!(store, apps.mark_deleted(shop.app.id, NOW)).expect("marked");
        assert!(committed!(store, apps.purge(shop.app.id)).expect("purged"));
        assert_eq!(store.apps().by_id(shop.app.id).await.expect("read"), None);
        assert_eq!(store.releases().by_id(shop.release.release.id).await.expect("read"), None);
        assert_eq!(store.deploys().by_id(of_shop.id).await.expect("read"), None);
        assert_eq!(store.deploys().by_id(of_bank.id).await.expect("read"), Some(of_bank));
    }

    async fn an_app_needs_a_project_that_is_there(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let mut tx = store.begin().await.expect("a transaction");
        let orphan = app(&project(&world.team, "never-inserted"), "orphan");
        assert!(matches!(tx.apps().insert(&orphan).await, Err(Error::Database(_))));
    }
}
