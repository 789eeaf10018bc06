use serde::{Deserialize, Serialize};

/// A machine in the swarm, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    /// Its host name.
    pub name: String,
    /// Whether it takes replicas.
    pub is_available: bool,
    /// Memory in bytes.
    pub memory: u64,
    /// Thousandths of a core.
    pub cpu_millis: u64,
}
