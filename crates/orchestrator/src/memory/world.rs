//! The state: networks, definitions, slots and the history of each.

use crate::{KnownRelease, ReleaseSpec};
use domain::{Delivery, NodeView, ProjectId, ReleaseId, Replica, ReplicaState, SecretId, TaskId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// How many tasks of one slot are remembered, as in Swarm.
const HISTORY: usize = 5;

#[derive(Default)]
pub(super) struct World {
    pub networks: BTreeSet<ProjectId>,
    pub releases: BTreeMap<ReleaseId, Held>,
    tasks_made: u64,
}

/// A release that is defined.
pub(super) struct Held {
    pub spec: Arc<ReleaseSpec>,
    pub slots: BTreeMap<u32, Slot>,
}

/// A place for a replica, with those that held it before.
#[derive(Default)]
pub(super) struct Slot {
    /// Newest first.
    pub tasks: VecDeque<Replica>,
    /// Ends the process of the newest.
    pub kill: Arc<Notify>,
    /// What keeps a replica in the slot; ends when the slot goes.
    pub life: JoinSet<()>,
}

impl World {
    /// Takes a release up, unless it is there: a release is immutable.
    pub(super) fn define(&mut self, spec: &ReleaseSpec) {
        self.networks.insert(spec.project_id);
        let held = || Held { spec: Arc::new(spec.clone()), slots: BTreeMap::new() };
        self.releases.entry(spec.release.id).or_insert_with(held);
    }

    pub(super) fn is_in_use(&self, project: ProjectId) -> bool {
        self.releases.values().any(|held| held.spec.project_id == project)
    }

    pub(super) fn known(&self) -> Vec<KnownRelease> {
        let known = |(release_id, held): (&ReleaseId, &Held)| KnownRelease {
            release_id: *release_id,
            app_id: held.spec.release.app_id,
            replicas: u16::try_from(held.slots.len()).unwrap_or(u16::MAX),
        };
        self.releases.iter().map(known).collect()
    }

    /// Those that the releases here read as files.
    pub(super) fn secrets(&self) -> Vec<SecretId> {
        let all = self.releases.values().flat_map(|held| &held.spec.secrets);
        let files: BTreeSet<_> =
            all.filter(|secret| secret.delivery == Delivery::File).map(|secret| secret.id).collect();
        files.into_iter().collect()
    }

    /// By release and slot, newest first.
    pub(super) fn replicas(&self, release: Option<ReleaseId>) -> Vec<Replica> {
        let wanted = self.releases.iter().filter(|(id, _)| release.is_none_or(|release| release == **id));
        wanted.flat_map(|(_, held)| held.slots.values()).flat_map(|slot| slot.tasks.iter().cloned()).collect()
    }

    pub(super) fn kill(&self, task: &TaskId) -> bool {
        let mut slots = self.releases.values().flat_map(|held| held.slots.values());
        let slot =
            slots.find(|slot| slot.tasks.front().is_some_and(|newest| newest.task == *task && newest.is_running()));
        slot.inspect(|slot| slot.kill.notify_one()).is_some()
    }

    /// A new task in a slot. None when the slot is gone.
    pub(super) fn begin(&mut self, mut replica: Replica) -> Option<Begun> {
        self.tasks_made += 1;
        replica.task = TaskId(format!("demo{:012}", self.tasks_made));
        let task = replica.task.clone();
        let held = self.releases.get_mut(&replica.release_id)?;
        let slot = held.slots.get_mut(&replica.slot)?;
        slot.tasks.push_front(replica);
        slot.tasks.truncate(HISTORY);
        slot.kill = Arc::default();
        Some(Begun { task, spec: Arc::clone(&held.spec), kill: Arc::clone(&slot.kill) })
    }

    /// The newest task of a slot.
    pub(super) fn newest(&mut self, release: ReleaseId, slot: u32) -> Option<&mut Replica> {
        self.releases.get_mut(&release)?.slots.get_mut(&slot)?.tasks.front_mut()
    }

    /// The node with the most memory free, when that is enough.
    pub(super) fn room(&self, nodes: &[NodeView], bytes: u64) -> Option<String> {
        let free = |node: &NodeView| node.memory.saturating_sub(self.held_on(&node.name));
        let available = nodes.iter().filter(|node| node.is_available);
        let best = available.map(|node| (free(node), node)).max_by_key(|(free, _)| *free);
        best.filter(|(free, _)| *free >= bytes).map(|(_, node)| node.name.clone())
    }

    fn held_on(&self, node: &str) -> u64 {
        let on_node = |slot: &&Slot| {
            slot.tasks
                .front()
                .is_some_and(|task| task.state <= ReplicaState::Running && task.node.as_deref() == Some(node))
        };
        let held = self.releases.values();
        held.map(|held| held.slots.values().filter(on_node).count() as u64 * held.spec.release.settings.memory.bytes())
            .sum()
    }
}

/// A task that has just been made.
pub(super) struct Begun {
    pub task: TaskId,
    pub spec: Arc<ReleaseSpec>,
    pub kill: Arc<Notify>,
}
