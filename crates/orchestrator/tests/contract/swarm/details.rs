//! What a release looks like to Docker.

use super::OnSwarm;
use crate::support::{failure, fresh, order, running};
use bollard::models::{ContainerInspectResponse, ServiceSpec};
use bollard::query_parameters::{InspectContainerOptions, ListContainersOptionsBuilder};
use domain::{ReleaseId, ReplicaState, SettingsForm, Variables};
use orchestrator::{Error, Orchestrator, ReleaseSpec};
use std::collections::{BTreeMap, HashMap};

async fn started(world: &OnSwarm, form: SettingsForm) -> (ReleaseSpec, ContainerInspectResponse) {
    let spec = order(world, fresh(), form).await;
    world.swarm.ensure_release(&spec).await.expect("accepted");
    running(world, spec.release.id, 1).await;
    let container = container(world, spec.release.id).await;
    (spec, container)
}

async fn container(world: &OnSwarm, release: ReleaseId) -> ContainerInspectResponse {
    let wanted = HashMap::from([("label", vec![format!("slipway.release={release}")])]);
    let options = ListContainersOptionsBuilder::new().filters(&wanted).build();
    let found = world.docker.list_containers(Some(options)).await.expect("a list");
    let id = found.first().and_then(|container| container.id.clone()).expect("a container with the release's label");
    world.docker.inspect_container(&id, None::<InspectContainerOptions>).await.expect("a container")
}

async fn service(world: &OnSwarm, release: ReleaseId) -> ServiceSpec {
    let wanted = HashMap::from([("label", vec![format!("slipway.release={release}")])]);
    let options = bollard::query_parameters::ListServicesOptionsBuilder::new().filters(&wanted).build();
    let found = world.docker.list_services(Some(options)).await.expect("a list");
    found.into_iter().next().and_then(|service| service.spec).expect("a service with the release's label")
}

pub async fn the_limits_and_the_cage_are_really_there(world: &OnSwarm) {
    let form = SettingsForm { memory: Some(48), cpu: Some(250), ..Default::default() };
    let (spec, container) = started(world, form).await;
    let host = container.host_config.expect("a host configuration");
    assert_eq!((host.memory, host.nano_cpus), (Some(48 << 20), Some(250_000_000)));
    assert!(host.pids_limit.is_some_and(|limit| limit > 0), "{:?}", host.pids_limit);
    assert_eq!((host.init, host.privileged, host.readonly_rootfs), (Some(true), Some(false), Some(false)));
    assert!(host.cap_drop.is_some_and(|dropped| dropped.iter().any(|name| name.contains("NET_RAW"))));
    assert!(host.cap_add.unwrap_or_default().is_empty());
    assert!(host.mounts.unwrap_or_default().is_empty() && host.binds.unwrap_or_default().is_empty());
    assert!(host.port_bindings.unwrap_or_default().is_empty());
    let config = container.config.expect("a configuration");
    assert_eq!(config.healthcheck.and_then(|check| check.test), Some(vec!["NONE".to_owned()]));
    let networks = container.network_settings.and_then(|settings| settings.networks).expect("networks");
    assert_eq!(networks.into_keys().collect::<Vec<_>>(), [format!("slipway-{}", spec.project_id)]);
    let labels = config.labels.expect("labels");
    assert_eq!(labels["slipway.platform"], world.platform);
    assert_eq!(labels["slipway.number"], "1");

    let service = service(world, spec.release.id).await;
    let template = service.task_template.expect("a template");
    let reserved = template.resources.and_then(|resources| resources.reservations);
    assert_eq!(reserved.and_then(|reserved| reserved.memory_bytes), Some(48 << 20));
    let mode = service.endpoint_spec.and_then(|endpoint| endpoint.mode);
    assert_eq!(mode, Some(bollard::models::EndpointSpecModeEnum::DNSRR));
    let image = template.container_spec.and_then(|container| container.image);
    assert_eq!(image.as_deref(), Some(spec.release.digest.as_str()));
}

