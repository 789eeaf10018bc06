//! What replicas use.

use crate::scene::{container, eventually, on_engine, sample};
use agent::image::ensure_packed;
use agent::{ContainerStats, LocalAgent, labels};

#[tokio::test]
async fn stats_show_what_a_replica_takes_and_keeps() {
    on_engine(|scene| async move {
        ensure_packed(&scene.docker, &sample(), &[scene.recipe()]).await.expect("the sample can be packed");
        let release = format!("00000000-0000-7000-8000-{:012x}", std::process::id());
        let mut body = container(&scene.recipe().reference, &[]);
        let own =
            [(labels::PLATFORM, scene.name.as_str()), (labels::RELEASE, &release), (labels::TASK_NAME, "a-r1.4.b")];
        body.labels = Some(scene.labels(&own));
        body.host_config.get_or_insert_default().memory = Some(128 * 1024 * 1024);
        let id = scene.start(body).await;
        scene.ask(&id, "/healthz").await;
        let agent = LocalAgent::new(scene.docker.clone());
        let look = async || agent.stats(&scene.name).await.expect("the engine answers").into_iter().next();
        let before: ContainerStats = eventually("there are stats", look).await;
        assert_eq!((&before.container, before.release_id.to_string(), before.slot), (&id, release, 4));
        assert_eq!(before.memory_limit, 128 * 1024 * 1024);
        let eaten = 40 * 1024 * 1024;
        assert!(before.memory < eaten, "{before:?}");
        scene.ask(&id, "/memory?mib=40").await;
        let grown = async || look().await.filter(|now| now.memory >= eaten);
        let after = eventually("the memory shows", grown).await;
        assert!(after.cpu_nanos > before.cpu_nanos, "{before:?} {after:?}");
        assert!(after.received > before.received && after.sent > before.sent, "{before:?} {after:?}");
        assert!(agent.stats("another installation").await.expect("the engine answers").is_empty());
    })
    .await;
}
