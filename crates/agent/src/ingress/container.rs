//! The ingress's container: it may do nothing but talk on the network and to the sockets in its folder.

use super::{FOLDER, IngressContainer, LISTEN, STOP_PATIENCE};
use crate::labels;
use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount, MountType, PortBinding, RestartPolicy,
    RestartPolicyNameEnum,
};
use std::collections::HashMap;

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
        exposed_ports: Some(vec![port()]),
        labels: Some(marks.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
        stop_timeout: Some(i64::from(STOP_PATIENCE)),
        host_config: Some(host_config(wanted)),
        ..Default::default()
    }
}

fn port() -> String {
    format!("{}/tcp", LISTEN.port())
}

fn host_config(wanted: &IngressContainer) -> HostConfig {
    let (ip, published) = (wanted.publish.ip().to_string(), wanted.publish.port().to_string());
    let binding = PortBinding { host_ip: Some(ip), host_port: Some(published) };
    HostConfig {
        network_mode: Some(wanted.network.clone()),
        port_bindings: Some(HashMap::from([(port(), Some(vec![binding]))])),
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
