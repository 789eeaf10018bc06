//! How often an address came with a token that does not work.

use domain::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failures of one address in one window, after which it is not listened to until the next.
const MOST: u32 = 30;
/// A window, in milliseconds.
const WINDOW_MILLIS: i64 = 60_000;
/// Addresses that are remembered at a time.
const MOST_ADDRESSES: usize = 10_000;

/// Failed attempts by address, in memory: a restart forgives. It keeps noise away from the store; what keeps anybody from guessing
/// are the 256 random bits of a token. So when there are more addresses than it remembers it forgets them, and shuts nobody out.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, (Timestamp, u32)>>);

impl Attempts {
    /// Whether an address has to wait.
    pub fn are_too_many(&self, address: &str, now: Timestamp) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&neighbourhood(address)).copied();
        count.is_some_and(|(since, count)| count >= MOST && is_open(since, now))
    }

    /// Counts a failure.
    pub fn count(&self, address: &str, now: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_ADDRESSES {
            counts.retain(|_, (since, _)| is_open(*since, now));
        }
        if counts.len() >= MOST_ADDRESSES {
            counts.clear();
        }
        let (since, count) = counts.entry(neighbourhood(address)).or_insert((now, 0));
        if !is_open(*since, now) {
            (*since, *count) = (now, 0);
        }
        *count += 1;
    }
}

/// Who has one address of IPv6 has the 2^64 that begin alike (RFC 4291, 2.5.4), so those count as one.
fn neighbourhood(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => format!("{:x}/64", address.to_bits() >> 64),
        _ => address.to_owned(),
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

    #[test]
    fn a_new_address_of_the_same_network_is_no_new_beginning() {
        let attempts = Attempts::default();
        for number in 0..MOST {
            attempts.count(&format!("2001:db8:0:1::{number:x}"), NOW);
        }
        assert!(attempts.are_too_many("2001:db8:0:1:ffff::1", NOW));
        assert!(!attempts.are_too_many("2001:db8:0:2::1", NOW));
    }

    /// Somebody with many networks, who would shut everybody else out by filling the list.
    #[test]
    fn many_addresses_take_no_more_than_their_room_and_shut_nobody_out() {
        let attempts = Attempts::default();
        for number in 0..MOST_ADDRESSES * 2 + 100 {
            attempts.count(&number.to_string(), NOW);
        }
        assert!(attempts.0.lock().expect("sound").len() <= MOST_ADDRESSES);
        assert!(!attempts.are_too_many("192.0.2.1", NOW));
    }
}
