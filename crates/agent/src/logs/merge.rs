//! Merges the logs of several containers by time.
//!
//! A line may go out once every other log has shown a later one. A log that is silent cannot show any, so nobody waits
//! for it longer than a moment; lines that come that close together over different connections may change places.

use super::container::{ContainerLog, Item, Tail};
use super::discovery::{Discovery, Found};
use super::line::{Line, Moment};
use bollard::Docker;
use domain::LogLine;
use futures::stream::{self, BoxStream, StreamExt};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// How long a line waits for an earlier one of a log that is silent.
const PATIENCE: Duration = Duration::from_millis(25);

/// How long it waits while that log has not reached the present.
const PATIENCE_FOR_THE_PAST: Duration = Duration::from_secs(5);

/// How far a log is read ahead: lines, and bytes of text. What is more stays with the engine.
const AHEAD_LINES: usize = 1024;
const AHEAD_BYTES: usize = 512 * 1024;

/// The logs of all containers as one.
pub struct Merge {
    docker: Docker,
    tail: Tail,
    follow: bool,
    logs: Vec<Log>,
    /// Containers that show up; none when nothing is followed.
    newcomers: Option<BoxStream<'static, Found>>,
}

/// One log, read ahead.
struct Log {
    number: u32,
    slot: u32,
    items: BoxStream<'static, Item>,
    ahead: VecDeque<(Instant, Line)>,
    bytes: usize,
    opened: Instant,
    is_past: bool,
    is_over: bool,
}

/// What can be done now.
enum Next {
    Give(usize),
    WaitUntil(Instant),
    Wait,
    End,
}

impl Merge {
    /// The logs of what a search has found and, with `follow`, of what it goes on to find. Those read `tail` of their
    /// past; containers that show up later are read from their first line.
    pub fn new(docker: Docker, mut discovery: Discovery, tail: Tail, follow: bool) -> Self {
        let first = discovery.first();
        let newcomers =
            follow.then(|| stream::unfold(discovery, |mut d| async move { Some((d.next().await, d)) }).boxed());
        let mut merge = Self { docker, tail, follow, logs: Vec::new(), newcomers };
        for found in first {
            merge.open(found);
        }
        merge
    }

    /// Waits until every log has been opened, so that what its present is has been settled.
    pub async fn opened(&mut self) {
        let opened = async {
            while self.logs.iter().any(|log| log.is_past && log.ahead.is_empty() && !log.is_over) {
                self.more().await;
            }
        };
        let _ = timeout(PATIENCE_FOR_THE_PAST, opened).await;
    }

    /// The next line; waits for one when logs are followed.
    pub async fn next(&mut self) -> Option<LogLine> {
        loop {
            match self.choose(Instant::now()) {
                Next::Give(index) => return self.give(index),
                Next::End => return None,
                Next::Wait => self.more().await,
                Next::WaitUntil(deadline) => tokio::select! {
                    biased;
                    () = self.more() => {}
                    () = sleep_until(deadline) => {}
                },
            }
        }
    }

    fn open(&mut self, found: Found) {
        let tail = if found.was_there { self.tail } else { Tail::All };
        let log = ContainerLog::new(self.docker.clone(), found.container, tail, self.follow);
        self.logs.push(Log {
            number: found.number,
            slot: found.slot,
            items: stream::unfold(log, |mut log| async move { Some((log.next().await?, log)) }).boxed(),
            ahead: VecDeque::new(),
            bytes: 0,
            opened: Instant::now(),
            is_past: found.was_there,
            is_over: false,
        });
    }

    /// The earliest line, unless an earlier one may still come.
    fn choose(&self, now: Instant) -> Next {
        let Some((index, arrived)) = self.earliest() else {
            let is_end = self.newcomers.is_none() && self.logs.iter().all(|log| log.is_over);
            return if is_end { Next::End } else { Next::Wait };
        };
        let silent = self.logs.iter().filter(|log| log.ahead.is_empty() && !log.is_over);
        let deadline = silent.map(|log| log.awaited_until(arrived)).max();
        match deadline {
            Some(deadline) if deadline > now => Next::WaitUntil(deadline),
            _ => Next::Give(index),
        }
    }

    /// Which log has the earliest line, and when that came in.
    fn earliest(&self) -> Option<(usize, Instant)> {
        let heads = self.logs.iter().enumerate().filter_map(|(index, log)| Some((index, log.ahead.front()?)));
        let earliest = heads.min_by_key(|(_, (_, line))| -> Moment { line.at })?;
        Some((earliest.0, earliest.1.0))
    }

    fn give(&mut self, index: usize) -> Option<LogLine> {
        let log = self.logs.get_mut(index)?;
        let (_, line) = log.ahead.pop_front()?;
        log.bytes -= line.text.len();
        let (at, nanos) = line.at;
        Some(LogLine { at, nanos, release: log.number, slot: log.slot, stream: line.stream, text: line.text })
    }

    /// Reads ahead. Done when there is something new to choose from.
    async fn more(&mut self) {
        self.logs.retain(|log| !log.is_over || !log.ahead.is_empty());
        poll_fn(|context| self.poll_more(context)).await;
    }

    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut is_new = false;
        while let Some(Poll::Ready(Some(found))) = self.newcomers.as_mut().map(|news| news.poll_next_unpin(context)) {
            self.open(found);
            is_new = true;
        }
        for log in &mut self.logs {
            is_new |= log.poll_ahead(context);
        }
        if is_new { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Log {
    /// How long a line that came in then has to wait for this log, which is silent.
    fn awaited_until(&self, arrived: Instant) -> Instant {
        if self.is_past { (self.opened + PATIENCE_FOR_THE_PAST).max(arrived) } else { arrived + PATIENCE }
    }

    fn is_full(&self) -> bool {
        self.ahead.len() >= AHEAD_LINES || self.bytes >= AHEAD_BYTES
    }

    fn poll_ahead(&mut self, context: &mut Context<'_>) -> bool {
        let mut is_new = false;
        while !self.is_over && !self.is_full() {
            match self.items.poll_next_unpin(context) {
                Poll::Pending => break,
                Poll::Ready(None) => self.is_over = true,
                Poll::Ready(Some(Item::CaughtUp)) => self.is_past = false,
                Poll::Ready(Some(Item::Line(line))) => {
                    self.bytes += line.text.len();
                    self.ahead.push_back((Instant::now(), line));
                }
            }
            is_new = true;
        }
        is_new
    }
}
