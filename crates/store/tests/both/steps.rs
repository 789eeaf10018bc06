use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, deploy, world};
use domain::{DeployId, Outcome, Step, StepRecord};
use store::Store;

async fn steps(store: &Store, id: DeployId) -> Vec<StepRecord> {
    store.deploys().by_id(id).await.expect("read").expect("it is there").steps
}

async fn deploy_in(store: &Store, name: &str) -> DeployId {
    let deploy = deploy(&world(store, name).await.release, None);
    committed!(store, deploys.insert(&deploy)).expect("it is the only one");
    deploy.id
}

on_both! {
    async fn a_step_begins_says_what_it_waits_for_and_ends(db) {
        let store = db.open().await;
        let id = deploy_in(&store, "shop").await;
        assert!(committed!(store, deploys.start_step(id, Step::Prepare, NOW, "creating")).expect("begun"));
        assert!(committed!(store, deploys.detail_step(id, Step::Prepare, "no node has 2 GiB free")).expect("said"));
        let (step, started_at, detail) = (Step::Prepare, NOW, "no node has 2 GiB free".to_owned());
        let under_way = StepRecord { step, started_at, ended_at: None, outcome: None, detail };
        assert_eq!(steps(&store, id).await, std::slice::from_ref(&under_way));
        let (ended_at, outcome) = (after(3), Outcome::Failed);
        assert!(committed!(store, deploys.end_step(id, Step::Prepare, ended_at, outcome, "gave up")).expect("ended"));
        let (ended_at, outcome, detail) = (Some(ended_at), Some(outcome), "gave up".to_owned());
        assert_eq!(steps(&store, id).await, [StepRecord { ended_at, outcome, detail, ..under_way }]);
    }

    async fn steps_come_in_the_order_of_the_deploy(db) {
        let store = db.open().await;
        let (id, other) = (deploy_in(&store, "shop").await, deploy_in(&store, "bank").await);
        for step in [Step::Switch, Step::Resolve, Step::Retire, Step::Probe] {
            assert!(committed!(store, deploys.start_step(id, step, NOW, "")).expect("begun"));
        }
        assert!(committed!(store, deploys.start_step(other, Step::Drain, NOW, "")).expect("begun"));
        let order: Vec<_> = steps(&store, id).await.iter().map(|record| record.step).collect();
        assert_eq!(order, [Step::Resolve, Step::Probe, Step::Switch, Step::Retire]);
        let all = store.deploys().unfinished().await.expect("read");
        assert_eq!(all.iter().map(|deploy| deploy.steps.len()).collect::<Vec<_>>(), [4, 1]);
    }

    /// After a restart the server does a step again that it had begun.
    async fn what_happens_twice_counts_once(db) {
        let store = db.open().await;
        let id = deploy_in(&store, "shop").await;
        assert!(committed!(store, deploys.start_step(id, Step::Probe, NOW, "first")).expect("begun"));
        assert!(!committed!(store, deploys.start_step(id, Step::Probe, after(5), "second")).expect("answered"));
        assert!(committed!(store, deploys.end_step(id, Step::Probe, after(6), Outcome::Done, "")).expect("ended"));
        assert!(!committed!(store, deploys.end_step(id, Step::Probe, after(7), Outcome::Failed, "x")).expect("answered"));
        assert!(!committed!(store, deploys.detail_step(id, Step::Probe, "x")).expect("answered"));
        assert!(!committed!(store, deploys.end_step(id, Step::Watch, after(7), Outcome::Done, "")).expect("answered"));
        let (ended_at, outcome) = (Some(after(6)), Some(Outcome::Done));
        let once = StepRecord { step: Step::Probe, started_at: NOW, ended_at, outcome, detail: String::new() };
        assert_eq!(steps(&store, id).await, [once]);
    }

    /// PostgreSQL keeps no NUL in a text; an engine's words may hold one.
    async fn what_an_engine_says_is_kept_whatever_it_is(db) {
        let store = db.open().await;
        let id = deploy_in(&store, "shop").await;
        assert!(committed!(store, deploys.start_step(id, Step::Probe, NOW, "a\0b\u{1b}\u{7f}é")).expect("begun"));
        assert_eq!(steps(&store, id).await[0].detail, "a\u{fffd}b\u{1b}\u{7f}é");
    }
}
