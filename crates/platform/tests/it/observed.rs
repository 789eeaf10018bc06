use crate::harness::{Harness, short_deadlines};
use domain::{Actor, Change};
use platform::Deadlines;
use std::time::Duration;

/// A platform with an app that runs, whose controller looks as often as the test says.
async fn with_shop(idle_look: Duration) -> (Harness, Actor) {
    let harness = Harness::with(Deadlines { idle_look, ..short_deadlines() }).await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    (harness, ada)
}

async fn sentence(harness: &Harness, ada: &Actor) -> String {
    harness.platform.apps().overview(ada, "shop").await.expect("an overview").card.state.sentence
}

/// Each page asked the engine once for every release, so that a hundred open pages were two thousand questions.
#[tokio::test(flavor = "multi_thread")]
async fn pages_show_what_the_controller_saw_and_do_not_ask_the_engine_regression() {
    let (harness, ada) = with_shop(Duration::from_mins(1)).await;
    harness.eventually("it was seen", async || sentence(&harness, &ada).await == "r1 serves with 1 replica.").await;
    harness.memory.lose_engine(true);
    assert_eq!(sentence(&harness, &ada).await, "r1 serves with 1 replica.");
}

/// Nobody pressed anything, so only the controller can tell.
#[tokio::test(flavor = "multi_thread")]
async fn pages_hear_of_a_replica_that_crashes_long_after_its_deploy() {
    let (harness, ada) = with_shop(Duration::from_millis(50)).await;
    let mut changes = harness.platform.live().listen();
    let app = harness.platform.apps().overview(&ada, "shop").await.expect("an overview").card.app.id;
    harness.crash(&ada, "shop", 1).await;
    let heard = async { while changes.recv().await.expect("changes") != Change::App(app) {} };
    tokio::time::timeout(Duration::from_secs(10), heard).await.expect("the page hears of it");
}
