//! A project in which nobody makes releases for a while, because somebody said so and why.

use crate::harness::Harness;
use domain::{Action, Actor, DeployForm, DeployState, FreezeForm, Project, Role, SettingsForm, Timestamp, Why};
use platform::Error;
use std::time::Duration;

/// A platform with an app whose r2 has the traffic, and whose r3 never had.
async fn with_shop() -> (Harness, Actor, Project) {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &first).await;
    for (tag, state) in [("1.1", DeployState::Done), ("crashes", DeployState::Failed)] {
        let deploy = harness.deploy(&ada, "shop", tag).await.expect("begun");
        assert_eq!(harness.ended(&ada, "shop", &deploy).await.state, state);
    }
    (harness, ada, project)
}

/// Somebody else in Ada's team.
async fn colleague(harness: &Harness, ada: &Actor, role: Role) -> Actor {
    let person = harness.person(&format!("{role}@example.com")).await;
    let mut tx = harness.store.begin().await.expect("a transaction");
    tx.teams().put_member(ada.roles[0].0, person.id(), role, Timestamp(0)).await.expect("a member");
    tx.commit().await.expect("kept");
    harness.platform.people().actor(person.id(), person.origin.clone()).await.expect("an actor")
}

/// A freeze for an hour of the test's clock, which began on 14 November 2023 at 22:13 UTC.
fn for_an_hour() -> FreezeForm {
    FreezeForm { until: "2023-11-14T23:15".to_owned(), reason: "the fair is on".to_owned() }
}

const SENTENCE: &str = "No deploys in things until 2023-11-14 23:15 UTC, because the fair is on (ada@example.com).";

