use crate::harness::{Harness, short_deadlines};
use domain::{Actor, Deploy, DeployForm, DeployState, Project, SettingsForm};
use platform::Error;

/// A platform with an app whose r1 has the traffic.
async fn with_shop() -> (Harness, Actor, Project) {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert_eq!(ended.state, DeployState::Done, "{ended:#?}");
    (harness, ada, project)
}

/// Deploys what cannot work and sees to it that nobody noticed but the one who reads the reason.
async fn fails(tag: &str) -> Deploy {
    let (harness, ada, _) = with_shop().await;
    let deploy = harness.deploy(&ada, "shop", tag).await.expect("begun");
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert_eq!(ended.state, DeployState::Failed, "{ended:#?}");
    let (status, body) = harness.visit("shop", "/").await;
    assert_eq!(status, 200);
    assert!(body.contains("1.0"), "r1 has the traffic: {body}");
    harness.eventually("r2 is gone", async || !harness.is_known(&ada, "shop", 2).await).await;
    assert_eq!(harness.copies(&ada, "shop", 1).await, 1);
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_never_listens_is_taken_back() {
    let reason = fails("never-listens").await.reason;
    assert!(reason.starts_with("r2 runs, but did not become ready within 4 s: "), "{reason}");
    assert!(reason.ends_with("Its port is set to 8080; is that where it listens?"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_crashes_at_start_is_taken_back_with_its_last_lines() {
    let deploy = fails("crashes").await;
    assert!(deploy.reason.starts_with("r2 does not run: it ended with exit code "), "{}", deploy.reason);
    assert_eq!(deploy.last_lines, ["the last line"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_crashes_after_the_switch_gives_the_traffic_back() {
    let (harness, ada, _) = with_shop().await;
    let deploy = harness.deploy(&ada, "shop", "1.1").await.expect("begun");
    harness.switched(&ada, "shop", &deploy).await;
    harness.crash(&ada, "shop", 2).await;
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert_eq!(ended.state, DeployState::Failed, "{ended:#?}");
    assert!(ended.reason.ends_with("The traffic is back on r1."), "{}", ended.reason);
    harness.eventually("r1 answers", async || harness.visit("shop", "/").await.1.contains("1.0")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_answers_500_to_the_probe_is_taken_back() {
    let (harness, ada, _) = with_shop().await;
    let settings = SettingsForm { probe_path: Some("/healthz".to_owned()), ..SettingsForm::default() };
    let form = DeployForm { tag: "answers-500".to_owned(), settings, ..DeployForm::default() };
    let deploy = harness.platform.deploys().start(&ada, "shop", form).await.expect("begun");
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert_eq!(ended.state, DeployState::Failed, "{ended:#?}");
    assert!(ended.reason.contains("GET /healthz answered 500"), "{}", ended.reason);
    assert!(harness.visit("shop", "/").await.1.contains("1.0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_no_node_has_memory_for_says_so() {
    let (harness, ada, _) = with_shop().await;
    let settings = SettingsForm { memory: Some(1_048_576), ..SettingsForm::default() };
    let form = DeployForm { tag: "1.1".to_owned(), settings, ..DeployForm::default() };
    let deploy = harness.platform.deploys().start(&ada, "shop", form).await.expect("begun");
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert!(ended.reason.starts_with("r2 was not started: no node has "), "{}", ended.reason);
    assert!(ended.reason.ends_with("Lower the limit or add a node."), "{}", ended.reason);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_not_there_is_refused_at_its_field_and_nothing_is_made() {
    let (harness, ada, project) = with_shop().await;
    let refused = harness.create(&ada, &project, "other", "no-such-tag").await.expect_err("no such tag");
    let Error::Invalid(invalid) = &refused else { panic!("{refused:?}") };
    assert_eq!(invalid.field, "image");
    let gone = harness.platform.apps().overview(&ada, "other").await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
    harness.platform.apps().check_name(&ada, "other").await.expect("the name is still free");
}

/// The engine goes away in the middle of a deploy and comes back: the deploy goes on.
#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_goes_away_and_returns_only_delays_a_deploy() {
    let (harness, ada, _) = with_shop().await;
    let deploy = harness.deploy(&ada, "shop", "1.1").await.expect("begun");
    harness.memory.lose_engine(true);
    let waiting = harness
        .until(&ada, "shop", &deploy, |d| {
            d.state.is_over() || d.steps.last().is_some_and(|s| s.detail.contains("does not answer"))
        })
        .await;
    assert!(!waiting.state.is_over(), "{waiting:#?}");
    assert!(harness.visit("shop", "/").await.0 == 200, "traffic needs no engine");
    harness.memory.lose_engine(false);
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert_eq!(ended.state, DeployState::Done, "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_listens_on_another_port_is_told_which_port_was_tried() {
    let reason = fails("other-port").await.reason;
    assert!(reason.ends_with("Its port is set to 8080; is that where it listens?"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_whose_node_has_a_full_disk_says_so() {
    let reason = fails("disk-full").await.reason;
    assert!(reason.contains("no space left"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_needs_more_memory_than_its_limit_says_so() {
    let reason = fails("out-of-memory").await.reason;
    assert!(reason.contains("the kernel ended it because it used more than its 256 MiB of memory"), "{reason}");
}

/// It answers its probes, gets the traffic, and crashes while it is watched. In production that is after 20 s of 60.
#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_crashes_by_itself_while_it_is_watched_is_taken_back() {
    let watch = std::time::Duration::from_secs(5);
    let harness = Harness::with(platform::Deadlines { watch, ..short_deadlines() }).await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.switched(&ada, "shop", &first).await;
    let second = harness.deploy(&ada, "shop", "crashes-after-1500").await.expect("begun");
    let ended = harness.ended(&ada, "shop", &second).await;
    assert_eq!(ended.state, DeployState::Failed, "{ended:#?}");
    assert!(ended.reason.ends_with("The traffic is back on r1."), "{}", ended.reason);
    assert!(harness.visit("shop", "/").await.1.contains("1.0"));
}

/// Refused at the form: nothing is made, and the sentence says which registry and why.
async fn refused_at_the_form(image: &str) -> Error {
    let (harness, ada, project) = with_shop().await;
    let deploy = DeployForm { image: image.to_owned(), tag: "1.0".to_owned(), ..DeployForm::default() };
    let new = domain::NewApp { name: "other".to_owned(), deploy };
    let refused = harness.platform.apps().create(&ada, project.id, new).await.expect_err("must be refused");
    harness.platform.apps().check_name(&ada, "other").await.expect("the name is still free");
    refused
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_does_not_answer_is_named() {
    let refused = refused_at_the_form("unreachable.example.com/team/shop").await;
    let Error::Unavailable(sentence) = refused else { panic!("{refused:?}") };
    assert!(sentence.starts_with("unreachable.example.com does not answer"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_may_not_be_pulled_is_refused_at_its_field() {
    let refused = refused_at_the_form("registry.example.com/private/shop").await;
    let Error::Invalid(invalid) = refused else { panic!("{refused:?}") };
    assert_eq!(invalid.field, "image");
    assert!(invalid.sentence.contains("refuses"), "{}", invalid.sentence);
}
