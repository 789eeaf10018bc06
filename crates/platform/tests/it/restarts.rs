//! The server may end at any instruction. What it had begun goes on, or is undone, when it starts again.

use crate::harness::{Harness, short_deadlines};
use domain::{DeployState, Step};
use orchestrator::Orchestrator;
use platform::Deadlines;
use std::time::Duration;

/// Kills the controller as soon as a deploy is seen in `step` and starts another one.
async fn killed_in(step: Step, tag: &str) -> (Harness, domain::Actor, domain::Deploy) {
    let deadlines = Deadlines { watch: Duration::from_secs(1), ..short_deadlines() };
    let mut harness = Harness::with(deadlines).await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.switched(&ada, "shop", &first).await;
    let second = harness.deploy(&ada, "shop", tag).await.expect("begun");
    harness
        .until(&ada, "shop", &second, |d| {
            d.state.is_over() || d.state == DeployState::Undoing || reached(d.state, step)
        })
        .await;
    harness.kill_controller().await;
    assert_eq!(harness.visit("shop", "/").await.0, 200, "traffic needs no server");
    harness.start_controller();
    let ended = harness.ended(&ada, "shop", &second).await;
    (harness, ada, ended)
}

fn reached(state: DeployState, step: Step) -> bool {
    matches!(state, DeployState::Under(now) if now >= step)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_goes_on_after_the_end_of_the_server_at_any_step() {
    for step in [Step::Prepare, Step::Probe, Step::Switch, Step::Drain, Step::Watch, Step::Retire] {
        let (harness, ada, ended) = killed_in(step, "1.1").await;
        assert_eq!(ended.state, DeployState::Done, "{step:?}: {ended:#?}");
        assert!(harness.visit("shop", "/").await.1.contains("1.1"), "{step:?}");
        harness.eventually("r1 has stopped", async || harness.copies(&ada, "shop", 1).await == 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_that_fails_is_undone_after_the_end_of_the_server() {
    let (harness, ada, ended) = killed_in(Step::Probe, "never-listens").await;
    assert_eq!(ended.state, DeployState::Failed, "{ended:#?}");
    assert!(harness.visit("shop", "/").await.1.contains("1.0"));
    harness.eventually("r2 is gone", async || !harness.is_known(&ada, "shop", 2).await).await;
}

/// Invariant I6.
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_the_server_is_no_outage_of_traffic() {
    let mut harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    harness.kill_controller().await;
    for _ in 0..100 {
        assert_eq!(harness.visit("shop", "/").await.0, 200);
    }
}

/// Somebody removes a release's service by hand.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_removed_behind_the_platforms_back_comes_back() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    harness.memory.remove_release(deploy.release_id).await.expect("removed");
    harness.eventually("the app answers", async || harness.visit("shop", "/").await.0 == 200).await;
}
