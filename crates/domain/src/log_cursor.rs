use crate::{LogLine, Timestamp};
use std::collections::BTreeMap;

/// Remembers how far each replica's lines have been read, so that a stream that broke and began again with lines of the
/// past goes on without repeating any.
#[derive(Debug, Clone, Default)]
pub struct LogCursor {
    read: BTreeMap<(u32, u32), (Timestamp, u32)>,
    /// Lines up to here, by replica, were read before the stream broke.
    cut: BTreeMap<(u32, u32), (Timestamp, u32)>,
}

impl LogCursor {
    /// The stream begins, or begins again.
    pub fn resume(&mut self) {
        self.cut.clone_from(&self.read);
    }

    /// Whether a line is new; a new one counts as read from now on.
    pub fn takes(&mut self, line: &LogLine) -> bool {
        let (replica, moment) = ((line.release, line.slot), (line.at, line.nanos));
        let is_new = self.cut.get(&replica).is_none_or(|cut| moment > *cut);
        if is_new {
            self.read.insert(replica, moment);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LogStream;

    fn line(millis: i64, slot: u32) -> LogLine {
        LogLine { at: Timestamp(millis), nanos: 0, release: 1, slot, stream: LogStream::Stdout, text: String::new() }
    }

    #[test]
    fn a_stream_that_begins_again_repeats_nothing_and_skips_nothing() {
        let mut cursor = LogCursor::default();
        cursor.resume();
        assert!([line(1, 1), line(2, 2), line(2, 1)].iter().all(|line| cursor.takes(line)));
        cursor.resume();
        let again = [line(1, 1), line(2, 2), line(2, 1), line(3, 1), line(3, 2), line(1, 3)];
        assert_eq!(
            again.iter().map(|line| cursor.takes(line)).collect::<Vec<_>>(),
            [false, false, false, true, true, true]
        );
    }

    #[test]
    fn lines_of_the_same_moment_are_all_shown() {
        let mut cursor = LogCursor::default();
        cursor.resume();
        assert!(cursor.takes(&line(1, 1)) && cursor.takes(&line(1, 1)));
    }
}