fn conflict<T: std::fmt::Debug>(result: platform::Result<T>) -> String {
    match result {
        Err(Error::Conflict(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

fn forbidden<T: std::fmt::Debug>(result: platform::Result<T>) -> Action {
    match result {
        Err(Error::Forbidden(refusal)) => refusal.action,
        other => panic!("{other:?}"),
    }
}

fn memory(mib: u64) -> SettingsForm {
    SettingsForm { memory: Some(mib), ..SettingsForm::default() }
}

fn despite(tag: &str, reason: &str) -> DeployForm {
    DeployForm { tag: tag.to_owned(), despite: reason.to_owned(), ..DeployForm::default() }
}

/// Action and detail of the audit rows whose action has this word in it, oldest first.
async fn noted(harness: &Harness, actor: &Actor, word: &str) -> Vec<(String, String)> {
    let mut rows = harness.store.audit().of_team(actor.roles[0].0, 100).await.expect("rows");
    rows.sort_by_key(|row| row.number);
    rows.into_iter().filter(|row| row.action.contains(word)).map(|row| (row.action, row.detail)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_frozen_project_nothing_makes_a_release_and_everybody_is_told_why() {
    let (harness, ada, project) = with_shop().await;
    let platform = &harness.platform;
    platform.projects().freeze(&ada, project.id, for_an_hour()).await.expect("frozen");
    assert_eq!(conflict(harness.deploy(&ada, "shop", "2.0").await), SENTENCE);
    assert_eq!(conflict(platform.settings().apply(&ada, "shop", 2, memory(512), "").await), SENTENCE);
    assert_eq!(conflict(platform.apps().restart(&ada, "shop", "").await), SENTENCE);
    assert_eq!(conflict(harness.create(&ada, &project, "cart", "1.0").await), SENTENCE);
    assert_eq!(
        conflict(harness.deploy(&colleague(&harness, &ada, Role::Developer).await, "shop", "2.0").await),
        SENTENCE
    );
    let overview = platform.apps().overview(&ada, "shop").await.expect("an overview");
    assert_eq!(overview.releases.len(), 3, "no release was made");
    assert_eq!(overview.card.project.freeze.expect("it says so").sentence(&project.name), SENTENCE);
    let home = platform.home(&ada).await.expect("home");
    assert!(home.projects[0].project.freeze.is_some());

    let other = platform.projects().create(&ada, ada.roles[0].0, "others").await.expect("a project");
    harness.create(&ada, &other, "cart", "1.0").await.expect("another project is not frozen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_ends_by_itself_or_when_an_owner_lifts_it() {
    let (harness, ada, project) = with_shop().await;
    let projects = harness.platform.projects();
    projects.freeze(&ada, project.id, for_an_hour()).await.expect("frozen");
    harness.clock.advance(Duration::from_hours(2));
    let again = harness.deploy(&ada, "shop", "2.0").await.expect("the time is over");
    harness.ended(&ada, "shop", &again).await;
    assert_eq!(projects.overview(&ada, project.id).await.expect("an overview").project.freeze, None);
    assert_eq!(conflict(projects.lift_freeze(&ada, project.id).await), "things is not frozen.");

    let longer = FreezeForm { until: "2023-11-20T08:00".to_owned(), ..for_an_hour() };
    projects.freeze(&ada, project.id, longer).await.expect("frozen");
    conflict(harness.deploy(&ada, "shop", "1.0").await);
    projects.lift_freeze(&ada, project.id).await.expect("lifted");
    harness.deploy(&ada, "shop", "1.0").await.expect("begun");
    let rows = noted(&harness, &ada, "freeze").await;
    let expected = [
        ("project.freeze", "until 2023-11-14 23:15:00 UTC: the fair is on"),
        ("project.freeze", "until 2023-11-20 08:00:00 UTC: the fair is on"),
        ("project.lift_freeze", "ada@example.com had frozen it until 2023-11-20 08:00:00 UTC"),
    ];
    assert_eq!(rows, expected.map(|(action, detail)| (action.to_owned(), detail.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_overrides_a_freeze_for_a_reason_that_is_written_down() {
    let (harness, ada, project) = with_shop().await;
    let platform = &harness.platform;
    platform.projects().freeze(&ada, project.id, for_an_hour()).await.expect("frozen");
    assert_eq!(
        conflict(platform.deploys().start(&ada, "shop", despite("2.0", "  ")).await),
        SENTENCE,
        "blanks are none"
    );
    let deploy = platform.deploys().start(&ada, "shop", despite("2.0", " prices are wrong ")).await.expect("begun");
    assert_eq!(harness.ended(&ada, "shop", &deploy).await.state, DeployState::Done);
    let why = Why { message: "more room".to_owned(), despite: "it runs out of memory".to_owned() };
    let changed = platform.settings().apply(&ada, "shop", 4, memory(512), why).await.expect("begun");
    harness.ended(&ada, "shop", &changed).await;
    let restart = platform.apps().restart(&ada, "shop", "it hangs").await.expect("begun");
    harness.ended(&ada, "shop", &restart).await;
    let reasons: Vec<_> =
        noted(&harness, &ada, "project.override_freeze").await.into_iter().map(|(_, detail)| detail).collect();
    assert_eq!(reasons, ["r4: prices are wrong", "r5: it runs out of memory", "r6: it hangs"]);
    conflict(harness.deploy(&ada, "shop", "1.0").await);
}

/// The reason is a field of the form, which anybody can send.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_owner_neither_freezes_nor_lifts_nor_overrides() {
    let (harness, ada, project) = with_shop().await;
    let (developer, operator) =
        (colleague(&harness, &ada, Role::Developer).await, colleague(&harness, &ada, Role::Operator).await);
    let stranger = harness.person("eve@example.com").await;
    let platform = &harness.platform;
    let projects = platform.projects();
    assert_eq!(forbidden(projects.freeze(&developer, project.id, for_an_hour()).await), Action::Freeze);
    assert!(matches!(projects.freeze(&stranger, project.id, for_an_hour()).await, Err(Error::NotFound { .. })));
    projects.freeze(&ada, project.id, for_an_hour()).await.expect("frozen");
    assert_eq!(forbidden(projects.lift_freeze(&developer, project.id).await), Action::Freeze);
    assert!(matches!(projects.lift_freeze(&stranger, project.id).await, Err(Error::NotFound { .. })));
    let forged = platform.deploys().start(&developer, "shop", despite("2.0", "I want to")).await;
    assert_eq!(forbidden(forged), Action::Freeze);
    let why = Why { message: String::new(), despite: "I want to".to_owned() };
    assert_eq!(forbidden(platform.settings().apply(&developer, "shop", 2, memory(512), why).await), Action::Freeze);
    assert_eq!(forbidden(platform.apps().restart(&operator, "shop", "I want to").await), Action::Freeze);
    assert_eq!(noted(&harness, &ada, "refused.freeze").await.len(), 5, "it stands in the audit log");
    assert!(noted(&harness, &ada, "override").await.is_empty());
}

/// A freeze keeps changes out. What served before may come back, or stop, whoever may do that at other times.
#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_does_not_stand_in_the_way_of_ending_an_incident() {
    let (harness, ada, project) = with_shop().await;
    let operator = colleague(&harness, &ada, Role::Operator).await;
    let platform = &harness.platform;
    platform.projects().freeze(&ada, project.id, for_an_hour()).await.expect("frozen");
    let back = platform.releases().roll_back(&operator, "shop", 1).await.expect("r1 had the traffic");
    assert_eq!(harness.ended(&ada, "shop", &back).await.state, DeployState::Done);
    assert!(harness.visit("shop", "/").await.1.contains("1.0"));
    // What never had it would be a deploy by the back door.
    assert_eq!(conflict(platform.releases().roll_back(&operator, "shop", 3).await), SENTENCE);
    platform.apps().stop(&operator, "shop").await.expect("stopped");
    let start = platform.apps().start(&operator, "shop").await.expect("begun");
    harness.ended(&ada, "shop", &start).await;
    assert_eq!(harness.visit("shop", "/").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freeze_needs_a_moment_to_come_and_a_reason() {
    let (harness, ada, project) = with_shop().await;
    let projects = harness.platform.projects();
    let refused = async |form: FreezeForm| match projects.freeze(&ada, project.id, form).await {
        Err(Error::Invalid(invalid)) => invalid.field,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(FreezeForm { until: "2023-11-14T20:00".to_owned(), ..for_an_hour() }).await, "until");
    assert_eq!(refused(FreezeForm { reason: " ".to_owned(), ..for_an_hour() }).await, "reason");
    harness.deploy(&ada, "shop", "2.0").await.expect("it is not frozen");
}

/// What is on its way when the freeze begins arrives: to stop it in the middle would be a change too.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_when_the_freeze_begins_arrives() {
    let (harness, ada, project) = with_shop().await;
    let deploy = harness.deploy(&ada, "shop", "slow-start-500").await.expect("begun");
    harness.platform.projects().freeze(&ada, project.id, for_an_hour()).await.expect("frozen");
    assert_eq!(harness.ended(&ada, "shop", &deploy).await.state, DeployState::Done);
}
