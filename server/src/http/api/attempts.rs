//! How often an address came with a token that does not work.

use domain::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Failures of one address in one window, after which it is not listened to until the next.
const MOST: u32 = 30;
/// A window, in milliseconds.
const WINDOW_MILLIS: i64 = 60_000;
/// Addresses that are remembered at a time; more than that are counted together.
const MOST_ADDRESSES: usize = 10_000;

/// Failed attempts by address, in memory: a restart forgives.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, (Timestamp, u32)>>);

impl Attempts {
    /// Whether an address has to wait.
    pub fn are_too_many(&self, address: &str, now: Timestamp) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(address).or_else(|| counts.get("")).copied();
        count.is_some_and(|(since, count)| count >= MOST && is_open(since, now))
    }

    /// Counts a failure.
    pub fn count(&self, address: &str, now: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_ADDRESSES {
            counts.retain(|_, (since, _)| is_open(*since, now));
        }
        let is_known = counts.contains_key(address) || counts.len() < MOST_ADDRESSES;
        let (since, count) = counts.entry(if is_known { address } else { "" }.to_owned()).or_insert((now, 0));
        if !is_open(*since, now) {
            (*since, *count) = (now, 0);
        }
        *count += 1;
    }
}

fn is_open(since: Timestamp, now: Timestamp) -> bool {
    now.millis_since(since) < WINDOW_MILLIS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn an_address_that_guesses_has_to_wait_and_others_do_not() {
        let attempts = Attempts::default();
        for _ in 0..MOST {
            assert!(!attempts.are_too_many("192.0.2.1", NOW));
            attempts.count("192.0.2.1", NOW);
        }
        assert!(attempts.are_too_many("192.0.2.1", NOW));
        assert!(!attempts.are_too_many("192.0.2.2", NOW));
        assert!(!attempts.are_too_many("192.0.2.1", NOW.plus_millis(WINDOW_MILLIS)));
        attempts.count("192.0.2.1", NOW.plus_millis(WINDOW_MILLIS));
        assert!(!attempts.are_too_many("192.0.2.1", NOW.plus_millis(WINDOW_MILLIS)));
    }

    /// Somebody with a whole network of addresses.
    #[test]
    fn many_addresses_take_no_more_than_their_room() {
        let attempts = Attempts::default();
        for number in 0..MOST_ADDRESSES + 100 {
            attempts.count(&number.to_string(), NOW);
        }
        assert!(attempts.0.lock().expect("sound").len() <= MOST_ADDRESSES + 1);
        assert!(attempts.are_too_many("another", NOW), "those above it are counted together");
    }
}
