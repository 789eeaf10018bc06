//! What the tests have in common: fresh ids, releases to order, and waiting.

use domain::{ImageRef, ProjectId, Release, ReleaseId, Replica, ReplicaState, SettingsForm, Timestamp};
use orchestrator::{Orchestrator, ReleaseSpec};
use std::hash::{BuildHasher, RandomState};
use std::str::FromStr;
use std::time::Duration;

/// An orchestrator to try, with an image that it knows.
pub trait World {
    /// The one to try.
    fn orchestrator(&self) -> &dyn Orchestrator;

    /// The sample app. It is known as `IMAGE`.
    fn image(&self) -> ImageRef {
        image(IMAGE)
    }
}

/// An image that works.
pub const IMAGE: &str = "slipway-sample:1.0";
/// How long something may take that should happen soon. Only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(20);

/// An id that nobody has used.
pub fn fresh<T: FromStr<Err: std::fmt::Debug>>() -> T {
    let random = || RandomState::new().hash_one(0);
    let (a, b) = (format!("{:016x}", random()), format!("{:016x}", random()));
    let text = format!("{}-{}-7{}-8{}-{}", &a[..8], &a[8..12], &a[13..16], &b[1..4], &b[4..16]);
    text.parse().expect("an id")
}

pub fn image(text: &str) -> ImageRef {
    let (repository, tag) = text.rsplit_once(':').expect("a tag");
    ImageRef { repository: repository.parse().expect("a repository"), tag: tag.parse().expect("a tag") }
}

/// A release that has been ordered, to be changed by the test before it is used.
pub async fn order(world: &impl World, project: ProjectId, form: SettingsForm) -> ReleaseSpec {
    let image = world.image();
    let resolved = world.orchestrator().resolve(&image, None).await.expect("the image is there");
    let form = SettingsForm { memory: form.memory.or(Some(64)), ..form };
    let settings = form.over(None).expect("valid settings");
    ReleaseSpec {
        project_id: project,
        app_name: "shop".parse().expect("a name"),
        replicas: settings.replicas.get(),
        release: Release {
            id: fresh(),
            app_id: fresh(),
            number: 1,
            image,
            digest: resolved.digest,
            settings,
            made_by: "ada@example.com".to_owned(),
            made_at: Timestamp(0),
            reason: String::new(),
        },
        is_local: resolved.is_local,
        credentials: None,
        secrets: Vec::new(),
    }
}

/// A form with variables only.
pub fn variables(text: &str) -> SettingsForm {
    SettingsForm { variables: Some(text.to_owned()), ..Default::default() }
}

/// A variable for each value that has ever gone wrong somewhere, and many that might.
pub fn awkward_values() -> impl Iterator<Item = (String, String)> {
    let text = include_str!("../../../domain/tests/awkward-values.json");
    let values: Vec<serde_json::Value> = serde_json::from_str(text).expect("JSON");
    values.into_iter().enumerate().map(|(number, value)| {
        let value = match (value.as_str(), value["repeat"].as_str(), value["times"].as_u64()) {
            (Some(text), ..) => text.to_owned(),
            (None, Some(text), Some(times)) => text.repeat(usize::try_from(times).expect("a count")),
            _ => panic!("{value} is no value"),
        };
        (format!("SAMPLE_{number}"), value)
    })
}

/// Tries until it is so. The attempt says what it saw instead, for the message of a test that fails.
pub async fn eventually<T>(what: &str, mut attempt: impl AsyncFnMut() -> Result<T, String>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        match attempt().await {
            Ok(value) => return value,
            Err(seen) if tokio::time::Instant::now() > deadline => panic!("{what} never came; last seen: {seen}"),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Waits until exactly so many replicas of a release run.
pub async fn running(world: &impl World, release: ReleaseId, count: usize) -> Vec<Replica> {
    replicas(world, release, &format!("{count} running replicas"), |all| {
        let running: Vec<_> = all.iter().filter(|replica| replica.is_running()).cloned().collect();
        (running.len() == count).then_some(running)
    })
    .await
}

/// Waits until the replicas of a release are as wanted.
pub async fn replicas<T>(
    world: &impl World,
    release: ReleaseId,
    what: &str,
    wanted: impl Fn(&[Replica]) -> Option<T>,
) -> T {
    eventually(what, async || {
        let seen = world.orchestrator().replicas(release).await.map_err(|error| error.to_string())?;
        wanted(&seen).ok_or_else(|| format!("{seen:#?}"))
    })
    .await
}

/// Waits for a replica that failed.
pub async fn failure(world: &impl World, release: ReleaseId) -> Replica {
    replicas(world, release, "a failed replica", |all| {
        all.iter().find(|replica| replica.state == ReplicaState::Failed).cloned()
    })
    .await
}
