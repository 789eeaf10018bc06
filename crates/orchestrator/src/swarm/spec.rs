//! A release as a Swarm service. This is the only place where a service is described; what people type reaches the
//! variables, the command's arguments and the limits, and nothing else.

use super::labels::{self, Labels};
use crate::ReleaseSpec;
use bollard::models::{
    EndpointSpec, EndpointSpecModeEnum, HealthConfig, Limit, NetworkAttachmentConfig, ResourceObject, ServiceSpec,
    ServiceSpecMode, ServiceSpecModeReplicated, TaskSpec, TaskSpecContainerSpec, TaskSpecContainerSpecPrivileges,
    TaskSpecContainerSpecSecrets, TaskSpecLogDriver, TaskSpecPlacement, TaskSpecResources, TaskSpecRestartPolicy,
    TaskSpecRestartPolicyConditionEnum,
};
use domain::{AppId, Delivery, ProjectId, Release, Settings};
use std::collections::HashMap;

/// Nanoseconds between the end of a replica and the start of the next one in its place. Swarm knows no growing delay; two
/// seconds keep a crashing app from taking a core, and it is tried again for ever.
const RESTART_DELAY: i64 = 2_000_000_000;
/// Nanoseconds between SIGTERM and SIGKILL. Requests have been drained by then.
const STOP_GRACE: i64 = 10_000_000_000;
/// Processes and threads of one replica: enough for any server, not for a fork bomb.
const MOST_PROCESSES: i64 = 2048;
/// What the engine would give and no app behind an ingress needs: raw packets on the project's network, device files, and
/// ways to get capabilities back.
const DROPPED: [&str; 6] =
    ["CAP_AUDIT_WRITE", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_SYS_CHROOT"];

/// What the description needs to know besides the release.
pub(super) struct Place<'a> {
    /// The installation's id.
    pub platform: &'a str,
    /// This engine's node, when the image is on no other.
    pub only_node: Option<&'a str>,
    /// The secrets that the replicas read as files.
    pub secrets: Vec<TaskSpecContainerSpecSecrets>,
}

