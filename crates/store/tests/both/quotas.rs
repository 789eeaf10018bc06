use crate::databases::on_both;
use crate::fixtures::{NOW, app, committed, deploy, new_release, team, world};
use domain::{Deploy, DeployState, Quota, SettingsForm, Stopped, Used};
use store::NewRelease;

on_both! {
    async fn a_team_has_no_limit_until_it_is_given_one(db) {
        let store = db.open().await;
        let red = team("red");
        committed!(store, teams.insert(&red)).expect("it is new");
        assert_eq!(store.quotas().of_team(red.id).await.expect("read"), Quota::default());
        let quota = Quota { apps: Some(3), memory: Some(1024), ..Quota::default() };
        assert!(committed!(store, quotas.put(red.id, &quota)).expect("put"));
        assert_eq!(store.quotas().of_team(red.id).await.expect("read"), quota);
    }

    async fn a_stopped_app_counts_as_an_app_alone_until_somebody_starts_it(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let used = async || store.quotas().used_by(world.team.id, None).await.expect("read");
        let (alone, running) = (Used { apps: 1, ..Used::default() }, Used { apps: 1, replicas: 1, memory: 256, cpu: 500 });
        committed!(store, apps.set_active_release(world.app.id, Some(world.release.release.id))).expect("set");
        let stopped = Stopped { at: NOW, by: "ada@example.com".to_owned() };
        committed!(store, apps.set_stopped(world.app.id, Some(&stopped))).expect("set");
        assert_eq!(used().await, alone);

        let stays = deploy(&world.release, Some(&world.release));
        committed!(store, deploys.insert(&stays)).expect("a deploy");
        assert_eq!(used().await, alone, "it starts nothing");
        committed!(store, deploys.finish(stays.id, DeployState::Done, NOW, "", &[])).expect("ended");

        let start = Deploy { from_stopped: Some(stopped), ..deploy(&world.release, Some(&world.release)) };
        committed!(store, deploys.insert(&start)).expect("a deploy");
        assert_eq!(used().await, running, "it is on its way");
    }

    async fn an_app_counts_with_the_release_that_is_on_its_way_or_has_the_traffic(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let used = async || store.quotas().used_by(world.team.id, None).await.expect("read");
        assert_eq!(used().await, Used { apps: 1, ..Used::default() });

        let first = committed!(store, apps.set_active_release(world.app.id, Some(world.release.release.id)));
        assert!(first.expect("set"));
        assert_eq!(used().await, Used { apps: 1, replicas: 1, memory: 256, cpu: 500 });

        let form = SettingsForm { replicas: Some(3), memory: Some(100), ..SettingsForm::default() };
        let settings = form.over(None).expect("valid");
        let second = NewRelease { settings, ..new_release(world.app.id) };
        let second = committed!(store, releases.insert(second)).expect("a release");
        let attempt = deploy(&second, Some(&world.release));
        committed!(store, deploys.insert(&attempt)).expect("a deploy");
        assert_eq!(used().await, Used { apps: 1, replicas: 3, memory: 300, cpu: 1500 });
        committed!(store, deploys.finish(attempt.id, DeployState::Failed, NOW, "", &[])).expect("ended");
        assert_eq!(used().await, Used { apps: 1, replicas: 1, memory: 256, cpu: 500 });

        committed!(store, apps.insert(&app(&world.project, "cart"))).expect("another app");
        let others = store.quotas().used_by(world.team.id, Some(world.app.id)).await.expect("read");
        assert_eq!(others, Used { apps: 1, ..Used::default() });
        committed!(store, apps.mark_deleted(world.app.id, NOW)).expect("deleted");
        assert_eq!(used().await, Used { apps: 1, ..Used::default() });
    }
}
