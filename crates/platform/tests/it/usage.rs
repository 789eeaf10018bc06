//! What ran is written down: each replica once, without a gap, whatever happens to the server or the engine.

use crate::harness::Harness;
use domain::money::Interval;
use domain::{Actor, AppId, Deploy, DeployForm, NewApp, ReplicaState, SettingsForm, Timestamp};
use orchestrator::Orchestrator as _;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

/// An app of two replicas that has been deployed.
async fn app_of_two(harness: &Harness) -> (Actor, Deploy, AppId) {
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let settings = SettingsForm { replicas: Some(2), memory: Some(512), ..SettingsForm::default() };
    let deploy = DeployForm { image: "sample".into(), tag: "1.0".into(), settings, ..DeployForm::default() };
    let new = NewApp { name: "shop".to_owned(), deploy };
    let deploy = harness.platform.apps().create(&ada, project.id, new).await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    let app = harness.store.apps().named(&"shop".parse().expect("a name")).await.expect("read").expect("an app").id;
    harness.eventually("both are written down", async || intervals(harness, app).await.len() == 2).await;
    (ada, deploy, app)
}

async fn intervals(harness: &Harness, app: AppId) -> Vec<Interval> {
    harness.store.usage().of_app(app, Timestamp(0), Timestamp(i64::MAX)).await.expect("read")
}

async fn open(harness: &Harness, app: AppId) -> usize {
    intervals(harness, app).await.iter().filter(|interval| interval.is_open).count()
}

/// Waits until another replica runs in the place of one that crashed.
async fn two_run_again(harness: &Harness, app: AppId) {
    let is_so = async || open(harness, app).await == 2 && intervals(harness, app).await.len() == 3;
    harness.eventually("another one runs", is_so).await;
}

fn now(harness: &Harness) -> Timestamp {
    platform::Clock::now(&*harness.clock)
}

/// Waits until it is known that everything that is open ran until this moment.
async fn seen_until(harness: &Harness, app: AppId, at: Timestamp) {
    let is_seen = async || intervals(harness, app).await.iter().filter(|i| i.is_open).all(|i| i.to >= at);
    harness.eventually("it is known that it still runs", is_seen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_ends_what_ran_and_begins_what_runs() {
    let harness = Harness::start().await;
    let (ada, _, app) = app_of_two(&harness).await;
    let first = intervals(&harness, app).await;
    assert!(first.iter().all(|i| i.is_open && (i.number, i.memory, i.cpu) == (1, 512, 500)), "{first:#?}");
    let second = harness.deploy(&ada, "shop", "1.1").await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    let is_over = async || {
        let all = intervals(&harness, app).await;
        all.len() == 4 && all.iter().all(|i| i.is_open == (i.number == 2))
    };
    harness.eventually("r1 has ended and r2 goes on", is_over).await;
}

/// The server is away for an hour; the apps are not.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_server_leaves_no_gap() {
    let mut harness = Harness::start().await;
    let (_, _, app) = app_of_two(&harness).await;
    let before: Vec<_> = intervals(&harness, app).await.into_iter().map(|i| i.from).collect();
    harness.kill_controller().await;
    harness.clock.advance(HOUR);
    let back = now(&harness);
    harness.start_controller();
    seen_until(&harness, app, back).await;
    let after: Vec<_> = intervals(&harness, app).await.into_iter().map(|i| i.from).collect();
    assert_eq!(after, before, "they go on where they began");
}

/// A replica crashes while nobody looks. What is not known to have run is not paid for.
#[tokio::test(flavor = "multi_thread")]
async fn what_ended_while_the_server_was_away_ends_when_the_engine_says() {
    let mut harness = Harness::start().await;
    let (ada, _, app) = app_of_two(&harness).await;
    harness.kill_controller().await;
    harness.clock.advance(HOUR);
    let (from, to) = (now(&harness), now(&harness).plus_millis(60_000));
    harness.crash(&ada, "shop", 1).await;
    let has_failed = async || {
        let replicas = harness.memory.all_replicas().await.expect("replicas");
        replicas.iter().any(|replica| replica.state == ReplicaState::Failed)
    };
    harness.eventually("it has crashed", has_failed).await;
    harness.clock.advance(HOUR);
    harness.start_controller();
    two_run_again(&harness, app).await;
    let ended: Vec<_> = intervals(&harness, app).await.into_iter().filter(|i| !i.is_open).collect();
    assert!(ended.len() == 1 && ended.iter().all(|i| (from..to).contains(&i.to)), "{from:?} to {to:?}: {ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_controllers_at_once_count_once() {
    let mut harness = Harness::start().await;
    harness.start_controller();
    let (ada, _, app) = app_of_two(&harness).await;
    harness.clock.advance(HOUR);
    seen_until(&harness, app, now(&harness)).await;
    assert_eq!(intervals(&harness, app).await.len(), 2);
    harness.crash(&ada, "shop", 1).await;
    two_run_again(&harness, app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_does_not_answer_ends_nothing() {
    let harness = Harness::start().await;
    let (_, _, app) = app_of_two(&harness).await;
    harness.memory.lose_engine(true);
    harness.clock.advance(HOUR);
    // Long enough for several looks, which find nothing.
    let unfinished = harness.person("bob@example.com").await;
    let project = harness.project(&unfinished).await;
    assert!(harness.create(&unfinished, &project, "other", "1.0").await.is_err(), "the engine is away");
    harness.memory.lose_engine(false);
    seen_until(&harness, app, now(&harness)).await;
    assert_eq!((open(&harness, app).await, intervals(&harness, app).await.len()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_counts_nothing_twice() {
    let harness = Harness::start().await;
    let (ada, _, app) = app_of_two(&harness).await;
    harness.clock.set_back(HOUR);
    harness.crash(&ada, "shop", 1).await;
    two_run_again(&harness, app).await;
    let all = intervals(&harness, app).await;
    assert!(all.iter().all(|i| i.to >= i.from), "{all:#?}");
    assert!(all.iter().filter(|i| !i.is_open).all(|i| i.millis() < 60_000), "{all:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_app_ends_and_stays_written_down() {
    let harness = Harness::start().await;
    let (ada, _, app) = app_of_two(&harness).await;
    harness.platform.apps().delete(&ada, "shop").await.expect("deleted");
    harness
        .eventually("nothing of it runs", async || harness.nothing_runs().await && open(&harness, app).await == 0)
        .await;
    let billed = harness.store.usage().billed(None).await.expect("read");
    assert_eq!(billed.iter().map(|b| (b.name.as_str(), b.is_live)).collect::<Vec<_>>(), [("shop", false)]);
    assert_eq!(intervals(&harness, app).await.len(), 2);
}
