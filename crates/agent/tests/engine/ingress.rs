//! The ingress's container: started, left alone, replaced, attached. The sample stands in for the program.

use crate::scene::{Scene, eventually, get, on_engine, sample};
use agent::{IngressContainer, LocalAgent};
use bollard::models::{ContainerInspectResponse, NetworkCreateRequest};
use bollard::query_parameters::{InspectContainerOptions, StopContainerOptions};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// A port on loopback that nobody has just now.
fn free_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it has an address")
}

/// An ingress that shares nothing with others on this engine.
fn stand_in(scene: &Scene, folder: &tempfile::TempDir) -> IngressContainer {
    let folder = folder.path().join("ingress");
    let mut wanted = IngressContainer::new(sample(), folder, free_port(), scene.name.clone());
    wanted.name = format!("slipway-ingress-{}", scene.name);
    wanted.network = format!("slipway-entry-{}", scene.name);
    wanted
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

async fn inspect(scene: &Scene, wanted: &IngressContainer) -> ContainerInspectResponse {
    scene.docker.inspect_container(&wanted.name, None::<InspectContainerOptions>).await.expect("the ingress is there")
}

async fn answer(wanted: &IngressContainer, path: &str) -> String {
    let address = wanted.publish.to_string();
    eventually("the ingress answers", async || get(&address, path).await.ok().filter(|body| !body.is_empty())).await
}

async fn networks(scene: &Scene, wanted: &IngressContainer) -> BTreeSet<String> {
    let settings = inspect(scene, wanted).await.network_settings.and_then(|settings| settings.networks);
    settings.unwrap_or_default().into_keys().collect()
}

/// An attachable overlay, as projects have.
async fn overlay(scene: &Scene, name: &str) -> String {
    let name = format!("{name}-{}", scene.name);
    let request = NetworkCreateRequest {
        name: name.clone(),
        driver: Some("overlay".to_owned()),
        attachable: Some(true),
        labels: Some(scene.labels(&[])),
        ..Default::default()
    };
    scene.docker.create_network(request).await.expect("the engine at SLIPWAY_TEST_ENGINE is a swarm manager");
    name
}

#[tokio::test]
async fn the_ingress_answers_where_it_is_published_and_names_its_visitors_origin() {
    on_engine(|scene| async move {
        let (agent, folder) = (LocalAgent::new(scene.docker.clone()), folder());
        let wanted = stand_in(&scene, &folder);
        let gateway = agent.ensure_ingress(&wanted, &[]).await.expect("the ingress starts");
        let about = answer(&wanted, "/whoami").await;
        assert!(about.contains(&format!(r#""peer":"{gateway}""#)), "{gateway}: {about}");
        agent.remove_ingress(&wanted).await.expect("it can be taken away");
        assert!(get(&wanted.publish.to_string(), "/").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn the_ingress_has_the_servers_user_and_no_powers() {
    on_engine(|scene| async move {
        let (agent, folder) = (LocalAgent::new(scene.docker.clone()), folder());
        let wanted = stand_in(&scene, &folder);
        agent.ensure_ingress(&wanted, &[]).await.expect("the ingress starts");
        let pid = inspect(&scene, &wanted).await.state.and_then(|state| state.pid).expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
        let own = std::fs::read_to_string("/proc/self/status").expect("our status");
        let line = |of: &str, name: &str| of.lines().find(|line| line.starts_with(name)).map(str::to_owned);
        assert_eq!(line(&status, "Uid:"), line(&own, "Uid:"));
        assert_eq!(line(&status, "CapEff:").as_deref(), Some("CapEff:\t0000000000000000"));
        assert_eq!(line(&status, "NoNewPrivs:").as_deref(), Some("NoNewPrivs:\t1"));
        let mounts = std::fs::read_to_string(format!("/proc/{pid}/mounts")).expect("its mounts");
        let at = |place: &str| mounts.lines().find(|line| line.split(' ').nth(1) == Some(place)).map(str::to_owned);
        assert!(at("/").is_some_and(|root| root.contains(" ro,")), "{mounts}");
        assert!(at("/run/slipway").is_some_and(|shared| shared.contains(" rw,")), "{mounts}");
    })
    .await;
}

#[tokio::test]
async fn an_unchanged_ingress_is_left_alone_and_a_stopped_one_is_started() {
    on_engine(|scene| async move {
        let (agent, folder) = (LocalAgent::new(scene.docker.clone()), folder());
        let wanted = stand_in(&scene, &folder);
        agent.ensure_ingress(&wanted, &[]).await.expect("the ingress starts");
        let first = inspect(&scene, &wanted).await;
        agent.ensure_ingress(&wanted, &[]).await.expect("it is left alone");
        let second = inspect(&scene, &wanted).await;
        let started = |of: &ContainerInspectResponse| of.state.as_ref().and_then(|state| state.started_at.clone());
        assert_eq!((&first.id, started(&first)), (&second.id, started(&second)));
        scene.docker.stop_container(&wanted.name, None::<StopContainerOptions>).await.expect("it stops");
        LocalAgent::new(scene.docker.clone()).ensure_ingress(&wanted, &[]).await.expect("it starts again");
        let third = inspect(&scene, &wanted).await;
        assert_eq!(third.id, first.id);
        assert_eq!(third.state.and_then(|state| state.running), Some(true));
    })
    .await;
}

#[tokio::test]
async fn a_changed_ingress_takes_the_place_of_the_old_one() {
    on_engine(|scene| async move {
        let (agent, folder) = (LocalAgent::new(scene.docker.clone()), folder());
        let mut wanted = stand_in(&scene, &folder);
        let network = overlay(&scene, "project").await;
        agent.ensure_ingress(&wanted, std::slice::from_ref(&network)).await.expect("the ingress starts");
        let first = inspect(&scene, &wanted).await;
        wanted.publish = free_port();
        agent.ensure_ingress(&wanted, std::slice::from_ref(&network)).await.expect("it is replaced");
        answer(&wanted, "/healthz").await;
        assert_ne!(inspect(&scene, &wanted).await.id, first.id);
        assert_eq!(networks(&scene, &wanted).await, BTreeSet::from([network, wanted.network.clone()]));
        let old = scene.docker.inspect_container(&first.id.unwrap_or_default(), None::<InspectContainerOptions>).await;
        assert!(old.is_err(), "the old one is gone");
    })
    .await;
}

#[tokio::test]
async fn the_ingress_joins_and_leaves_networks_while_it_runs() {
    on_engine(|scene| async move {
        let (agent, folder) = (LocalAgent::new(scene.docker.clone()), folder());
        let wanted = stand_in(&scene, &folder);
        let (one, two) = (overlay(&scene, "one").await, overlay(&scene, "two").await);
        agent.ensure_ingress(&wanted, std::slice::from_ref(&one)).await.expect("the ingress starts");
        answer(&wanted, "/healthz").await;
        let before = inspect(&scene, &wanted).await.state.and_then(|state| state.pid);
        agent.ensure_ingress(&wanted, &[one.clone(), two.clone()]).await.expect("it joins");
        let entry = wanted.network.clone();
        assert_eq!(networks(&scene, &wanted).await, BTreeSet::from([one.clone(), two.clone(), entry.clone()]));
        agent.ensure_ingress(&wanted, std::slice::from_ref(&two)).await.expect("it leaves");
        assert_eq!(networks(&scene, &wanted).await, BTreeSet::from([two, entry]));
        scene.docker.remove_network(&one).await.expect("nothing holds the network that it left");
        let after = inspect(&scene, &wanted).await.state.and_then(|state| state.pid);
        assert_eq!(before, after, "it ran all the time");
    })
    .await;
}

#[tokio::test]
async fn a_network_that_is_not_there_is_refused_and_the_ingress_goes_on() {
    on_engine(|scene| async move {
        let (agent, folder) = (LocalAgent::new(scene.docker.clone()), folder());
        let wanted = stand_in(&scene, &folder);
        agent.ensure_ingress(&wanted, &[]).await.expect("the ingress starts");
        let error = agent.ensure_ingress(&wanted, &["no-such-network".to_owned()]).await.expect_err("no such network");
        assert!(error.to_string().contains("no-such-network"), "{error}");
        assert_eq!(answer(&wanted, "/healthz").await, "ok\n");
    })
    .await;
}

#[tokio::test]
async fn a_taken_port_is_named_and_the_old_ingress_comes_back() {
    on_engine(|scene| async move {
        let (agent, folder) = (LocalAgent::new(scene.docker.clone()), folder());
        let wanted = stand_in(&scene, &folder);
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let mut elsewhere = wanted.clone();
        elsewhere.publish = taken.local_addr().expect("it has an address");
        let sentence = format!("{} is in use by another program; choose another with --listen.", elsewhere.publish);
        let error = agent.ensure_ingress(&elsewhere, &[]).await.expect_err("the port is taken");
        assert_eq!(error.to_string(), sentence);
        assert!(scene.docker.inspect_container(&wanted.name, None::<InspectContainerOptions>).await.is_err());
        agent.ensure_ingress(&wanted, &[]).await.expect("the ingress starts");
        let error = agent.ensure_ingress(&elsewhere, &[]).await.expect_err("the port is still taken");
        assert_eq!(error.to_string(), sentence);
        assert_eq!(answer(&wanted, "/healthz").await, "ok\n");
    })
    .await;
}

#[tokio::test]
async fn the_ingress_of_another_installation_is_not_touched() {
    on_engine(|scene| async move {
        let (agent, folder) = (LocalAgent::new(scene.docker.clone()), folder());
        let wanted = stand_in(&scene, &folder);
        agent.ensure_ingress(&wanted, &[]).await.expect("the ingress starts");
        let before = inspect(&scene, &wanted).await.id;
        let foreign = IngressContainer { installation: format!("{}-other", scene.name), ..wanted.clone() };
        let error = agent.ensure_ingress(&foreign, &[]).await.expect_err("it belongs to another");
        assert!(error.to_string().contains("belongs to another installation"), "{error}");
        assert_eq!(inspect(&scene, &wanted).await.id, before);
    })
    .await;
}
