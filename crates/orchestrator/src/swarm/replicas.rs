//! The replicas of releases, from Swarm's list of tasks.

use super::Swarm;
use super::labels::{self, filter};
use super::tasks::{Surroundings, Task, worth_telling};
use crate::Result;
use bollard::query_parameters::InspectContainerOptions;
use domain::{ReleaseId, Replica};
use futures::future::try_join_all;

/// What a process that was killed ends with: 128 and the number of SIGKILL.
const KILLED: i64 = 137;

impl Swarm {
    /// The replicas of one release, or of all. One call, unless something is wrong with a task.
    pub(super) async fn replicas_with(&self, release: Option<ReleaseId>) -> Result<Vec<Replica>> {
        let release = release.map(|release| release.to_string());
        let mut wanted = vec![(labels::PLATFORM, self.platform.as_str())];
        wanted.extend(release.as_deref().map(|release| (labels::RELEASE, release)));
        let tasks = worth_telling(self.engine.get("/tasks", &filter(&wanted)).await?);
        let down = if tasks.iter().any(Task::is_leaving) { self.nodes_down().await? } else { Vec::new() };
        let replicas = tasks.into_iter().map(async |task| {
            let around = self.surroundings(&task, &down).await?;
            Ok(task.into_replica(around))
        });
        Ok(try_join_all(replicas).await?.into_iter().flatten().collect())
    }

    async fn surroundings(&self, task: &Task, down: &[String]) -> Result<Surroundings> {
        let Some(id) = task.node_id.as_deref().filter(|id| !id.is_empty()) else { return Ok(Surroundings::default()) };
        Ok(Surroundings {
            node: self.node_name(id).await?,
            node_is_down: down.iter().any(|other| other == id),
            out_of_memory: task.exit_code() == Some(KILLED) && self.ran_out_of_memory(task).await,
        })
    }

    /// Swarm does not say it, the node's engine does: so it is known for this engine's own node.
    async fn ran_out_of_memory(&self, task: &Task) -> bool {
        let Some(container) = task.status.container.as_ref() else { return false };
        let inspected =
            self.engine.docker().inspect_container(&container.container_id, None::<InspectContainerOptions>).await;
        inspected.ok().and_then(|container| container.state?.oom_killed).unwrap_or_default()
    }
}
