//! An app's life between two deploys.

use crate::harness::Harness;
use domain::{Action, Actor, DeployState, Refusal, Role, SettingsForm};
use platform::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinHandle;

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
    visits: JoinHandle<Vec<u16>>,
}

impl Visitor {
    fn of(harness: &Arc<Harness>) -> Self {
        let (harness, is_over) = (harness.clone(), Arc::new(AtomicBool::new(false)));
        let ends = is_over.clone();
        let visits = tokio::spawn(async move {
            let mut statuses = Vec::new();
            while !ends.load(Ordering::Relaxed) {
                statuses.push(harness.visit("shop", "/").await.0);
            }
            statuses
        });
        Self { is_over, visits }
    }

    async fn statuses(self) -> Vec<u16> {
        self.is_over.store(true, Ordering::Relaxed);
        self.visits.await.expect("no panic")
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
    let restart = harness.platform.apps().restart(&ada, "shop").await.expect("begun");
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
    assert_eq!(forbidden(harness.platform.apps().restart(&viewer, "shop").await).action, Action::Restart);
    let stranger = harness.person("eve@example.com").await;
    assert!(matches!(harness.platform.apps().restart(&stranger, "shop").await, Err(Error::NotFound { .. })));
    let first = harness.create(&ada, &project, "cart", "never-listens").await.expect("begun");
    let sentence = conflict(harness.platform.apps().restart(&ada, "cart").await);
    assert!(sentence.starts_with("r1 is being deployed by ada@example.com"), "{sentence}");
    harness.ended(&ada, "cart", &first).await;
    let sentence = conflict(harness.platform.apps().restart(&ada, "cart").await);
    assert_eq!(sentence, "cart has nothing to restart: no release has the traffic yet.");
    harness.platform.apps().restart(&operator, "shop").await.expect("begun");
}

/// It comes up anew, so it may find that it no longer can; the replicas that serve stay as they are then.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_that_fails_leaves_the_replicas_that_serve() {
    let (harness, ada) = with_shop("1.0").await;
    let visitor = Visitor::of(&harness);
    let restart = harness.platform.apps().restart(&ada, "shop").await.expect("begun");
    harness.platform.deploys().cancel(&ada, "shop", restart.id).await.expect("asked");
    assert_eq!(harness.ended(&ada, "shop", &restart).await.state, DeployState::Cancelled);
    assert!(visitor.statuses().await.iter().all(|status| *status == 200));
    assert_eq!(harness.copies(&ada, "shop", 1).await, 1);
}
