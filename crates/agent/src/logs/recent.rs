//! Remembers the lines that a log has given lately. An engine that follows a log file and rotates it begins the new file
//! again with lines that it has sent already.

use super::line::{Line, Moment};
use domain::LogStream;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many lines are remembered: far more than an engine takes in while it changes files.
const REMEMBERED: usize = 8192;

/// Enough of a line to know it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark {
    /// When the engine received it.
    pub at: Moment,
    stream: LogStream,
    text: u64,
}

impl Mark {
    /// The mark of a line.
    pub fn of(line: &Line) -> Self {
        Self { at: line.at, stream: line.stream, text: hash(&line.text) }
    }
}

/// The lines that were given lately.
#[derive(Debug, Default)]
pub struct Recent {
    hashes: VecDeque<u64>,
    /// The latest moments of the two streams. Within a stream time goes forward, so only a line that is not later can be one
    /// that has been given.
    latest: [Option<Moment>; 2],
}

impl Recent {
    /// Whether a line has been given; it counts as given from now on. Two lines are the same when the engine received them
    /// in the same nanosecond, in the same stream, with the same text; so a clock that is set back hides nothing.
    pub fn has_had(&mut self, mark: Mark) -> bool {
        let latest = &mut self.latest[usize::from(mark.stream == LogStream::Stderr)];
        let hash = hash(&mark);
        if *latest >= Some(mark.at) && self.hashes.contains(&hash) {
            return true;
        }
        *latest = (*latest).max(Some(mark.at));
        if self.hashes.len() == REMEMBERED {
            self.hashes.pop_front();
        }
        self.hashes.push_back(hash);
        false
    }
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    fn mark(at: i64, stream: LogStream, text: &str) -> Mark {
        Mark::of(&Line { at: (Timestamp(at), 0), stream, text: text.to_owned() })
    }

    #[test]
    fn what_comes_again_is_known_and_what_is_new_is_not() {
        let (mut recent, out) = (Recent::default(), LogStream::Stdout);
        let new = |recent: &mut Recent, at, text| !recent.has_had(mark(at, out, text));
        assert!(new(&mut recent, 1, "a") && new(&mut recent, 2, "b") && new(&mut recent, 3, "c"));
        assert!(!new(&mut recent, 2, "b") && !new(&mut recent, 3, "c"));
        assert!(new(&mut recent, 4, "c"));
    }

    #[test]
    fn streams_out_of_order_and_clocks_set_back_hide_nothing() {
        let mut recent = Recent::default();
        assert!(!recent.has_had(mark(10, LogStream::Stdout, "a")));
        assert!(!recent.has_had(mark(9, LogStream::Stderr, "a")));
        assert!(!recent.has_had(mark(5, LogStream::Stdout, "after the clock was set back")));
        assert!(!recent.has_had(mark(6, LogStream::Stdout, "a")));
    }

    #[test]
    fn memory_is_bounded() {
        let mut recent = Recent::default();
        for at in 0..20_000 {
            assert!(!recent.has_had(mark(at, LogStream::Stdout, "x")));
        }
        assert_eq!(recent.hashes.len(), REMEMBERED);
    }
}
