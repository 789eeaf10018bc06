//! An app's life between two deploys.

use crate::harness::{Harness, short_deadlines};
use domain::{Action, Actor, Deploy, DeployState, Health, QuotaForm, Refusal, Role, SettingsForm, Step};
use orchestrator::Orchestrator;
use platform::{Deadlines, Error};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// A platform with an app whose r1 has the traffic.
async fn with_shop(tag: &str) -> (Arc<Harness>, Actor) {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", tag).await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    (Arc::new(harness), ada)
}

/// Somebody else in Ada's team.
async fn colleague(harness: &Harness, ada: &Actor, role: Role) -> Actor {
    let person = harness.person(&format!("{role}@example.com")).await;
    let mut tx = harness.store.begin().await.expect("a transaction");
    tx.teams().put_member(ada.roles[0].0, person.id(), role, domain::Timestamp(0)).await.expect("a member");
    tx.commit().await.expect("kept");
    harness.platform.people().actor(person.id(), person.origin.clone()).await.expect("an actor")
}

fn conflict<T: std::fmt::Debug>(result: platform::Result<T>) -> String {
    match result {
        Err(Error::Conflict(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

fn forbidden<T: std::fmt::Debug>(result: platform::Result<T>) -> Refusal {
    match result {
        Err(Error::Forbidden(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Somebody who comes again and again until told to stop, and says what was answered.
struct Visitor {
    is_over: Arc<AtomicBool>,
    visits: JoinSet<Vec<u16>>,
}

impl Visitor {
    fn of(harness: &Arc<Harness>) -> Self {
        let (harness, is_over) = (harness.clone(), Arc::new(AtomicBool::new(false)));
        let ends = is_over.clone();
        let mut visits = JoinSet::new();
        visits.spawn(async move {
            let mut statuses = Vec::new();
            while !ends.load(Ordering::Relaxed) {
                statuses.push(harness.visit("shop", "/").await.0);
            }
            statuses
        });
        Self { is_over, visits }
    }

    async fn statuses(mut self) -> Vec<u16> {
        self.is_over.store(true, Ordering::Relaxed);
        self.visits.join_next().await.expect("one visitor").expect("no panic")
    }
}

/// The details of the audit rows of this action, oldest first.
async fn noted(harness: &Harness, actor: &Actor, action: &str) -> Vec<String> {
    let mut rows = harness.store.audit().of_team(actor.roles[0].0, 100).await.expect("rows");
    rows.retain(|row| row.action == action);
    rows.sort_by_key(|row| row.number);
    rows.into_iter().map(|row| row.detail).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_is_a_release_of_the_same_image_and_settings_that_loses_no_request() {
    let (harness, ada) = with_shop("1.0").await;
    let settings = SettingsForm { variables: Some("SAMPLE_A=1".to_owned()), ..SettingsForm::default() };
    let second = harness.platform.settings().apply(&ada, "shop", 1, settings, "").await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    let visitor = Visitor::of(&harness);
    let restart = harness.platform.apps().restart(&ada, "shop", "").await.expect("begun");
    let ended = harness.ended(&ada, "shop", &restart).await;
    assert_eq!((ended.state, ended.number, ended.lost_requests), (DeployState::Done, 3, 0), "{ended:#?}");
    let statuses = visitor.statuses().await;
    assert!(statuses.len() > 20 && statuses.iter().all(|status| *status == 200), "{statuses:?}");

    let overview = harness.platform.apps().overview(&ada, "shop").await.expect("an overview");
    let (third, before) = (&overview.releases[0], &overview.releases[1]);
    assert_eq!((&third.digest, &third.settings), (&before.digest, &before.settings));
    assert_eq!((third.reason.as_str(), third.made_by.as_str()), ("restart", "ada@example.com"));
    assert_eq!(harness.visit("shop", "/env?name=SAMPLE_A").await, (200, "1".to_owned()));
    assert_eq!(harness.copies(&ada, "shop", 2).await, 0, "the replicas of before are gone");
    assert_eq!(noted(&harness, &ada, "app.restart").await, ["r2 → r3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_takes_the_role_and_something_to_restart() {
    let (harness, ada) = with_shop("1.0").await;
    let project = harness.platform.home(&ada).await.expect("home").projects[0].project.clone();
    let (operator, viewer) =
        (colleague(&harness, &ada, Role::Operator).await, colleague(&harness, &ada, Role::Viewer).await);
    assert_eq!(forbidden(harness.platform.apps().restart(&viewer, "shop", "").await).action, Action::Restart);
    let stranger = harness.person("eve@example.com").await;
    assert!(matches!(harness.platform.apps().restart(&stranger, "shop", "").await, Err(Error::NotFound { .. })));
    let first = harness.create(&ada, &project, "cart", "never-listens").await.expect("begun");
    let sentence = conflict(harness.platform.apps().restart(&ada, "cart", "").await);
    assert!(sentence.starts_with("r1 is being deployed by ada@example.com"), "{sentence}");
    harness.ended(&ada, "cart", &first).await;
    let sentence = conflict(harness.platform.apps().restart(&ada, "cart", "").await);
    assert_eq!(sentence, "cart has nothing to restart: no release has the traffic yet.");
    harness.platform.apps().restart(&operator, "shop", "").await.expect("begun");
}

/// It comes up anew, so it may find that it no longer can; the replicas that serve stay as they are then.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_that_fails_leaves_the_replicas_that_serve() {
    let (harness, ada) = with_shop("1.0").await;
    let visitor = Visitor::of(&harness);
    let restart = harness.platform.apps().restart(&ada, "shop", "").await.expect("begun");
    harness.platform.deploys().cancel(&ada, "shop", restart.id).await.expect("asked");
    assert_eq!(harness.ended(&ada, "shop", &restart).await.state, DeployState::Cancelled);
    assert!(visitor.statuses().await.iter().all(|status| *status == 200));
    assert_eq!(harness.copies(&ada, "shop", 1).await, 1);
}

/// What a stopped app's visitor gets.
async fn says_that_it_is_stopped(harness: &Harness) -> bool {
    let (status, body) = harness.visit("shop", "/").await;
    status == 503 && body.contains("app_stopped")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_app_says_so_and_its_replicas_go_when_nothing_is_under_way_on_them() {
    let (harness, ada) = with_shop("1.0").await;
    let r1 = harness.platform.apps().overview(&ada, "shop").await.expect("an overview").releases[0].id;
    let mut slow = JoinSet::new();
    slow.spawn({
        let harness = harness.clone();
        async move { harness.visit("shop", "/slow?ms=1500").await }
    });
    harness.eventually("the slow request is under way", async || harness.in_flight(r1).await == 1).await;
    harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
    harness.eventually("the address says so", async || says_that_it_is_stopped(&harness).await).await;
    let copies = harness.copies(&ada, "shop", 1).await;
    if harness.in_flight(r1).await == 1 {
        assert_eq!(copies, 1, "a request is under way on it");
    }
    let answer = slow.join_next().await.expect("one request").expect("no panic");
    assert_eq!(answer, (200, "after 1500 ms\n".to_owned()));
    harness.eventually("its replicas are gone", async || harness.copies(&ada, "shop", 1).await == 0).await;
    assert!(harness.is_known(&ada, "shop", 1).await, "the definition stays");
    let state = harness.platform.apps().overview(&ada, "shop").await.expect("an overview").card.state;
    assert_eq!((state.health, state.sentence.as_str()), (Health::Stopped, STOPPED));
    assert_eq!(noted(&harness, &ada, "app.stop").await, ["r1"]);
}

const STOPPED: &str = "Stopped by ada@example.com. r1 is what starts again.";

#[tokio::test(flavor = "multi_thread")]
async fn a_start_brings_the_release_back_by_the_protocol_of_a_deploy() {
    let (harness, ada) = with_shop("1.0").await;
    harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
    harness.eventually("its replicas are gone", async || harness.copies(&ada, "shop", 1).await == 0).await;
    let visitor = Visitor::of(&harness);
    let start = harness.platform.apps().start(&ada, "shop").await.expect("begun");
    let ended = harness.ended(&ada, "shop", &start).await;
    assert_eq!((ended.state, ended.number, ended.lost_requests), (DeployState::Done, 1, 0), "{ended:#?}");
    assert_eq!(harness.visit("shop", "/").await.0, 200);
    let statuses = visitor.statuses().await;
    let first = statuses.iter().position(|status| *status == 200).expect("it came back");
    assert!(statuses[..first].iter().all(|status| *status == 503), "{statuses:?}");
    assert!(statuses[first..].iter().all(|status| *status == 200), "{statuses:?}");
    let overview = harness.platform.apps().overview(&ada, "shop").await.expect("an overview");
    assert_eq!((overview.card.app.stopped, overview.releases.len()), (None, 1), "no new release");
    assert_eq!(overview.card.state.sentence, "r1 serves with 1 replica.");
    assert_eq!(noted(&harness, &ada, "app.start").await, ["r1"]);
}

/// A stop is a person's decision, which a deploy does not undo: who may deploy need not be who may start.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_deployed_a_stopped_app_stays_stopped_until_it_is_started() {
    let (harness, ada) = with_shop("1.0").await;
    harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
    let second = harness.deploy(&ada, "shop", "1.1").await.expect("begun");
    let second = harness.ended(&ada, "shop", &second).await;
    assert_eq!(second.state, DeployState::Done, "{second:#?}");
    assert_eq!(second.headline(), "r2 is what runs when the app is started. The app is still stopped.");
    let settings = SettingsForm { variables: Some("SAMPLE_A=1".to_owned()), ..SettingsForm::default() };
    let third = harness.platform.settings().apply(&ada, "shop", 2, settings, "").await.expect("begun");
    harness.ended(&ada, "shop", &third).await;
    assert!(says_that_it_is_stopped(&harness).await);
    assert!(!harness.is_known(&ada, "shop", 3).await, "nothing was started");
    let start = harness.platform.apps().start(&ada, "shop").await.expect("begun");
    assert_eq!(harness.ended(&ada, "shop", &start).await.state, DeployState::Done);
    assert_eq!(harness.visit("shop", "/env?name=SAMPLE_A").await, (200, "1".to_owned()));
    assert!(harness.visit("shop", "/").await.1.contains("1.1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_fails_leaves_the_app_stopped_with_the_reason_and_the_way_back() {
    for tag in ["never-listens", "crashes-after-100"] {
        let (harness, ada) = with_shop("1.0").await;
        harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
        let second = harness.deploy(&ada, "shop", tag).await.expect("begun");
        harness.ended(&ada, "shop", &second).await;
        let start = harness.platform.apps().start(&ada, "shop").await.expect("begun");
        let ended = harness.ended(&ada, "shop", &start).await;
        assert_eq!(ended.state, DeployState::Failed, "{tag}: {ended:#?}");
        assert!(ended.reason.starts_with("r2 "), "{}", ended.reason);
        assert_eq!(ended.aftermath().as_deref(), Some("The app is stopped, as before."));
        harness.eventually("it is stopped again", async || says_that_it_is_stopped(&harness).await).await;
        harness.eventually("nothing runs", async || harness.copies(&ada, "shop", 2).await == 0).await;
        let stopped = harness.platform.apps().overview(&ada, "shop").await.expect("an overview").card.app.stopped;
        assert_eq!(stopped.expect("it is").by, "ada@example.com");

        let back = harness.platform.releases().roll_back(&ada, "shop", 1).await.expect("begun");
        harness.ended(&ada, "shop", &back).await;
        let start = harness.platform.apps().start(&ada, "shop").await.expect("begun");
        assert_eq!(harness.ended(&ada, "shop", &start).await.state, DeployState::Done, "{tag}");
        assert!(harness.visit("shop", "/").await.1.contains("1.0"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_start_leaves_the_app_stopped() {
    let (harness, ada) = with_shop("slow-start-3000").await;
    harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
    harness.eventually("its replicas are gone", async || harness.copies(&ada, "shop", 1).await == 0).await;
    let start = harness.platform.apps().start(&ada, "shop").await.expect("begun");
    let sentence = conflict(harness.platform.apps().stop(&ada, "shop").await);
    assert_eq!(sentence, "shop is stopped already, by ada@example.com.");
    harness.platform.deploys().cancel(&ada, "shop", start.id).await.expect("asked");
    assert_eq!(harness.ended(&ada, "shop", &start).await.state, DeployState::Cancelled);
    assert!(says_that_it_is_stopped(&harness).await);
    harness.eventually("nothing runs", async || harness.copies(&ada, "shop", 1).await == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_and_starting_take_the_role_and_something_to_stop_or_start() {
    let (harness, ada) = with_shop("1.0").await;
    let (operator, viewer) =
        (colleague(&harness, &ada, Role::Operator).await, colleague(&harness, &ada, Role::Viewer).await);
    let apps = harness.platform.apps();
    assert_eq!(forbidden(apps.stop(&viewer, "shop").await).action, Action::Stop);
    assert_eq!(forbidden(apps.start(&viewer, "shop").await).action, Action::Stop);
    let stranger = harness.person("eve@example.com").await;
    assert!(matches!(apps.stop(&stranger, "shop").await, Err(Error::NotFound { .. })));
    assert!(matches!(apps.start(&stranger, "shop").await, Err(Error::NotFound { .. })));
    assert_eq!(conflict(apps.start(&ada, "shop").await), "shop is not stopped.");
    apps.stop(&operator, "shop").await.expect("stopped");
    assert_eq!(conflict(apps.stop(&ada, "shop").await), "shop is stopped already, by operator@example.com.");
    assert_eq!(conflict(apps.restart(&ada, "shop", "").await), "shop is stopped. Start it instead.");
    let start = apps.start(&operator, "shop").await.expect("begun");
    harness.ended(&ada, "shop", &start).await;
    let deploy = harness.deploy(&ada, "shop", "never-listens").await.expect("begun");
    let sentence = conflict(apps.stop(&ada, "shop").await);
    assert!(sentence.starts_with("r2 is being deployed by ada@example.com"), "{sentence}");
    harness.ended(&ada, "shop", &deploy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_that_only_watches_makes_way_for_a_stop() {
    let harness = Harness::with(Deadlines { watch: Duration::from_mins(10), ..short_deadlines() }).await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.until(&ada, "shop", &deploy, |d| d.state == DeployState::Under(Step::Watch)).await;
    harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
    assert_eq!(harness.ended(&ada, "shop", &deploy).await.state, DeployState::Done);
    harness.eventually("its replicas are gone", async || harness.copies(&ada, "shop", 1).await == 0).await;
    assert!(says_that_it_is_stopped(&harness).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_the_server_did_not_live_to_carry_out_is_carried_out_when_it_is_back() {
    let mut harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    harness.kill_controller().await;
    harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
    assert_eq!(harness.visit("shop", "/").await.0, 200, "nobody is there to stop it");
    harness.start_controller();
    harness.eventually("the address says so", async || says_that_it_is_stopped(&harness).await).await;
    harness.eventually("its replicas are gone", async || harness.copies(&ada, "shop", 1).await == 0).await;

    // Nor does the look at everything start again what is stopped, whoever removed it.
    harness.memory.remove_release(deploy.release_id).await.expect("removed");
    harness.kill_controller().await;
    let start = harness.platform.apps().start(&ada, "shop").await.expect("begun");
    assert!(!harness.is_known(&ada, "shop", 1).await);
    harness.start_controller();
    assert_eq!(harness.ended(&ada, "shop", &start).await.state, DeployState::Done);
    assert_eq!(harness.visit("shop", "/").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_goes_on_after_the_end_of_the_server_at_any_step() {
    for step in [Step::Prepare, Step::Probe, Step::Switch, Step::Drain, Step::Watch, Step::Retire] {
        let mut harness = Harness::with(Deadlines { watch: Duration::from_secs(1), ..short_deadlines() }).await;
        let ada = harness.person("ada@example.com").await;
        let project = harness.project(&ada).await;
        let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
        harness.switched(&ada, "shop", &deploy).await;
        harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
        harness.eventually("its replicas are gone", async || harness.copies(&ada, "shop", 1).await == 0).await;
        let start = harness.platform.apps().start(&ada, "shop").await.expect("begun");
        let reached = |d: &Deploy| d.state.is_over() || matches!(d.state, DeployState::Under(now) if now >= step);
        harness.until(&ada, "shop", &start, reached).await;
        harness.kill_controller().await;
        harness.start_controller();
        let ended = harness.ended(&ada, "shop", &start).await;
        assert_eq!(ended.state, DeployState::Done, "{step:?}: {ended:#?}");
        assert_eq!(harness.visit("shop", "/").await.0, 200, "{step:?}");
        assert_eq!(harness.copies(&ada, "shop", 1).await, 1, "{step:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_app_takes_nothing_of_the_limits_and_needs_room_to_start() {
    let (harness, ada) = with_shop("1.0").await;
    let (chief, team) = (harness.person("chief@example.com").await, ada.roles[0].0);
    let project = harness.platform.home(&ada).await.expect("home").projects[0].project.clone();
    let limit = QuotaForm { replicas: "1".to_owned(), ..QuotaForm::default() };
    harness.platform.teams().set_quota(&chief, team, limit).await.expect("limited");
    conflict(harness.create(&ada, &project, "cart", "1.0").await);
    harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
    let cart = harness.create(&ada, &project, "cart", "1.0").await.expect("there is room now");
    harness.ended(&ada, "cart", &cart).await;
    let again = harness.deploy(&ada, "shop", "1.1").await.expect("it starts nothing");
    harness.ended(&ada, "shop", &again).await;
    let sentence = conflict(harness.platform.apps().start(&ada, "shop").await);
    assert!(sentence.contains("limit of 1 replicas: its other apps use 1, and this one asks for 1"), "{sentence}");
    assert!(says_that_it_is_stopped(&harness).await);
    harness.platform.apps().stop(&ada, "cart").await.expect("stopped");
    harness.platform.apps().start(&ada, "shop").await.expect("there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_app_can_be_deleted() {
    let (harness, ada) = with_shop("1.0").await;
    harness.platform.apps().stop(&ada, "shop").await.expect("stopped");
    harness.platform.apps().delete(&ada, "shop").await.expect("deleted");
    harness.eventually("the address is free", async || harness.visit("shop", "/").await.0 == 404).await;
    harness.eventually("nothing runs", async || harness.nothing_runs().await).await;
}
