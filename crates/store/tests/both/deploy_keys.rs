use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, deploy, world};
use domain::DeployState;
use store::Error;

on_both! {
    async fn a_key_leads_to_the_deploy_that_it_began_until_it_is_forgotten(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let (app, first) = (world.app.id, deploy(&world.release, None));
        committed!(store, deploys.insert(&first)).expect("begun");
        committed!(store, deploy_keys.insert(app, "key", "request", first.id, NOW)).expect("kept");
        let again = committed!(store, deploy_keys.insert(app, "key", "other", first.id, NOW));
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        let found = store.deploy_keys().find(app, "key").await.expect("read");
        assert_eq!(found, Some(("request".to_owned(), first.id)));
        assert_eq!(store.deploy_keys().find(app, "another").await.expect("read"), None);
        assert_eq!(committed!(store, deploy_keys.delete_before(NOW)).expect("none is older"), 0);
        assert_eq!(committed!(store, deploy_keys.delete_before(after(1))).expect("forgotten"), 1);
        assert_eq!(store.deploy_keys().find(app, "key").await.expect("read"), None);
    }

    async fn a_key_goes_with_its_app(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let (app, first) = (world.app.id, deploy(&world.release, None));
        committed!(store, deploys.insert(&first)).expect("begun");
        committed!(store, deploy_keys.insert(app, "key", "request", first.id, NOW)).expect("kept");
        committed!(store, deploys.finish(first.id, DeployState::Done, NOW, "", &[])).expect("ended");
        committed!(store, apps.mark_deleted(app, NOW)).expect("marked");
        assert!(committed!(store, apps.purge(app)).expect("purged"));
        assert_eq!(store.deploy_keys().find(app, "key").await.expect("read"), None);
    }
}
