use super::Resource;
use crate::{AppId, ReleaseId, Timestamp};
use serde::{Deserialize, Serialize};

/// What an app had of one resource: held from one moment until before another, or used up at the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Which app.
    pub app: AppId,
    /// Of what.
    pub of: Resource,
    /// MiB of memory or disk, thousandths of a core, services, bytes, requests.
    pub amount: u64,
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last. What was used up at a moment belongs to the first, wherever this lies.
    pub to: Timestamp,
}

/// That replicas of a release ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// Of which app. It is told by its id, so that a new name splits nothing.
    pub app: AppId,
    /// Of which release.
    pub release: ReleaseId,
    /// The release's number.
    pub number: u32,
    /// Where they ran, if it is known.
    pub node: String,
    /// How many.
    pub replicas: u32,
    /// MiB that each of them reserved.
    pub memory: u64,
    /// Thousandths of a core that each of them reserved.
    pub cpu: u64,
    /// From when.
    pub from: Timestamp,
    /// Until when. While they run: until when it is known.
    pub to: Timestamp,
    /// Whether they still ran when somebody looked last.
    pub is_open: bool,
}

impl Interval {
    /// What they held.
    pub fn usage(&self) -> [Usage; 2] {
        let held = |of, each: u64| Usage {
            app: self.app,
            of,
            amount: u64::from(self.replicas) * each,
            from: self.from,
            to: self.to,
        };
        [held(Resource::Memory, self.memory), held(Resource::Cpu, self.cpu)]
    }

    /// The same if everything stays as it is until a moment: what still runs goes on.
    #[must_use]
    pub fn going_on_until(&self, end: Timestamp) -> Self {
        let to = if self.is_open { self.to.max(end) } else { self.to };
        Self { to, ..self.clone() }
    }

    /// The part that lies before a moment, if there is one. A clock that was ahead for a while costs nobody anything.
    #[must_use]
    pub fn until(&self, end: Timestamp) -> Option<Self> {
        (self.from < end && self.from < self.to).then(|| Self { to: self.to.min(end), ..self.clone() })
    }

    /// How long, in milliseconds.
    pub fn millis(&self) -> i64 {
        self.to.millis_since(self.from).max(0)
    }
}
