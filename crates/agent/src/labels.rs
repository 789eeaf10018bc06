//! The labels that the platform's containers carry. The orchestrator sets those of replicas on the containers as well, not
//! only on their services.

/// The id of the installation that a thing belongs to.
pub const PLATFORM: &str = "slipway.platform";
/// The release that a replica runs.
pub const RELEASE: &str = "slipway.release";
/// The number of that release.
pub const NUMBER: &str = "slipway.number";
/// Swarm's name of a replica: `SERVICE.SLOT.TASK`.
pub const TASK_NAME: &str = "com.docker.swarm.task.name";
/// What a platform container was made from, in short.
pub const CONFIG: &str = "slipway.config";

/// The slot in a replica's name.
pub(crate) fn slot_of(task_name: &str) -> Option<u32> {
    task_name.rsplit('.').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slot_stands_before_the_task() {
        assert_eq!(slot_of("app-0193-r7.12.k2v9x"), Some(12));
        assert_eq!(slot_of("a.b.c-r1.3.k2v9x"), Some(3));
        assert_eq!(slot_of("plain"), None);
    }
}
