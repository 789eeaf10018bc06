//! Replicas, read from Swarm's tasks.
//!
//! Swarm tells a task's address as soon as it has planned the task, well before its process runs; it is passed on at once,
//! so that an ingress can begin to ask. bollard's `Task` has no addresses, hence types of our own.

use super::labels::{self, Labels};
use super::reason;
use domain::{ReleaseId, Replica, ReplicaState, TaskId, Timestamp};
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};

/// How many tasks of one slot are told: the present one and what became of those before it.
const HISTORY: usize = 5;

/// Swarm's stages of a task, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stage {
    New,
    Allocated,
    Pending,
    Assigned,
    Accepted,
    Preparing,
    Ready,
    Starting,
    Running,
    Complete,
    Shutdown,
    Failed,
    Rejected,
    Remove,
    Orphaned,
}

/// What is read of a task.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Task {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(default)]
    pub created_at: String,
    pub spec: Spec,
    #[serde(default)]
    pub slot: u32,
    #[serde(rename = "NodeID")]
    pub node_id: Option<String>,
    pub status: Status,
    pub desired_state: Stage,
    #[serde(default)]
    pub networks_attachments: Option<Vec<Attachment>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Spec {
    pub container_spec: Option<Container>,
    pub resources: Option<Resources>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Container {
    pub image: Option<String>,
    pub labels: Option<Labels>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resources {
    pub limits: Option<Limits>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Limits {
    #[serde(default)]
    pub memory_bytes: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Status {
    #[serde(default)]
    pub timestamp: String,
    pub state: Stage,
    pub err: Option<String>,
    #[serde(rename = "ContainerStatus")]
    pub container: Option<ContainerStatus>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ContainerStatus {
    #[serde(rename = "ContainerID", default)]
    pub container_id: String,
    #[serde(default)]
    pub exit_code: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attachment {
    #[serde(default)]
    pub addresses: Option<Vec<String>>,
}

/// What has to be asked elsewhere to understand a task.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    /// The node's host name.
    pub node: Option<String>,
    /// Whether the node has gone.
    pub node_is_down: bool,
    /// Whether the kernel ended its process for want of memory.
    pub out_of_memory: bool,
}

impl Task {
    /// A label of the container, where the release wrote them.
    pub(super) fn label<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        labels::read(self.spec.container_spec.as_ref()?.labels.as_ref(), name)
    }

    /// The memory limit in bytes, 0 for none.
    pub(super) fn memory(&self) -> u64 {
        self.spec.resources.as_ref().and_then(|r| r.limits.as_ref()).map_or(0, |limits| limits.memory_bytes)
    }

    /// The exit code of a process that ended by itself.
    pub(super) fn exit_code(&self) -> Option<i64> {
        let ended = matches!(self.status.state, Stage::Complete | Stage::Failed);
        let container = self.status.container.as_ref().filter(|c| ended && !c.container_id.is_empty())?;
        Some(container.exit_code)
    }

    /// Whether Swarm still counts it among the living although it shall end.
    pub(super) fn is_leaving(&self) -> bool {
        self.desired_state > Stage::Running && self.status.state <= Stage::Running
    }

    /// What the platform knows a replica by. None for a task that is no release's.
    pub(super) fn into_replica(self, around: Surroundings) -> Option<Replica> {
        let release_id: ReleaseId = self.label(labels::RELEASE)?;
        let state = self.state(&around);
        let has_failed = state == ReplicaState::Failed;
        Some(Replica {
            release_id,
            slot: self.slot,
            state,
            address: self.address(),
            reason: reason::of(&self, state, &around),
            exit_code: self.exit_code(),
            out_of_memory: has_failed && around.out_of_memory,
            since: moment(&self.status.timestamp).0,
            node: around.node,
            task: TaskId(self.id),
        })
    }

    fn state(&self, around: &Surroundings) -> ReplicaState {
        match self.status.state {
            stage if stage <= Stage::Running && self.is_leaving() && around.node_is_down => ReplicaState::Failed,
            Stage::New | Stage::Allocated | Stage::Pending => ReplicaState::Pending,
            Stage::Assigned | Stage::Accepted | Stage::Preparing | Stage::Ready | Stage::Starting => {
                ReplicaState::Preparing
            }
            Stage::Running => ReplicaState::Running,
            Stage::Complete | Stage::Shutdown | Stage::Remove => ReplicaState::Stopped,
            // Whatever it said when it was told to go for good is no failure.
            Stage::Failed if self.desired_state == Stage::Remove => ReplicaState::Stopped,
            Stage::Failed | Stage::Rejected | Stage::Orphaned => ReplicaState::Failed,
        }
    }

    /// A release is on one network only, its project's.
    fn address(&self) -> Option<SocketAddr> {
        let port = self.label(labels::PORT)?;
        let attachment = self.networks_attachments.as_ref()?.first()?;
        let (address, _) = attachment.addresses.as_ref()?.first()?.split_once('/')?;
        Some(SocketAddr::new(address.parse::<IpAddr>().ok()?, port))
    }
}

/// Reads one of the engine's moments; one that cannot be read is the oldest.
pub(super) fn moment(text: &str) -> (Timestamp, u32) {
    Timestamp::from_rfc3339(text).unwrap_or_default()
}

/// By release and slot, and within one the newest first: that one, those that still run, and the failures before it.
pub(super) fn worth_telling(mut tasks: Vec<Task>) -> Vec<Task> {
    let place = |task: &Task| (task.label::<String>(labels::RELEASE), task.slot);
    tasks.sort_by_cached_key(|task| (place(task), std::cmp::Reverse((moment(&task.created_at), task.id.clone()))));
    let mut told: Vec<Task> = Vec::with_capacity(tasks.len());
    for task in tasks {
        let siblings = told.iter().rev().take_while(|other| place(other) == place(&task)).count();
        let was_told_to_end = matches!(task.status.state, Stage::Shutdown | Stage::Remove);
        if siblings == 0 || (siblings < HISTORY && !was_told_to_end) {
            told.push(task);
        }
    }
    told
}

#[cfg(test)]
mod tests;
