//! The contract in memory, and what that one can do besides: answer, misbehave, lose things.

use crate::suite;
use crate::support::{World, failure, fresh, image, order, replicas, running, variables};
use domain::{ImageRef, LogStream, NodeView, Replica, ReplicaState, SettingsForm, Timestamp};
use orchestrator::memory::{Memory, Now};
use orchestrator::{Credentials, Error, Orchestrator, ReleaseSpec};
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

pub struct InMemory {
    memory: Memory,
    image: ImageRef,
}

impl World for InMemory {
    fn orchestrator(&self) -> &dyn Orchestrator {
        &self.memory
    }

    fn image(&self) -> ImageRef {
        self.image.clone()
    }
}

impl InMemory {
    pub fn begin() -> Ready<Self> {
        ready(Self::with_image("slipway-sample:1.0"))
    }

    fn with_image(name: &str) -> Self {
        let node = NodeView { name: "demo".into(), is_available: true, memory: 1 << 30, cpu_millis: 4000 };
        let memory = Memory::with(clock(), Duration::from_millis(5), Duration::from_millis(20), vec![node]);
        Self { memory, image: image(name) }
    }

    /// Nothing outlives it.
    pub fn clean(self) -> Ready<()> {
        drop(self);
        ready(())
    }
}

/// A clock that goes on by a millisecond with every look.
fn clock() -> Now {
    let now = AtomicI64::new(1_000_000_000_000);
    Arc::new(move || Timestamp(now.fetch_add(1, Relaxed)))
}

crate::contract!(InMemory);

async fn started(world: &InMemory, form: SettingsForm) -> ReleaseSpec {
    let spec = order(world, fresh(), form).await;
    world.memory.ensure_release(&spec).await.expect("accepted");
    spec
}

async fn get(replica: &Replica, path: &str) -> reqwest::Result<(u16, String)> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build()?;
    let answer = client.get(format!("http://{}{path}", replica.address.expect("an address"))).send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

/// Waits until a replica answers, which is a moment after it runs.
async fn answer(replica: &Replica, path: &str) -> (u16, String) {
    crate::support::eventually("an answer", async || get(replica, path).await.map_err(|error| format!("{error:?}")))
        .await
}

