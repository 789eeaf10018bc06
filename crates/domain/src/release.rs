use crate::{AppId, Digest, ImageRef, ReleaseId, Settings, TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A numbered, immutable pair of image digest and settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Never changes.
    pub id: ReleaseId,
    /// Whose release it is.
    pub app_id: AppId,
    /// Counts up from 1 within the app; shown as `r1`.
    pub number: u32,
    /// As it was typed.
    pub image: ImageRef,
    /// What that meant at the time.
    pub digest: Digest,
    /// What it runs with.
    pub settings: Settings,
    /// Who made it: the address of a person.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Why, in the maker's words; may be empty.
    pub reason: String,
}

/// How far a replica has come. Ordered: a replica moves only to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplicaState {
    /// No node has been found for it yet.
    Pending,
    /// Its image and container are being prepared.
    Preparing,
    /// The process runs.
    Running,
    /// It ended, by itself or because it was told to.
    Stopped,
    /// It crashed, was refused by its node, or could not be started.
    Failed,
}

/// One running copy of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    /// The orchestrator's name for it.
    pub task: TaskId,
    /// Of which release.
    pub release_id: ReleaseId,
    /// Its place among the replicas, from 1.
    pub slot: u32,
    /// The node's host name, once one was found.
    pub node: Option<String>,
    /// How far it has come.
    pub state: ReplicaState,
    /// Where it listens on the project's network, once it has an address there.
    pub address: Option<SocketAddr>,
    /// The engine's own words when something is wrong, without a full stop.
    pub reason: Option<String>,
    /// The exit code, once it ended by itself.
    pub exit_code: Option<i64>,
    /// Whether the kernel ended it because it used more memory than its limit.
    pub out_of_memory: bool,
    /// When it came into its present state.
    pub since: Timestamp,
}

impl Replica {
    /// Whether its process runs.
    pub fn is_running(&self) -> bool {
        self.state == ReplicaState::Running
    }
}
