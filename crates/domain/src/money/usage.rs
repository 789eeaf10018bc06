use super::{Decimal, Resource};
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

    /// How much memory all of them held, for showing.
    pub fn gib_hours(&self) -> Decimal {
        hours(self.memory * u64::from(self.replicas), 1024, self.millis())
    }

    /// How much CPU all of them held, for showing.
    pub fn vcpu_hours(&self) -> Decimal {
        hours(self.cpu * u64::from(self.replicas), 1000, self.millis())
    }

    /// What each of them reserved, in cores.
    pub fn vcpus(&self) -> Decimal {
        Decimal::from_billionths(i64::try_from(self.cpu * 1_000_000).unwrap_or(i64::MAX))
    }

    /// How long, in milliseconds.
    pub fn millis(&self) -> i64 {
        self.to.millis_since(self.from).max(0)
    }
}

/// An amount for some time, in units for an hour.
fn hours(amount: u64, per_unit: u64, millis: i64) -> Decimal {
    const HOUR: u128 = 3_600_000;
    let exact = u128::from(amount) * u128::try_from(millis).unwrap_or_default() * 1_000_000_000;
    let below = u128::from(per_unit) * HOUR;
    Decimal::from_billionths(i64::try_from((exact + below / 2) / below).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_says_what_it_comes_to() {
        let (app, release) = (AppId::NIL, ReleaseId::NIL);
        let (from, to) = (Timestamp(0), Timestamp(5_400_000));
        let ran = Interval {
            app,
            release,
            number: 1,
            node: String::new(),
            replicas: 2,
            memory: 512,
            cpu: 250,
            from,
            to,
            is_open: true,
        };
        assert_eq!((ran.gib_hours().to_string(), ran.vcpu_hours().to_string()), ("1.5".to_owned(), "0.75".to_owned()));
        assert_eq!(
            (ran.vcpus().to_string(), ran.until(Timestamp(10)).map(|part| part.millis())),
            ("0.25".to_owned(), Some(10))
        );
        assert_eq!(ran.until(from), None);
        assert_eq!(
            (ran.going_on_until(Timestamp(9_000_000)).millis(), ran.going_on_until(from).millis()),
            (9_000_000, 5_400_000)
        );
        let ended = Interval { is_open: false, ..ran };
        assert_eq!(ended.going_on_until(Timestamp(9_000_000)), ended);
    }
}
