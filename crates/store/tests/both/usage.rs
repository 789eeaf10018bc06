use crate::databases::on_both;
use crate::fixtures::{World, after, app_id, committed, sixteen, world};
use domain::money::Interval;
use domain::{TaskId, Timestamp};
use store::{BilledApp, OpenUsage, RunningReplica, Store};

fn running(world: &World, task: &str, since: Timestamp) -> RunningReplica {
    RunningReplica {
        task: TaskId(task.to_owned()),
        app: world.app.id,
        release: world.release.release.id,
        number: 1,
        node: "n1".to_owned(),
        memory: 256,
        cpu: 500,
        since,
    }
}

async fn begins(store: &Store, world: &World, task: &str, since: i64, at: i64) {
    committed!(store, usage.begin(&running(world, task, after(since)), after(at))).expect("written");
}

async fn ends(store: &Store, world: &World, task: &str, at: i64) -> bool {
    committed!(store, usage.end(world.release.release.id, &TaskId(task.to_owned()), after(at))).expect("written")
}

/// From, until and whether it goes on, in seconds.
async fn spans(store: &Store, world: &World) -> Vec<(i64, i64, bool)> {
    let all = store.usage().of_app(world.app.id, after(-1000), after(100_000)).await.expect("read");
    let seconds = |at: Timestamp| at.millis_since(after(0)) / 1000;
    all.iter().map(|i| (seconds(i.from), seconds(i.to), i.is_open)).collect()
}

on_both! {
    async fn what_ran_comes_back_as_it_was_written(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        begins(&store, &world, "t1", 10, 12).await;
        let expected = Interval {
            app: world.app.id,
            release: world.release.release.id,
            number: 1,
            node: "n1".to_owned(),
            replicas: 1,
            memory: 256,
            cpu: 500,
            from: after(10),
            to: after(12),
            is_open: true,
        };
        assert_eq!(store.usage().of_app(world.app.id, after(0), after(60)).await.expect("read"), std::slice::from_ref(&expected));
        assert_eq!(store.usage().of_team(world.team.id, after(0), after(60)).await.expect("read"), std::slice::from_ref(&expected));
        assert_eq!(store.usage().of_all(after(0), after(60)).await.expect("read"), [expected]);
        let open = OpenUsage { task: TaskId("t1".to_owned()), release: world.release.release.id, began_at: after(10), seen_at: after(12) };
        assert_eq!(store.usage().open().await.expect("read"), [open]);
        assert!(ends(&store, &world, "t1", 20).await);
        assert_eq!((spans(&store, &world).await, store.usage().open().await.expect("read")), (vec![(10, 20, false)], vec![]));
    }

    async fn a_period_has_what_ran_in_it(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        for (task, from, to) in [("before", 0, 10), ("into", 5, 15), ("within", 12, 13), ("out", 15, 30), ("after", 20, 30)] {
            begins(&store, &world, task, from, from).await;
            ends(&store, &world, task, to).await;
        }
        let within = store.usage().of_app(world.app.id, after(10), after(20)).await.expect("read");
        assert_eq!(within.iter().map(|i| i.from).collect::<Vec<_>>(), [after(5), after(12), after(15)]);
    }

    async fn late_and_doubled_reports_change_nothing(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let tasks = [TaskId("t1".to_owned())];
        begins(&store, &world, "t1", 10, 30).await;
        begins(&store, &world, "t1", 10, 20).await;
        assert_eq!(committed!(store, usage.extend(&tasks, after(25))).expect("written"), 0, "it is known to have run longer");
        assert_eq!(spans(&store, &world).await, [(10, 30, true)]);
        assert_eq!(committed!(store, usage.extend(&tasks, after(40))).expect("written"), 1);
        assert!(ends(&store, &world, "t1", 50).await);
        assert!(!ends(&store, &world, "t1", 60).await, "it has ended");
        assert_eq!(committed!(store, usage.extend(&tasks, after(70))).expect("written"), 0);
        assert_eq!(spans(&store, &world).await, [(10, 50, false)]);
    }

    /// A controller that looked before the replica began says that it is gone; the next look says that it runs.
    async fn what_was_ended_too_early_goes_on_without_a_gap(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        begins(&store, &world, "t1", 10, 12).await;
        ends(&store, &world, "t1", 12).await;
        begins(&store, &world, "t1", 10, 40).await;
        assert_eq!(spans(&store, &world).await, [(10, 40, true)]);
    }

    async fn an_app_that_nobody_knows_is_on_no_statement(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let unknown = RunningReplica { app: app_id(), ..running(&world, "t1", after(10)) };
        committed!(store, usage.begin(&unknown, after(20))).expect("passed over");
        assert_eq!(store.usage().open().await.expect("read"), []);
    }

    async fn a_clock_that_was_set_back_makes_no_time_of_less_than_nothing(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        begins(&store, &world, "t1", 100, 90).await;
        assert_eq!(spans(&store, &world).await, [(100, 100, true)]);
        ends(&store, &world, "t1", 50).await;
        assert_eq!(spans(&store, &world).await, [(100, 100, false)]);
    }

    async fn sixteen_controllers_at_once_count_once(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let replica = running(&world, "t1", after(10));
        sixteen(|n| {
            let (store, replica) = (store.clone(), replica.clone());
            let at = after(20 + i64::try_from(n).expect("a second"));
            async move {
                committed!(store, usage.begin(&replica, at)).expect("written");
                committed!(store, usage.extend(std::slice::from_ref(&replica.task), at)).expect("written");
            }
        })
        .await;
        assert_eq!(spans(&store, &world).await, [(10, 35, true)]);
    }

    async fn what_is_gone_stays_on_the_statement_under_its_last_name(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        begins(&store, &world, "t1", 0, 10).await;
        ends(&store, &world, "t1", 10).await;
        committed!(store, teams.rename(world.team.id, &"market".parse().expect("a name"))).expect("renamed");
        let billed = |is_live| BilledApp {
            app: world.app.id,
            name: "shop".to_owned(),
            project: "shop".to_owned(),
            team: world.team.id,
            team_name: "market".to_owned(),
            is_live,
        };
        assert_eq!(store.usage().billed(None).await.expect("read"), [billed(true)]);
        committed!(store, apps.mark_deleted(world.app.id, after(20))).expect("deleted");
        committed!(store, apps.purge(world.app.id)).expect("purged");
        committed!(store, projects.mark_deleted(world.project.id, after(20))).expect("deleted");
        committed!(store, projects.purge(world.project.id)).expect("purged");
        assert!(committed!(store, teams.delete(world.team.id)).expect("deleted"));
        assert_eq!(store.usage().billed(Some(world.team.id)).await.expect("read"), [billed(false)]);
        assert_eq!(store.usage().of_team(world.team.id, after(0), after(60)).await.expect("read").len(), 1);
    }
}