/// The whole service.
pub(super) fn service(spec: &ReleaseSpec, place: &Place<'_>) -> ServiceSpec {
    let labels = labels_of(spec, place.platform);
    ServiceSpec {
        name: Some(service_name(spec.release.app_id, spec.release.number)),
        labels: Some(labels.clone()),
        mode: Some(ServiceSpecMode {
            replicated: Some(ServiceSpecModeReplicated { replicas: Some(i64::from(spec.replicas)) }),
            ..Default::default()
        }),
        endpoint_spec: Some(EndpointSpec { mode: Some(EndpointSpecModeEnum::DNSRR), ports: None }),
        task_template: Some(TaskSpec {
            container_spec: Some(TaskSpecContainerSpec {
                secrets: Some(place.secrets.clone()).filter(|secrets| !secrets.is_empty()),
                ..container(spec, labels)
            }),
            resources: Some(resources(&spec.release.settings)),
            restart_policy: Some(restart_policy()),
            placement: place.only_node.map(|node| TaskSpecPlacement {
                constraints: Some(vec![format!("node.id=={node}")]),
                ..Default::default()
            }),
            networks: Some(vec![NetworkAttachmentConfig {
                target: Some(network_name(spec.project_id)),
                ..Default::default()
            }]),
            log_driver: Some(log_driver()),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// `app-` with the random end of the app's id (its beginning is the time), and the release's number.
pub(super) fn service_name(app: AppId, number: u32) -> String {
    let id = app.to_string();
    let (_, random) = id.rsplit_once('-').unwrap_or(("", &id));
    format!("app-{random}-r{number}")
}

/// The name of a project's network.
pub(super) fn network_name(project: ProjectId) -> String {
    format!("slipway-{project}")
}

fn labels_of(spec: &ReleaseSpec, platform: &str) -> Labels {
    let release = &spec.release;
    HashMap::from(
        [
            (labels::PLATFORM, platform.to_owned()),
            (labels::PROJECT, spec.project_id.to_string()),
            (labels::APP, release.app_id.to_string()),
            (labels::APP_NAME, spec.app_name.to_string()),
            (labels::RELEASE, release.id.to_string()),
            (labels::NUMBER, release.number.to_string()),
            (labels::PORT, release.settings.port.get().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    )
}

fn container(spec: &ReleaseSpec, labels: Labels) -> TaskSpecContainerSpec {
    let release = &spec.release;
    TaskSpecContainerSpec {
        image: Some(pinned(release, spec.is_local)),
        labels: Some(labels),
        args: Some(release.settings.command.clone()).filter(|command| !command.is_empty()),
        env: Some(environment(spec)),
        // The ingress decides who gets traffic; the image's own health test would let Swarm stop a task behind its back.
        health_check: Some(HealthConfig { test: Some(vec!["NONE".to_owned()]), ..Default::default() }),
        // Reaps orphans and passes signals on, for images whose first process was not written for that.
        init: Some(true),
        capability_drop: Some(DROPPED.map(str::to_owned).to_vec()),
        // Engines before API 1.44 do not know this field and pass over it.
        privileges: Some(TaskSpecContainerSpecPrivileges { no_new_privileges: Some(true), ..Default::default() }),
        stop_grace_period: Some(STOP_GRACE),
        read_only: Some(false),
        ..Default::default()
    }
}

/// By digest, so that a tag that moves changes nothing. An image that only the engine has goes by its id: Swarm does not
/// try to pull those.
fn pinned(release: &Release, is_local: bool) -> String {
    if is_local { release.digest.to_string() } else { format!("{}@{}", release.image.repository, release.digest) }
}

/// The variables, the secrets that were asked for here, and `PORT` unless there is a variable of that name.
fn environment(spec: &ReleaseSpec) -> Vec<String> {
    let settings = &spec.release.settings;
    let secrets = spec.secrets.iter().filter(|secret| secret.delivery == Delivery::Environment);
    let port = settings.port.get().to_string();
    let own_port = settings.variables.iter().all(|(name, _)| name != "PORT").then_some(("PORT", port.as_str()));
    own_port
        .into_iter()
        .chain(settings.variables.iter())
        .chain(secrets.map(|secret| (secret.name.as_str(), secret.value.expose().as_str())))
        .map(|(name, value)| format!("{name}={}", literal(value)))
        .collect()
}

/// Swarm reads the environment as Go templates. Written like this, braces mean themselves; otherwise a value with `{{` in
/// it would read the cluster's own data or stop the release from starting.
fn literal(value: &str) -> String {
    value.replace("{{", r#"{{"{{"}}"#)
}

fn resources(settings: &Settings) -> TaskSpecResources {
    let memory = i64::try_from(settings.memory.bytes()).unwrap_or(i64::MAX);
    TaskSpecResources {
        limits: Some(Limit {
            memory_bytes: Some(memory),
            nano_cpus: Some(i64::from(settings.cpu.get()) * 1_000_000),
            pids: Some(MOST_PROCESSES),
        }),
        reservations: Some(ResourceObject { memory_bytes: Some(memory), ..Default::default() }),
        ..Default::default()
    }
}

fn restart_policy() -> TaskSpecRestartPolicy {
    TaskSpecRestartPolicy {
        condition: Some(TaskSpecRestartPolicyConditionEnum::ANY),
        delay: Some(RESTART_DELAY),
        max_attempts: Some(0),
        ..Default::default()
    }
}

/// Named here, because a node's own default may be a driver whose lines cannot be read back, or one without a bound.
fn log_driver() -> TaskSpecLogDriver {
    let options = [("max-size", "20m"), ("max-file", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    TaskSpecLogDriver { name: Some("json-file".to_owned()), options: Some(HashMap::from(options)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_braces_stays_what_it_is() {
        assert_eq!(literal("plain"), "plain");
        assert_eq!(literal("{{.Node.ID}}"), r#"{{"{{"}}.Node.ID}}"#);
        assert_eq!(literal("{{{"), r#"{{"{{"}}{"#);
    }

    #[test]
    fn apps_made_in_the_same_moment_have_different_service_names() {
        let id = |text: &str| text.parse::<AppId>().expect("an id");
        let one = service_name(id("01938b4c-7f3a-7a10-8000-0123456789ab"), 3);
        assert_eq!(one, "app-0123456789ab-r3");
        assert_ne!(one, service_name(id("01938b4c-7f3a-7a10-8000-0123456789ac"), 3));
    }
}
