//! What runs is written down, so that it can be paid for: each replica once, from when the engine says it ran until it
//! says it stopped, or else until it was seen last. Nobody pays for what is not known to have run.

use super::Controller;
use crate::Result;
use domain::{ReleaseId, Replica, TaskId, Timestamp};
use std::collections::{HashMap, HashSet};
use store::{OpenUsage, RunningReplica};

/// While nothing changes, how often it is written down that replicas still run, in milliseconds.
const REFRESH: i64 = 60_000;

type Key = (ReleaseId, TaskId);

/// What a look found.
#[derive(Debug, Default)]
pub(super) struct Look {
    at: Timestamp,
    running: HashSet<Key>,
}

impl Controller {
    /// Writes down what runs for as long as it is polled.
    pub(super) async fn keep_metering(&self) {
        let mut last = Look::default();
        loop {
            match self.meter(&last).await {
                Ok(look) => last = look,
                Err(error) => tracing::warn!(error.cause = %error, "what runs could not be written down; trying again"),
            }
            tokio::time::sleep(self.platform.parts.config.deadlines.idle_look).await;
        }
    }

    /// One look at everything. Whatever happens between two looks, or while nobody looks, the next one mends it.
    async fn meter(&self, last: &Look) -> Result<Look> {
        let (store, at) = (&self.platform.parts.store, self.platform.now());
        let replicas = self.platform.parts.orchestrator.all_replicas().await?;
        let running: HashMap<Key, &Replica> = replicas.iter().filter(|r| r.is_running()).map(|r| (key(r), r)).collect();
        let open = store.usage().open().await?;
        let known: HashSet<Key> = open.iter().map(|open| (open.release, open.task.clone())).collect();
        let begun = self.begun(running.iter().filter(|(key, _)| !known.contains(*key)).map(|(_, r)| *r)).await?;
        let (going_on, ended): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|open| running.contains_key(&(open.release, open.task.clone())));
        let is_stale = going_on.iter().any(|open| at.millis_since(open.seen_at) >= REFRESH);
        if is_stale || !begun.is_empty() || !ended.is_empty() {
            let mut tx = store.begin().await?;
            for replica in &begun {
                tx.usage().begin(replica, at).await?;
            }
            for open in &ended {
                tx.usage().end(open.release, &open.task, end_of(open, &replicas, last, at)).await?;
            }
            if is_stale {
                let tasks: Vec<_> = going_on.into_iter().map(|open| open.task).collect();
                tx.usage().extend(&tasks, at).await?;
            }
            tx.commit().await?;
        }
        Ok(Look { at, running: running.into_keys().collect() })
    }

    /// What new replicas reserve, as their releases say. One of a release that nobody knows is taken away by others.
    async fn begun(&self, new: impl Iterator<Item = &Replica>) -> Result<Vec<RunningReplica>> {
        let (mut begun, mut releases) = (Vec::new(), HashMap::new());
        for replica in new {
            let id = replica.release_id;
            if let std::collections::hash_map::Entry::Vacant(unread) = releases.entry(id) {
                unread.insert(self.platform.parts.store.releases().by_id(id).await?);
            }
            let Some(Some(stored)) = releases.get(&id) else { continue };
            begun.push(RunningReplica {
                task: replica.task.clone(),
                app: stored.release.app_id,
                release: id,
                number: stored.release.number,
                node: replica.node.clone().unwrap_or_default(),
                memory: stored.release.settings.memory.get().into(),
                cpu: stored.release.settings.cpu.get().into(),
                since: replica.since,
            });
        }
        Ok(begun)
    }
}

fn key(replica: &Replica) -> Key {
    (replica.release_id, replica.task.clone())
}

/// When a replica ended that does not run any more: as the engine says, but not before it was seen last, nor in the future
/// of a clock that has been set back.
fn end_of(open: &OpenUsage, replicas: &[Replica], last: &Look, now: Timestamp) -> Timestamp {
    let key = (open.release, open.task.clone());
    let seen = if last.running.contains(&key) { last.at.max(open.seen_at) } else { open.seen_at };
    let stopped = replicas.iter().find(|r| r.task == open.task && r.release_id == open.release).map(|r| r.since);
    stopped.map_or(seen, |stopped| stopped.max(seen)).min(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ReplicaState;

    const SEEN: Timestamp = Timestamp(1000);

    fn open() -> OpenUsage {
        OpenUsage { task: TaskId("t".into()), release: ReleaseId::NIL, began_at: Timestamp(500), seen_at: SEEN }
    }

    fn stopped(since: i64) -> Replica {
        Replica {
            task: TaskId("t".into()),
            release_id: ReleaseId::NIL,
            slot: 1,
            node: None,
            state: ReplicaState::Stopped,
            address: None,
            reason: None,
            exit_code: None,
            out_of_memory: false,
            since: Timestamp(since),
        }
    }

    #[test]
    fn a_replica_ends_when_the_engine_says_it_stopped() {
        assert_eq!(end_of(&open(), &[stopped(1500)], &Look::default(), Timestamp(9000)), Timestamp(1500));
    }

    /// The task of a node that has gone keeps the moment from which it ran.
    #[test]
    fn a_replica_does_not_end_before_it_was_seen() {
        assert_eq!(end_of(&open(), &[stopped(500)], &Look::default(), Timestamp(9000)), SEEN);
    }

    #[test]
    fn a_replica_that_left_no_trace_ends_when_it_was_seen_last() {
        assert_eq!(end_of(&open(), &[], &Look::default(), Timestamp(9000)), SEEN);
        let last = Look { at: Timestamp(5000), running: [(ReleaseId::NIL, TaskId("t".into()))].into() };
        assert_eq!(end_of(&open(), &[], &last, Timestamp(9000)), Timestamp(5000));
    }

    #[test]
    fn nothing_ends_in_the_future_of_a_clock_that_was_set_back() {
        assert_eq!(end_of(&open(), &[stopped(1500)], &Look::default(), Timestamp(800)), Timestamp(800));
    }
}
