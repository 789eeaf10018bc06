//! One word for each endpoint: whether it may be claimed, and how many requests are under way on it.
//!
//! Both in one atomic, so that no request can slip in between “it drains” and “nothing is under way” (I2).

use crate::atomic::{AtomicU64, Ordering};

/// Why an endpoint may not be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// Another release has its place, or it left the table.
    Draining,
    /// It has not answered this ingress yet, or not since it last failed (I1).
    Unanswered,
}

impl Bar {
    const fn bit(self) -> u64 {
        match self {
            Self::Draining => 1 << 63,
            Self::Unanswered => 1 << 62,
        }
    }
}

const COUNT: u64 = Bar::Unanswered.bit() - 1;

/// The word.
#[derive(Debug)]
pub struct Claims(AtomicU64);

impl Claims {
    /// Of an endpoint that nobody has heard of yet.
    pub fn new() -> Self {
        Self(AtomicU64::new(Bar::Unanswered.bit()))
    }

    /// Counts one more request, unless the endpoint is barred. Who gets `true` owes a [`Claims::release`].
    pub fn claim(&self) -> bool {
        self.0
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |word| (word & !COUNT == 0).then_some(word + 1))
            .is_ok()
    }

    /// Gives a claim back.
    pub fn release(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }

    /// Bars the endpoint; what is under way goes on. Says whether it was open for this reason before.
    pub fn bar(&self, why: Bar) -> bool {
        self.0.fetch_or(why.bit(), Ordering::AcqRel) & why.bit() == 0
    }

    /// Takes one bar away. Says whether there was one.
    pub fn unbar(&self, why: Bar) -> bool {
        self.0.fetch_and(!why.bit(), Ordering::AcqRel) & why.bit() != 0
    }

    /// Whether it is barred for this reason.
    pub fn is_barred(&self, why: Bar) -> bool {
        self.0.load(Ordering::Acquire) & why.bit() != 0
    }

    /// How many claims were not given back, when one more would succeed now; `None` when it is barred.
    pub fn load_if_open(&self) -> Option<u64> {
        let word = self.0.load(Ordering::Acquire);
        (word & !COUNT == 0).then_some(word)
    }

    /// How many claims were not given back.
    pub fn in_flight(&self) -> u64 {
        self.0.load(Ordering::Acquire) & COUNT
    }
}
