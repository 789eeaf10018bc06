//! What containers use at a moment.

use crate::{LocalAgent, Result, labels};
use bollard::models::{ContainerMemoryStats, ContainerStatsResponse, ContainerSummary};
use bollard::query_parameters::{ListContainersOptionsBuilder, StatsOptionsBuilder};
use domain::{ReleaseId, Timestamp};
use futures::stream::{self, StreamExt};
use std::collections::HashMap;

/// How many containers are asked about at once. The engine looks into the kernel for each.
const AT_ONCE: usize = 16;

/// What one replica uses. CPU time and traffic are counted from the container's start: the difference between two of these
/// is what was used in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerStats {
    /// The engine's id of the container.
    pub container: String,
    /// Of which release.
    pub release_id: ReleaseId,
    /// The replica's place among its siblings, from 1.
    pub slot: u32,
    /// When the engine looked.
    pub at: Timestamp,
    /// CPU time in nanoseconds.
    pub cpu_nanos: u64,
    /// Memory in bytes, without file cache that the kernel would give up when it is needed.
    pub memory: u64,
    /// Its limit in bytes; that of the machine when there is none.
    pub memory_limit: u64,
    /// Bytes that came in over all networks.
    pub received: u64,
    /// Bytes that went out.
    pub sent: u64,
}

impl LocalAgent {
    /// What each replica of an installation uses that runs on this node now. A container that ends meanwhile is left out.
    pub async fn stats(&self, installation: &str) -> Result<Vec<ContainerStats>> {
        let marked = vec![format!("{}={installation}", labels::PLATFORM), labels::RELEASE.to_owned()];
        let filters = HashMap::from([("label", marked)]);
        let running = ListContainersOptionsBuilder::new().filters(&filters).build();
        let containers = self.docker.list_containers(Some(running)).await?;
        let asked = stream::iter(containers).map(|container| self.stats_of(container)).buffered(AT_ONCE);
        Ok(asked.filter_map(async |stats| stats).collect().await)
    }

    async fn stats_of(&self, container: ContainerSummary) -> Option<ContainerStats> {
        let (id, own) = (container.id?, container.labels?);
        let release_id = own.get(labels::RELEASE)?.parse().ok()?;
        let slot = own.get(labels::TASK_NAME).and_then(|name| labels::slot_of(name)).unwrap_or(1);
        let once = StatsOptionsBuilder::new().stream(false).one_shot(true).build();
        let stats = Box::pin(self.docker.stats(&id, Some(once))).next().await?.ok()?;
        read(id, release_id, slot, &stats)
    }
}

fn read(container: String, release_id: ReleaseId, slot: u32, stats: &ContainerStatsResponse) -> Option<ContainerStats> {
    let memory = stats.memory_stats.as_ref()?;
    let networks: Vec<_> = stats.networks.iter().flat_map(HashMap::values).collect();
    Some(ContainerStats {
        container,
        release_id,
        slot,
        at: Timestamp::from_rfc3339(stats.read.as_ref()?)?.0,
        cpu_nanos: stats.cpu_stats.as_ref()?.cpu_usage.as_ref()?.total_usage?,
        memory: in_use(memory)?,
        memory_limit: memory.limit.unwrap_or(0),
        received: networks.iter().filter_map(|network| network.rx_bytes).sum(),
        sent: networks.iter().filter_map(|network| network.tx_bytes).sum(),
    })
}

/// The kernel counts cached files as used. `docker stats` takes the inactive ones off, under the name that they have in
/// either version of control groups.
fn in_use(memory: &ContainerMemoryStats) -> Option<u64> {
    let details = memory.stats.as_ref();
    let inactive = details.and_then(|of| of.get("total_inactive_file").or_else(|| of.get("inactive_file")));
    Some(memory.usage?.saturating_sub(inactive.copied().unwrap_or(0)))
}
