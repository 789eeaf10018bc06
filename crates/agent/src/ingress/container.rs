//! The ingress's container: it may do nothing but talk on the network and to the sockets in its folder.

use super::{FOLDER, IngressContainer, LISTEN, LISTEN_HTTPS, STOP_PATIENCE};
use crate::labels;
use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount, MountType, PortBinding, RestartPolicy,
    RestartPolicyNameEnum,
};
use std::collections::HashMap;
use std::net::SocketAddr;

/// Counts up when something below changes, so that running containers are replaced.
pub const SHAPE: u32 = 1;

/// What the ingress may use at most, in bytes. It needs a tenth of this; the rest is for a flood of connections.
const MEMORY: i64 = 512 * 1024 * 1024;
const PROCESSES: i64 = 512;

/// The container's definition.
pub fn body(wanted: &IngressContainer, image: &str, config: &str) -> ContainerCreateBody {
    let marks = [(labels::PLATFORM, wanted.installation.as_str()), (labels::CONFIG, config)];
    let (user, group) = wanted.user;
    ContainerCreateBody {
        image: Some(image.to_owned()),
        cmd: Some(wanted.arguments.clone()),
        user: Some(format!("{user}:{group}")),
        exposed_ports: Some(ports(wanted).map(|(inside, _)| inside).collect()),
        labels: Some(marks.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
        stop_timeout: Some(i64::from(STOP_PATIENCE)),
        host_config: Some(host_config(wanted)),
        ..Default::default()
    }
}

/// Ports inside the container, each with where it is reached.
fn ports(wanted: &IngressContainer) -> impl Iterator<Item = (String, SocketAddr)> {
    let https = wanted.publish_https.map(|publish| (LISTEN_HTTPS, publish));
    let both = [Some((LISTEN, wanted.publish)), https].into_iter().flatten();
    both.map(|(inside, publish)| (format!("{}/tcp", inside.port()), publish))
}

fn host_config(wanted: &IngressContainer) -> HostConfig {
    let binding =
        |at: SocketAddr| PortBinding { host_ip: Some(at.ip().to_string()), host_port: Some(at.port().to_string()) };
    let bindings = ports(wanted).map(|(inside, publish)| (inside, Some(vec![binding(publish)]))).collect();
    HostConfig {
        network_mode: Some(wanted.network.clone()),
        port_bindings: Some(bindings),
        restart_policy: Some(RestartPolicy { name: Some(RestartPolicyNameEnum::ALWAYS), maximum_retry_count: None }),
        mounts: Some(vec![shared_folder(wanted)]),
        tmpfs: Some(HashMap::from([("/tmp".to_owned(), "size=16m,noexec,nosuid,nodev".to_owned())])),
        readonly_rootfs: Some(true),
        cap_drop: Some(vec!["ALL".to_owned()]),
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        memory: Some(MEMORY),
        pids_limit: Some(PROCESSES),
        log_config: Some(rotated_logs()),
        ..Default::default()
    }
}

fn shared_folder(wanted: &IngressContainer) -> Mount {
    Mount {
        typ: Some(MountType::BIND),
        source: Some(wanted.folder.to_string_lossy().into_owned()),
        target: Some(FOLDER.to_owned()),
        ..Default::default()
    }
}

fn rotated_logs() -> HostConfigLogConfig {
    let limits = [("max-size", "10m"), ("max-file", "3")];
    let config = limits.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    HostConfigLogConfig { typ: Some("json-file".to_owned()), config: Some(config) }
}