/// Swarm reads the environment as templates: unescaped, the first of these kept a release from starting, and others told
/// an app about the node it runs on.
pub async fn variables_arrive_byte_for_byte(world: &OnSwarm) {
    let values = [
        ("SAMPLE_TEMPLATE", "{{.No.Such}} {{.Node.ID}} {{{{ }} {{"),
        ("SAMPLE_QUOTES", r#"'a' "b" \n $HOME `id` $(id)"#),
        ("SAMPLE_LINES", "one\ntwo\r\n\tthree=4"),
        ("SAMPLE_LETTERS", "ß → 語 \u{1f6a2}"),
        ("SAMPLE_EMPTY", ""),
    ];
    let mut spec = order(world, fresh(), SettingsForm::default()).await;
    let map = BTreeMap::from(values.map(|(name, value)| (name.to_owned(), value.to_owned())));
    spec.release.settings.variables = Variables::try_from(map).expect("valid");
    world.swarm.ensure_release(&spec).await.expect("accepted");
    running(world, spec.release.id, 1).await;
    let container = container(world, spec.release.id).await;
    let environment = container.config.and_then(|config| config.env).expect("an environment");
    for (name, value) in values {
        assert!(environment.contains(&format!("{name}={value}")), "{name}: {environment:?}");
    }
    assert!(environment.contains(&"PORT=8080".to_owned()), "{environment:?}");
}

/// The same for every value of the corpus, in one container.
pub async fn every_awkward_value_arrives_byte_for_byte(world: &OnSwarm) {
    let mut spec = order(world, fresh(), SettingsForm::default()).await;
    let map: BTreeMap<_, _> = crate::support::awkward_values().collect();
    spec.release.settings.variables = Variables::try_from(map.clone()).expect("valid");
    world.swarm.ensure_release(&spec).await.expect("accepted");
    running(world, spec.release.id, 1).await;
    let container = container(world, spec.release.id).await;
    let environment = container.config.and_then(|config| config.env).expect("an environment");
    for (name, value) in map {
        assert!(environment.contains(&format!("{name}={value}")), "{name}: {value:?}");
    }
}

pub async fn the_command_replaces_the_images_own(world: &OnSwarm) {
    let command = vec!["--{{.Node.ID}}".to_owned(), "; reboot".to_owned()];
    let (_, container) = started(world, SettingsForm { command: Some(command.clone()), ..Default::default() }).await;
    assert_eq!(container.config.and_then(|config| config.cmd), Some(command));
}

pub async fn another_installation_sees_and_changes_nothing(world: &OnSwarm) {
    let (spec, _) = started(world, SettingsForm::default()).await;
    let stranger = OnSwarm::at(&world.socket).await;
    assert_eq!(stranger.swarm.releases().await.expect("an answer"), []);
    assert_eq!(stranger.swarm.networks().await.expect("an answer"), []);
    assert_eq!(stranger.swarm.all_replicas().await.expect("an answer"), []);
    assert_eq!(stranger.swarm.replicas(spec.release.id).await.expect("an answer"), []);
    stranger.swarm.remove_release(spec.release.id).await.expect("nothing to remove");
    stranger.swarm.scale(spec.release.id, 0).await.expect_err("nothing to scale");
    for refused in [
        stranger.swarm.ensure_release(&spec).await,
        stranger.swarm.remove_network(spec.project_id).await,
        stranger.swarm.ensure_network(spec.project_id).await.map(drop),
    ] {
        assert!(matches!(&refused, Err(Error::Refused(why)) if why.contains("did not make it")), "{refused:?}");
    }
    assert_eq!(running(world, spec.release.id, 1).await.len(), 1);
}

pub async fn a_service_that_somebody_else_made_is_not_taken_over(world: &OnSwarm) {
    let (spec, _) = started(world, SettingsForm::default()).await;
    let mut foreign = service(world, spec.release.id).await;
    let name = format!("{}9", foreign.name.expect("a name"));
    foreign.name = Some(name.clone());
    foreign.labels = None;
    let made = world.docker.create_service(foreign, None).await.expect("made by hand");
    let mut next = spec.clone();
    (next.release.id, next.release.number) = (fresh(), 19);
    let answer = world.swarm.ensure_release(&next).await;
    let known = world.swarm.releases().await;
    world.docker.delete_service(&made.id.expect("an id")).await.expect("it is still there");
    assert!(matches!(&answer, Err(Error::Refused(why)) if why.contains(&name)), "{answer:?}");
    assert_eq!(known.expect("an answer").len(), 1);
}

pub async fn an_image_that_no_node_has_is_told_as_that(world: &OnSwarm) {
    let mut spec = order(world, fresh(), SettingsForm::default()).await;
    spec.release.digest = format!("sha256:{}", "ab".repeat(32)).parse().expect("a digest");
    world.swarm.ensure_release(&spec).await.expect("accepted");
    let failed = failure(world, spec.release.id).await;
    assert_eq!((failed.state, failed.exit_code), (ReplicaState::Failed, None));
    let reason = failed.reason.expect("a reason");
    assert!(reason.ends_with("does not have the image, and no registry does"), "{reason}");
}

pub async fn an_existing_swarm_is_left_as_it_is(world: &OnSwarm) {
    let before = world.docker.inspect_swarm().await.expect("a swarm");
    world.swarm.ensure_swarm().await.expect("it is there");
    let after = world.docker.inspect_swarm().await.expect("a swarm");
    assert_eq!((before.id, before.spec), (after.id, after.spec));
}
