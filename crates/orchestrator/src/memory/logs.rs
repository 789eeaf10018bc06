//! What replicas write: the last lines, and new ones as they come, without a gap between the two.

use super::Now;
use domain::{AppId, LogLine, LogStream, ReleaseId, Timestamp};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;

/// How many lines are kept in all.
const KEPT: usize = 20_000;
/// How many lines a slow reader may lag behind before it misses some.
const LAG: usize = 4096;

/// A line with its writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The app.
    pub app_id: AppId,
    /// Its release.
    pub release_id: ReleaseId,
    /// The line.
    pub line: LogLine,
}

/// Who writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer {
    pub app_id: AppId,
    pub release_id: ReleaseId,
    pub number: u32,
    pub slot: u32,
}

/// The lines of all replicas.
pub struct Logs {
    now: Now,
    sender: broadcast::Sender<Written>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    lines: VecDeque<Written>,
    last: (Timestamp, u32),
}

impl Logs {
    pub(super) fn new(now: Now) -> Self {
        Self { now, sender: broadcast::Sender::new(LAG), kept: Mutex::default() }
    }

    /// The last `last` lines of each replica of the releases that `wanted` accepts, oldest first, and all lines of everybody
    /// from then on. A reader that lags more than some thousand lines behind is told how many it missed.
    pub fn follow(
        &self,
        last: usize,
        wanted: impl Fn(ReleaseId) -> bool,
    ) -> (Vec<Written>, broadcast::Receiver<Written>) {
        let kept = self.kept();
        let mut of_each = std::collections::HashMap::<(ReleaseId, u32), usize>::new();
        let newest_first = kept.lines.iter().rev().filter(|written| wanted(written.release_id)).filter(|written| {
            let count = of_each.entry((written.release_id, written.line.slot)).or_default();
            *count += 1;
            *count <= last
        });
        let mut lines: Vec<_> = newest_first.cloned().collect();
        lines.reverse();
        (lines, self.sender.subscribe())
    }

    pub(super) fn write(&self, writer: Writer, stream: LogStream, text: String) {
        let mut kept = self.kept();
        // Two lines of one millisecond keep their order by the nanoseconds.
        let at = (self.now)().max(kept.last.0);
        let nanos = if at == kept.last.0 { kept.last.1 + 1 } else { 0 };
        kept.last = (at, nanos);
        let line = LogLine { at, nanos, release: writer.number, slot: writer.slot, stream, text };
        let written = Written { app_id: writer.app_id, release_id: writer.release_id, line };
        if kept.lines.len() == KEPT {
            kept.lines.pop_front();
        }
        kept.lines.push_back(written.clone());
        // Sent under the lock, so that a new reader sees the line in one of the two and not in both.
        drop(self.sender.send(written));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(last: u8) -> T {
        format!("01938b4c-7f3a-7a10-8000-0000000000{last:02x}").parse().expect("an id")
    }

    fn texts(lines: &[Written]) -> Vec<&str> {
        lines.iter().map(|written| written.line.text.as_str()).collect()
    }

    #[test]
    fn a_new_reader_gets_the_last_lines_of_each_replica_and_then_every_new_one() {
        let logs = Logs::new(Arc::new(|| Timestamp(5)));
        let writer = |slot| Writer { app_id: id(1), release_id: id(2), number: 1, slot };
        for text in ["a", "b", "c"] {
            logs.write(writer(1), LogStream::Stdout, text.to_owned());
        }
        logs.write(writer(2), LogStream::Stderr, "x".to_owned());
        logs.write(Writer { release_id: id(3), ..writer(1) }, LogStream::Stdout, "another release".to_owned());
        let (lines, mut news) = logs.follow(2, |release| release == id(2));
        logs.write(writer(1), LogStream::Stdout, "d".to_owned());
        assert_eq!(texts(&lines), ["b", "c", "x"]);
        assert_eq!(news.try_recv().expect("a new line").line.text, "d");
        let order: Vec<_> = lines.iter().map(|written| (written.line.at, written.line.nanos)).collect();
        assert!(order.is_sorted() && order.windows(2).all(|pair| pair[0] != pair[1]), "{order:?}");
    }
}
