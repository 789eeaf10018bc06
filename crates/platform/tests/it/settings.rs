//! Changes of settings: a release each, nothing lost, nothing overwritten.

use crate::harness::Harness;
use domain::{Action, Actor, DeployForm, DeployState, Role, SettingsForm, Side, TypedSettings, Variables};
use platform::Error;
use std::collections::BTreeMap;

/// A platform with an app whose r1 has the traffic.
async fn with_shop() -> (Harness, Actor) {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    (harness, ada)
}

/// Somebody else in Ada's team.
async fn colleague(harness: &Harness, ada: &Actor, email: &str, role: Role) -> Actor {
    let person = harness.person(email).await;
    let mut tx = harness.store.begin().await.expect("a transaction");
    tx.teams().put_member(ada.roles[0].0, person.id(), role, domain::Timestamp(0)).await.expect("a member");
    tx.commit().await.expect("kept");
    harness.platform.people().actor(person.id(), person.origin.clone()).await.expect("an actor")
}

fn variables(text: &str) -> SettingsForm {
    SettingsForm { variables: Some(text.to_owned()), ..Default::default() }
}

fn memory(mib: u64) -> SettingsForm {
    SettingsForm { memory: Some(mib), ..Default::default() }
}

fn conflict<T: std::fmt::Debug>(result: platform::Result<T>) -> String {
    match result {
        Err(Error::Conflict(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_settings_is_a_release_of_the_same_image_with_who_and_why() {
    let (harness, ada) = with_shop().await;
    let settings = harness.platform.settings();
    let deploy = settings.apply(&ada, "shop", 1, variables("SAMPLE_A=1"), " for the fair ").await.expect("begun");
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert_eq!((ended.state, ended.number, ended.lost_requests), (DeployState::Done, 2, 0), "{ended:#?}");
    let overview = harness.platform.apps().overview(&ada, "shop").await.expect("an overview");
    let (second, first) = (&overview.releases[0], &overview.releases[1]);
    assert_eq!((&second.image, &second.digest), (&first.image, &first.digest));
    assert_eq!((second.made_by.as_str(), second.reason.as_str()), ("ada@example.com", "for the fair"));
    assert_eq!(harness.visit("shop", "/env?name=SAMPLE_A").await, (200, "1".to_owned()));

    let back = harness.platform.releases().roll_back(&ada, "shop", 1).await.expect("begun");
    harness.ended(&ada, "shop", &back).await;
    assert_eq!(harness.visit("shop", "/env?name=SAMPLE_A").await.0, 404, "rolled back whole");

    let rows = harness.store.audit().of_team(ada.roles[0].0, 10).await.expect("rows");
    let row = rows.iter().find(|row| row.action == "settings.change").expect("a row");
    assert_eq!(row.detail, "r1 → r2: SAMPLE_A added");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_edit_at_once_the_second_is_told_and_nothing_is_overwritten() {
    let (harness, ada) = with_shop().await;
    let bob = colleague(&harness, &ada, "bob@example.com", Role::Owner).await;
    let settings = harness.platform.settings();
    let first = settings.apply(&ada, "shop", 1, memory(512), "").await.expect("begun");
    let expected = "r2 by ada@example.com changed this meanwhile: memory 256 MiB → 512 MiB.";
    assert_eq!(conflict(settings.apply(&bob, "shop", 1, variables("A=1"), "").await), expected);
    assert_eq!(conflict(settings.review(&bob, "shop", 1, variables("A=1")).await), expected);
    harness.ended(&ada, "shop", &first).await;

    let found = settings.find(&bob, "shop").await.expect("found");
    assert_eq!((found.base, found.made_by.as_str(), found.typed.memory.as_str()), (2, "ada@example.com", "512"));
    let second = settings.apply(&bob, "shop", 2, variables("A=1"), "").await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    let now = settings.find(&ada, "shop").await.expect("found").typed;
    assert_eq!((now.memory.as_str(), now.variables.as_deref()), ("512", Some("A=1\n")), "both changes are there");
}

/// Rolling back brings older code back; a change of settings must not bring the newer code in by the back door.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_rollback_changes_start_from_the_release_that_came_back() {
    let (harness, ada) = with_shop().await;
    let settings = harness.platform.settings();
    let second = harness.deploy(&ada, "shop", "1.1").await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    let back = harness.platform.releases().roll_back(&ada, "shop", 1).await.expect("begun");
    harness.ended(&ada, "shop", &back).await;
    let sentence = conflict(settings.apply(&ada, "shop", 2, memory(512), "").await);
    assert_eq!(sentence, "r1 by ada@example.com came back meanwhile: another image.");
    let base = settings.find(&ada, "shop").await.expect("found").base;
    let third = settings.apply(&ada, "shop", base, memory(512), "").await.expect("begun");
    let ended = harness.ended(&ada, "shop", &third).await;
    assert_eq!((base, ended.number), (1, 3));
    assert!(harness.visit("shop", "/").await.1.contains("1.0"));
}

/// A deploy that failed changed nothing that anybody sees.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_deploy_changes_start_from_what_serves() {
    let (harness, ada) = with_shop().await;
    let failing = harness.deploy(&ada, "shop", "crashes").await.expect("begun");
    harness.ended(&ada, "shop", &failing).await;
    let deploy = harness.platform.settings().apply(&ada, "shop", 1, memory(512), "").await.expect("begun");
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert_eq!((ended.number, ended.state), (3, DeployState::Done), "{ended:#?}");
    assert!(harness.visit("shop", "/").await.1.contains("1.0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_changes_nothing_makes_no_release() {
    let (harness, ada) = with_shop().await;
    let settings = harness.platform.settings();
    assert_eq!(conflict(settings.apply(&ada, "shop", 1, memory(256), "").await), "Nothing is different from r1.");
    assert_eq!(settings.review(&ada, "shop", 1, memory(256)).await.expect("reviewed").differences, []);
    let refused = settings.apply(&ada, "shop", 1, variables("1A=x"), "").await;
    assert!(matches!(&refused, Err(Error::Invalid(invalid)) if invalid.field == "variables"), "{refused:?}");
    let overview = harness.platform.apps().overview(&ada, "shop").await.expect("an overview");
    assert_eq!(overview.releases.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_says_what_would_change_and_writes_nothing() {
    let (harness, ada) = with_shop().await;
    let change = SettingsForm { replicas: Some(2), ..variables("A=1") };
    let review = harness.platform.settings().review(&ada, "shop", 1, change).await.expect("reviewed");
    let words: Vec<_> = review.differences.iter().map(domain::Difference::in_short).collect();
    assert_eq!((review.base, review.next, words.join(", ").as_str()), (1, 2, "replicas 1 → 2, A added"));
    assert_eq!(review.differences[1].after, Side::Shown("1".to_owned()));
    let overview = harness.platform.apps().overview(&ada, "shop").await.expect("an overview");
    assert_eq!(overview.releases.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_releases_are_compared_and_values_are_masked_for_a_viewer() {
    let (harness, ada) = with_shop().await;
    let form = DeployForm { tag: "1.1".to_owned(), settings: variables("TOKEN=hidden"), ..Default::default() };
    let second = harness.platform.deploys().start(&ada, "shop", form).await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    let victor = colleague(&harness, &ada, "victor@example.com", Role::Viewer).await;
    let releases = harness.platform.releases();
    let hers = releases.compare(&ada, "shop", 1, 2).await.expect("compared");
    let words: Vec<_> = hers.differences.iter().map(domain::Difference::in_short).collect();
    assert_eq!(words, ["tag 1.0 → 1.1", "digest changed", "TOKEN added"]);
    assert_eq!(hers.differences[2].after, Side::Shown("hidden".to_owned()));
    assert_eq!(hers.numbers, [2, 1]);
    let his = releases.compare(&victor, "shop", 1, 2).await.expect("may see");
    assert_eq!(his.differences[2].after, Side::Masked);
    assert!(!format!("{his:?}").contains("hidden"));
    let missing = releases.compare(&ada, "shop", 1, 9).await;
    assert!(matches!(missing, Err(Error::NotFound { kind: "release", .. })), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_by_those_who_may_and_found_by_those_who_belong_there() {
    let (harness, ada) = with_shop().await;
    let victor = colleague(&harness, &ada, "victor@example.com", Role::Viewer).await;
    let mallory = harness.person("mallory@example.com").await;
    let settings = harness.platform.settings();
    let found = settings.find(&victor, "shop").await.expect("may see");
    assert_eq!(found.typed.variables, None);
    for refused in [
        settings.apply(&victor, "shop", 1, memory(512), "").await.map(|_| ()),
        settings.review(&victor, "shop", 1, memory(512)).await.map(|_| ()),
    ] {
        let Err(Error::Forbidden(refusal)) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal.action, Action::ChangeSettings);
    }
    for refused in [
        settings.apply(&mallory, "shop", 1, memory(512), "").await.map(|_| ()),
        settings.review(&mallory, "shop", 1, memory(512)).await.map(|_| ()),
        settings.find(&mallory, "shop").await.map(|_| ()),
        harness.platform.releases().compare(&mallory, "shop", 1, 1).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    }
}

/// Every value that has ever gone wrong somewhere, from what a page sends to what the process finds.
#[tokio::test(flavor = "multi_thread")]
async fn every_awkward_value_arrives_byte_for_byte() {
    let (harness, ada) = with_shop().await;
    let text = include_str!("../../../domain/tests/awkward-values.json");
    let values: Vec<serde_json::Value> = serde_json::from_str(text).expect("JSON");
    let value = |value: &serde_json::Value| match (value.as_str(), value["repeat"].as_str(), value["times"].as_u64()) {
        (Some(text), ..) => text.to_owned(),
        (None, Some(text), Some(times)) => text.repeat(usize::try_from(times).expect("a count")),
        _ => panic!("{value} is no value"),
    };
    let corpus: BTreeMap<_, _> =
        values.iter().enumerate().map(|(number, it)| (format!("SAMPLE_{number}"), value(it))).collect();
    assert!(corpus.len() >= 200, "{}", corpus.len());
    let text = Variables::try_from(corpus.clone()).expect("valid").to_env_text();
    // As a browser sends a field of several lines.
    let typed = TypedSettings { variables: Some(text.replace('\n', "\r\n")), ..Default::default() };
    let change = typed.try_into().expect("readable");
    let deploy = harness.platform.settings().apply(&ada, "shop", 1, change, "").await.expect("begun");
    harness.switched(&ada, "shop", &deploy).await;
    for (name, value) in &corpus {
        let (status, body) = harness.visit("shop", &format!("/env?name={name}")).await;
        assert_eq!((status, &body), (200, value), "{name}");
    }
    let page = harness.platform.settings().find(&ada, "shop").await.expect("found").typed.variables.expect("shown");
    let read = Variables::from_env_text(&page).expect("readable");
    assert_eq!(BTreeMap::from(read), corpus, "and back on the page");
}