#[tokio::test]
async fn a_replica_answers_with_its_version_and_what_it_writes_can_be_read() {
    let world = InMemory::begin().await;
    let spec = started(&world, SettingsForm::default()).await;
    let replica = running(&world, spec.release.id, 1).await.remove(0);
    let (status, page) = answer(&replica, "/").await;
    assert_eq!(status, 200);
    assert!(page.contains("<h1>shop 1.0</h1>"), "{page}");
    assert_eq!(answer(&replica, "/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(answer(&replica, "/echo/a?b=c").await, (200, "GET /echo/a?b=c\n".to_owned()));
    assert_eq!(answer(&replica, "/nowhere").await.0, 404);
    let (lines, _) = world.memory.logs().follow(100, |release| release == spec.release.id);
    let texts: Vec<_> = lines.iter().map(|written| written.line.text.as_str()).collect();
    assert_eq!(texts[..3], ["shop 1.0 starts", "listens on port 8080", "GET / 200"]);
    assert!(lines.iter().all(|written| written.line.slot == 1 && written.line.release == 1));
}

#[tokio::test]
async fn a_tag_decides_how_a_replica_misbehaves() {
    let world = InMemory::with_image("slipway-sample:answers-500");
    let spec = started(&world, SettingsForm::default()).await;
    let replica = running(&world, spec.release.id, 1).await.remove(0);
    assert_eq!(answer(&replica, "/").await, (500, "asked to fail\n".to_owned()));

    let world = InMemory::with_image("slipway-sample:crashes");
    let spec = started(&world, SettingsForm::default()).await;
    assert_eq!(failure(&world, spec.release.id).await.exit_code, Some(1));

    let world = InMemory::with_image("slipway-sample:out-of-memory");
    let spec = started(&world, SettingsForm::default()).await;
    assert!(failure(&world, spec.release.id).await.out_of_memory);

    let world = InMemory::with_image("slipway-sample:disk-full");
    let spec = started(&world, SettingsForm::default()).await;
    let reason = failure(&world, spec.release.id).await.reason.expect("a reason");
    assert_eq!(reason, "the disk of node demo is full (no space left on device)");
}

#[tokio::test]
async fn a_replica_that_never_listens_has_an_address_where_nothing_is() {
    let world = InMemory::with_image("slipway-sample:never-listens");
    let spec = started(&world, SettingsForm::default()).await;
    let replica = running(&world, spec.release.id, 1).await.remove(0);
    let refused = get(&replica, "/").await.expect_err("nothing listens");
    assert!(refused.is_connect(), "{refused:?}");
}

#[tokio::test]
async fn a_replica_that_crashes_later_answers_until_then_and_writes_why() {
    let world = InMemory::begin().await;
    let spec = started(&world, variables("CRASH_AFTER_MS=300")).await;
    let failed = failure(&world, spec.release.id).await;
    assert_eq!(failed.exit_code, Some(1));
    let (lines, _) = world.memory.logs().follow(100, |release| release == spec.release.id);
    let complaint = lines.iter().find(|written| written.line.stream == LogStream::Stderr).expect("a complaint");
    assert_eq!(complaint.line.text, "crashes, as it was asked to");
}

#[tokio::test]
async fn a_killed_replica_is_cut_off_and_another_takes_its_place() {
    let world = InMemory::begin().await;
    let spec = started(&world, SettingsForm::default()).await;
    let first = running(&world, spec.release.id, 1).await.remove(0);
    answer(&first, "/").await;
    assert!(world.memory.kill(&first.task));
    let failed = failure(&world, spec.release.id).await;
    assert_eq!((failed.task, failed.exit_code), (first.task.clone(), Some(137)));
    get(&first, "/").await.expect_err("it is gone");
    let second = running(&world, spec.release.id, 1).await.remove(0);
    assert_ne!(second.task, first.task);
    assert!(!world.memory.kill(&first.task));
}

#[tokio::test]
async fn what_is_removed_stops_answering() {
    let world = InMemory::begin().await;
    let spec = started(&world, SettingsForm::default()).await;
    let replica = running(&world, spec.release.id, 1).await.remove(0);
    answer(&replica, "/").await;
    world.memory.remove_release(spec.release.id).await.expect("removed");
    crate::support::eventually("silence", async || match get(&replica, "/").await {
        Ok(answer) => Err(format!("{answer:?}")),
        Err(_) => Ok(()),
    })
    .await;
}

#[tokio::test]
async fn a_lost_engine_fails_every_call_and_leaves_the_replicas_alone() {
    let world = InMemory::begin().await;
    let spec = started(&world, SettingsForm::default()).await;
    let replica = running(&world, spec.release.id, 1).await.remove(0);
    answer(&replica, "/").await;
    world.memory.lose_engine(true);
    let lost = |error: Error| matches!(error, Error::Unreachable(_));
    assert!(world.memory.ensure_release(&spec).await.is_err_and(lost));
    assert!(world.memory.replicas(spec.release.id).await.is_err_and(lost));
    assert!(world.memory.nodes().await.is_err_and(lost));
    assert_eq!(answer(&replica, "/healthz").await.0, 200);
    world.memory.lose_engine(false);
    assert_eq!(running(&world, spec.release.id, 1).await, [replica]);
}

#[tokio::test]
async fn full_disks_keep_replicas_from_starting_until_there_is_room() {
    let world = InMemory::begin().await;
    world.memory.fill_disks(true);
    let spec = started(&world, SettingsForm::default()).await;
    assert!(failure(&world, spec.release.id).await.reason.expect("a reason").contains("is full"));
    world.memory.fill_disks(false);
    running(&world, spec.release.id, 1).await;
}

#[tokio::test]
async fn memory_that_another_release_holds_is_not_free() {
    let world = InMemory::begin().await;
    let first = started(&world, SettingsForm { memory: Some(700), ..Default::default() }).await;
    running(&world, first.release.id, 1).await;
    let second = started(&world, SettingsForm { memory: Some(700), ..Default::default() }).await;
    let reason = replicas(&world, second.release.id, "a reason", |all| all.first()?.reason.clone()).await;
    assert_eq!(reason, "no node has 700 MiB of memory free");
    world.memory.remove_release(first.release.id).await.expect("removed");
    let replica = running(&world, second.release.id, 1).await.remove(0);
    assert_eq!((replica.reason, replica.state), (None, ReplicaState::Running));
}

#[tokio::test]
async fn registries_fail_by_their_names() {
    let world = InMemory::begin().await;
    let resolve = async |text: &str, credentials: Option<&Credentials>| {
        world.memory.resolve(&image(text), credentials).await.map(|_| ()).map_err(|error| error.to_string())
    };
    let password = |text: &str| Credentials { username: "ada".into(), password: domain::Secret::new(text.into()) };
    let told = |sentence: &str| Err(sentence.to_owned());
    let silent = "unreachable.example.com does not answer (connection refused).";
    assert_eq!(resolve("unreachable.example.com/shop:1.0", None).await, told(silent));
    assert_eq!(resolve("example.com/missing:1.0", None).await, told("example.com has no image missing."));
    let refused = "example.com refuses: wrong credentials for private/shop.";
    assert_eq!(resolve("example.com/private/shop:1.0", None).await, told(refused));
    assert_eq!(resolve("example.com/private/shop:1.0", Some(&password("wrong"))).await, told(refused));
    assert_eq!(resolve("example.com/private/shop:1.0", Some(&password("right"))).await, Ok(()));
    world.memory.lose_registries(true);
    assert!(resolve("example.com/shop:1.0", None).await.is_err());
    assert_eq!(resolve("slipway-sample:1.0", None).await, Ok(()));
}
