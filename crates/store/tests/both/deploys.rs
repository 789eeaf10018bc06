use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, deploy, new_release, sixteen, world};
use domain::{Deploy, DeployState, Outcome, Step, StepRecord, Stopped};
use store::Error;

const RESOLVE: DeployState = DeployState::Under(Step::Resolve);
const PREPARE: DeployState = DeployState::Under(Step::Prepare);

on_both! {
    async fn a_deploy_comes_back_as_it_was_made(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let second = committed!(store, releases.insert(new_release(world.app.id))).expect("made");
        let (started_at, ended_at, detail) = (NOW, Some(after(1)), "found it".to_owned());
        let resolved = StepRecord { step: Step::Resolve, started_at, ended_at, outcome: Some(Outcome::Done), detail };
        let full = Deploy {
            state: PREPARE,
            steps: vec![resolved],
            reason: "the app's own words: “no”".to_owned(),
            last_lines: vec!["one".to_owned(), "two\u{1b}[0m\0 \"three\"".to_owned()],
            cancel_requested_at: Some(after(2)),
            lost_requests: 3,
            from_stopped: Some(Stopped { at: after(3), by: "bob@example.com".to_owned() }),
            ..deploy(&second, Some(&world.release))
        };
        committed!(store, deploys.insert(&full)).expect("it is the only one");
        assert_eq!(store.deploys().by_id(full.id).await.expect("read"), Some(full.clone()));
        assert_eq!((full.number, full.from_number), (2, Some(1)), "the numbers come from the releases");
    }

    async fn a_release_has_arrived_when_a_deploy_brought_its_replicas_up(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let release = &world.release;
        let arrived = async || store.deploys().has_arrived(release.release.id).await.expect("read");
        let skipped = StepRecord {
            step: Step::Prepare,
            started_at: NOW,
            ended_at: Some(NOW),
            outcome: Some(Outcome::Skipped),
            detail: "the app is stopped".to_owned(),
        };
        let stopped = Deploy { steps: vec![skipped], ..deploy(release, None) };
        for (attempt, end, has) in [
            (deploy(release, None), DeployState::Failed, false),
            (stopped, DeployState::Done, false),
            (deploy(release, None), DeployState::Done, true),
            (deploy(release, None), DeployState::Failed, true),
        ] {
            committed!(store, deploys.insert(&attempt)).expect("it is the only one");
            committed!(store, deploys.finish(attempt.id, end, after(5), "", &[])).expect("finished");
            assert_eq!(arrived().await, has);
        }
    }

    async fn an_app_has_one_deploy_under_way(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let first = deploy(&shop.release, None);
        committed!(store, deploys.insert(&first)).expect("it is the only one");
        let second = deploy(&shop.release, None);
        let refused = committed!(store, deploys.insert(&second));
        assert!(matches!(refused, Err(Error::Conflict("deploy"))), "{refused:?}");
        committed!(store, deploys.insert(&deploy(&bank.release, None))).expect("it is another app's");
        assert!(committed!(store, deploys.finish(first.id, DeployState::Done, after(5), "", &[])).expect("finished"));
        committed!(store, deploys.insert(&second)).expect("the first is over");
    }

    async fn of_sixteen_deploys_started_at_once_one_is_under_way(db) {
        let store = db.open().await;
        let release = world(&store, "shop").await.release;
        let started = sixteen(|_| {
            let (store, deploy) = (store.clone(), deploy(&release, None));
            async move { committed!(store, deploys.insert(&deploy)).is_ok() }
        });
        assert_eq!(started.await.into_iter().filter(|started| *started).count(), 1);
        assert_eq!(store.deploys().unfinished().await.expect("read").len(), 1);
    }

    async fn deploys_are_listed_newest_first_and_those_under_way_apart(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let ended = |second| Deploy {
            state: DeployState::Failed,
            started_at: after(second),
            ended_at: Some(after(second + 1)),
            ..deploy(&shop.release, None)
        };
        let under_way = Deploy { started_at: after(30), ..deploy(&shop.release, None) };
        let all = [ended(0), ended(10), ended(20), under_way.clone()];
        let others = Deploy { started_at: after(5), ..deploy(&bank.release, None) };
        for deploy in all.iter().chain([&others]) {
            committed!(store, deploys.insert(deploy)).expect("no other is under way");
        }
        let newest = store.deploys().of_app(shop.app.id, 3).await.expect("read");
        assert_eq!(newest, [all[3].clone(), all[2].clone(), all[1].clone()]);
        assert_eq!(store.deploys().unfinished().await.expect("read"), [others, under_way.clone()]);
        let of_shop = store.deploys().unfinished_in(&[shop.project.id]).await.expect("read");
        assert_eq!(of_shop, std::slice::from_ref(&under_way));
        assert_eq!(store.deploys().unfinished_in(&[]).await.expect("read"), []);
        assert_eq!(store.deploys().unfinished_of(shop.app.id).await.expect("read"), Some(under_way));
    }

    async fn a_late_or_doubled_advance_changes_nothing(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        let deploy = deploy(&world.release, None);
        committed!(store, deploys.insert(&deploy)).expect("it is the only one");
        let state = async || store.deploys().by_id(deploy.id).await.expect("read").expect("there").state;
        assert!(committed!(store, deploys.advance(deploy.id, RESOLVE, PREPARE)).expect("answered"));
        assert!(!committed!(store, deploys.advance(deploy.id, RESOLVE, PREPARE)).expect("answered"));
        assert_eq!(state().await, PREPARE);
        assert!(committed!(store, deploys.finish(deploy.id, DeployState::Cancelled, after(9), "", &[])).expect("finished"));
        assert!(!committed!(store, deploys.advance(deploy.id, DeployState::Cancelled, PREPARE)).expect("answered"));
        assert_eq!(state().await, DeployState::Cancelled);
    }

    async fn of_sixteen_who_advance_at_once_one_does(db) {
        let store = db.open().await;
        let deploy = deploy(&world(&store, "shop").await.release, None);
        committed!(store, deploys.insert(&deploy)).expect("it is the only one");
        let advanced = sixteen(|_| {
            let (store, id) = (store.clone(), deploy.id);
            async move { committed!(store, deploys.advance(id, RESOLVE, PREPARE)).expect("answered") }
        });
        assert_eq!(advanced.await.into_iter().filter(|advanced| *advanced).count(), 1);
    }

    async fn a_deploy_ends_once_and_keeps_why(db) {
        let store = db.open().await;
        let deploy = deploy(&world(&store, "shop").await.release, None);
        committed!(store, deploys.insert(&deploy)).expect("it is the only one");
        let lines = ["panicked".to_owned()];
        assert!(committed!(store, deploys.set_reason(deploy.id, "It crashed.", &lines)).expect("kept"));
        assert!(committed!(store, deploys.finish(deploy.id, DeployState::Failed, after(5), "", &[])).expect("finished"));
        assert!(!committed!(store, deploys.finish(deploy.id, DeployState::Done, after(6), "no", &[])).expect("answered"));
        assert!(!committed!(store, deploys.set_reason(deploy.id, "too late", &[])).expect("answered"));
        let ended = store.deploys().by_id(deploy.id).await.expect("read").expect("there");
        assert_eq!((ended.state, ended.ended_at), (DeployState::Failed, Some(after(5))));
        assert_eq!((ended.reason.as_str(), ended.last_lines), ("It crashed.", lines.to_vec()));
        assert_eq!(store.deploys().unfinished().await.expect("read"), []);
    }

    async fn a_deploy_that_ends_with_words_keeps_those(db) {
        let store = db.open().await;
        let deploy = deploy(&world(&store, "shop").await.release, None);
        committed!(store, deploys.insert(&deploy)).expect("it is the only one");
        let lines = ["bye".to_owned()];
        let finish = committed!(store, deploys.finish(deploy.id, DeployState::Failed, after(5), "No node has room.", &lines));
        assert!(finish.expect("finished"));
        let ended = store.deploys().by_id(deploy.id).await.expect("read").expect("there");
        assert_eq!((ended.reason.as_str(), ended.last_lines), ("No node has room.", lines.to_vec()));
    }

    async fn a_deploy_does_not_end_in_the_middle(db) {
        let store = db.open().await;
        let deploy = deploy(&world(&store, "shop").await.release, None);
        committed!(store, deploys.insert(&deploy)).expect("it is the only one");
        let refused = committed!(store, deploys.finish(deploy.id, PREPARE, after(5), "", &[]));
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert!(store.deploys().unfinished_of(deploy.app_id).await.expect("read").is_some());
    }

    async fn the_first_to_cancel_counts_while_it_is_under_way(db) {
        let store = db.open().await;
        let deploy = deploy(&world(&store, "shop").await.release, None);
        committed!(store, deploys.insert(&deploy)).expect("it is the only one");
        assert!(committed!(store, deploys.request_cancel(deploy.id, after(3))).expect("asked"));
        assert!(committed!(store, deploys.request_cancel(deploy.id, after(4))).expect("asked"));
        assert!(committed!(store, deploys.set_lost_requests(deploy.id, 12)).expect("set"));
        let read = store.deploys().by_id(deploy.id).await.expect("read").expect("there");
        assert_eq!((read.cancel_requested_at, read.lost_requests), (Some(after(3)), 12));
        assert!(committed!(store, deploys.finish(deploy.id, DeployState::Done, after(5), "", &[])).expect("finished"));
        assert!(!committed!(store, deploys.request_cancel(deploy.id, after(6))).expect("answered"));
    }
}
