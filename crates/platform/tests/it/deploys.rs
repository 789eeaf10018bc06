use crate::harness::{Harness, short_deadlines};
use domain::{DeployForm, DeployState, Health, Outcome, SettingsForm, Step};
use platform::{Deadlines, Error};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn a_first_deploy_brings_an_app_to_its_address() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    let ended = harness.ended(&ada, "shop", &deploy).await;
    assert_eq!(ended.state, DeployState::Done, "{ended:#?}");
    let steps: Vec<_> = ended.steps.iter().map(|s| (s.step, s.outcome)).collect();
    let (done, skipped) = (Some(Outcome::Done), Some(Outcome::Skipped));
    let expected = [
        (Step::Resolve, done),
        (Step::Prepare, done),
        (Step::Probe, done),
        (Step::Switch, done),
        (Step::Drain, skipped),
        (Step::Watch, done),
        (Step::Retire, skipped),
    ];
    assert_eq!(steps, expected);
    let (status, body) = harness.visit("shop", "/").await;
    assert_eq!(status, 200);
    assert!(body.contains("1.0"), "{body}");
    let overview = harness.platform.apps().overview(&ada, "shop").await.expect("an overview");
    assert_eq!(overview.card.state.health, Health::Well);
    assert_eq!(overview.card.state.sentence, "r1 serves with 1 replica.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redeploy_needs_only_the_tag_and_loses_no_request() {
    let harness = Arc::new(Harness::start().await);
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &first).await;

    let is_over = Arc::new(AtomicBool::new(false));
    let mut visitors = JoinSet::new();
    visitors.spawn({
        let (harness, is_over) = (harness.clone(), is_over.clone());
        async move {
            let mut statuses = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                statuses.push(harness.visit("shop", "/").await.0);
            }
            statuses
        }
    });
    for tag in ["1.1", "2.0", "1.0"] {
        let deploy = harness.deploy(&ada, "shop", tag).await.expect("begun");
        let ended = harness.ended(&ada, "shop", &deploy).await;
        assert_eq!((ended.state, ended.lost_requests), (DeployState::Done, 0), "{ended:#?}");
        assert!(harness.visit("shop", "/").await.1.contains(tag));
    }
    is_over.store(true, Ordering::Relaxed);
    let statuses = visitors.join_next().await.expect("one visitor").expect("no panic");
    assert!(statuses.len() > 20, "the visitor came {} times only", statuses.len());
    assert_eq!(statuses.iter().filter(|status| **status != 200).count(), 0);
}

/// Watching takes a minute; a newer deploy does not wait for it, and the release before the last one stops all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_that_only_watches_makes_way_for_the_next() {
    let deadlines = Deadlines { watch: Duration::from_mins(10), ..short_deadlines() };
    let harness = Harness::with(deadlines).await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.until(&ada, "shop", &first, |d| d.state == DeployState::Under(Step::Watch)).await;
    let second = harness.deploy(&ada, "shop", "1.1").await.expect("begun while the first is watched");
    harness.until(&ada, "shop", &second, |d| d.state == DeployState::Under(Step::Watch)).await;
    let first = harness.ended(&ada, "shop", &first).await;
    assert_eq!(first.state, DeployState::Done);
    harness.deploy(&ada, "shop", "2.0").await.expect("begun while the second is watched");
    harness.eventually("r1 has stopped", async || harness.copies(&ada, "shop", 1).await == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_deploy_is_refused_while_the_first_is_on_its_way() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "never-listens").await.expect("begun");
    let refused = harness.deploy(&ada, "shop", "1.0").await.expect_err("must be refused");
    let Error::Conflict(sentence) = refused else { panic!("{refused:?}") };
    assert!(sentence.starts_with("r1 is being deployed by ada@example.com since "), "{sentence}");
    assert!(sentence.ends_with("Wait for it or cancel it."), "{sentence}");
    harness.ended(&ada, "shop", &first).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_deploy_leaves_the_old_release_alone() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &first).await;
    let second = harness.deploy(&ada, "shop", "never-listens").await.expect("begun");
    harness.platform.deploys().cancel(&ada, "shop", second.id).await.expect("asked");
    let ended = harness.ended(&ada, "shop", &second).await;
    assert_eq!(ended.state, DeployState::Cancelled);
    assert!(harness.visit("shop", "/").await.1.contains("1.0"));
    harness.eventually("r2 is gone", async || !harness.is_known(&ada, "shop", 2).await).await;
    let again = harness.platform.deploys().cancel(&ada, "shop", second.id).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_brings_image_and_settings_back_together() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &first).await;
    let settings = SettingsForm { replicas: Some(3), ..SettingsForm::default() };
    let form = DeployForm { tag: "1.1".to_owned(), settings, ..DeployForm::default() };
    let second = harness.platform.deploys().start(&ada, "shop", form).await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    assert_eq!(harness.copies(&ada, "shop", 2).await, 3);

    let back = harness.platform.releases().roll_back(&ada, "shop", 1).await.expect("begun");
    let ended = harness.ended(&ada, "shop", &back).await;
    assert_eq!((ended.state, ended.number), (DeployState::Done, 1));
    assert!(harness.visit("shop", "/").await.1.contains("1.0"));
    assert_eq!((harness.copies(&ada, "shop", 1).await, harness.copies(&ada, "shop", 2).await), (1, 0));
    assert!(harness.is_known(&ada, "shop", 2).await, "the definition stays for the way forward");
    let again = harness.platform.releases().roll_back(&ada, "shop", 1).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_app_is_gone_from_its_address_and_from_the_swarm() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    harness.platform.apps().delete(&ada, "shop").await.expect("deleted");
    harness.eventually("the address is free", async || harness.visit("shop", "/").await.0 == 404).await;
    harness.eventually("nothing runs", async || harness.nothing_runs().await).await;
    harness.eventually("the name is free", async || harness.create(&ada, &project, "shop", "1.0").await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_deleted_in_the_middle_of_a_deploy_takes_everything_with_it() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    harness.create(&ada, &project, "shop", "never-listens").await.expect("begun");
    harness.platform.projects().delete(&ada, project.id).await.expect("deleted");
    harness.eventually("nothing runs", async || harness.nothing_runs().await).await;
    let refused = harness.create(&ada, &project, "other", "1.0").await.expect_err("the project is gone");
    assert!(matches!(refused, Error::NotFound { kind: "project", .. }), "{refused:?}");
    let refused = harness.deploy(&ada, "shop", "1.0").await.expect_err("the app is gone");
    assert!(matches!(refused, Error::NotFound { kind: "app", .. }), "{refused:?}");
}
