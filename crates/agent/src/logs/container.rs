//! The log of one container, from its past into its present, to its end.

use super::line::{Joiner, Line};
use super::recent::{Mark, Recent};
use crate::error::is_not_found;
use bollard::Docker;
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::query_parameters::{InspectContainerOptions, LogsOptions, LogsOptionsBuilder};
use futures::stream::{BoxStream, StreamExt};
use std::time::Duration;

/// How long to wait before a log that ended while its container runs is opened again.
const AGAIN_SOON: Duration = Duration::from_millis(100);

/// How long to wait before an engine that does not answer is asked again.
const AGAIN_LATER: Duration = Duration::from_secs(1);

/// How far the lines of the two streams may be out of order, in milliseconds.
const DISORDER: i64 = 1000;

/// Where in its past a log begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// With its first line.
    All,
    /// With so many lines before the present.
    Last(u32),
}

/// What a log gives.
#[derive(Debug, PartialEq, Eq)]
pub enum Item {
    /// A line.
    Line(Line),
    /// What comes from here on was written after the log was opened.
    CaughtUp,
}

/// A log as the engine sends it.
type Portions = BoxStream<'static, Result<LogOutput, Error>>;

/// One container's log.
///
/// It is read up to two or three times, each time from the last line that was given: what was written up to now, then what is
/// written from now on, and once the container has ended what the engine may have left out when it stopped following.
pub struct ContainerLog {
    docker: Docker,
    container: String,
    tail: Tail,
    follow: bool,
    reading: Reading,
    portions: Option<Portions>,
    joiner: Joiner,
    /// The last line that was given.
    given: Option<Mark>,
    /// Whether lines up to and including that one are to be left out, since they come again.
    is_repeating: bool,
    recent: Recent,
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Past,
    Present,
    Rest,
    Nothing,
}

impl ContainerLog {
    /// The log of a container. Without `follow` it ends with the present.
    pub fn new(docker: Docker, container: String, tail: Tail, follow: bool) -> Self {
        let (reading, joiner) = (Reading::Past, Joiner::default());
        Self {
            docker,
            container,
            tail,
            follow,
            reading,
            portions: None,
            joiner,
            given: None,
            is_repeating: false,
            recent: Recent::default(),
        }
    }

    /// What comes next; nothing once the container has ended and all of its lines have been given, or it is gone.
    pub async fn next(&mut self) -> Option<Item> {
        while self.reading != Reading::Nothing {
            match self.opened().next().await {
                Some(Ok(portion)) => {
                    if let Some(line) = self.joiner.push(portion).and_then(|line| self.give(line)) {
                        return Some(Item::Line(line));
                    }
                }
                Some(Err(error)) => self.interrupted(&error).await,
                None => {
                    self.portions = None;
                    if self.reading == Reading::Past {
                        self.reading = if self.follow { Reading::Present } else { Reading::Nothing };
                        return Some(Item::CaughtUp);
                    }
                    self.ended().await;
                }
            }
        }
        None
    }

    fn opened(&mut self) -> &mut Portions {
        if self.portions.is_none() {
            self.joiner = Joiner::default();
            self.is_repeating = self.given.is_some();
        }
        let options = self.options();
        self.portions.get_or_insert_with(|| self.docker.logs(&self.container, Some(options)).boxed())
    }

    /// From where the last line was given, or from where the log shall begin. Not even the last line of the past is wanted
    /// sometimes, but where it stands has to be known.
    fn options(&self) -> LogsOptions {
        let all = LogsOptionsBuilder::new().stdout(true).stderr(true).timestamps(true);
        let all = all.follow(self.reading == Reading::Present);
        match (self.given, self.tail) {
            (Some(mark), _) => all.since(i32::try_from(mark.at.0.0.div_euclid(1000)).unwrap_or(0)).build(),
            (None, Tail::Last(count)) if self.reading == Reading::Past => all.tail(&count.max(1).to_string()).build(),
            (None, _) => all.build(),
        }
    }

    /// Takes note of a line, and gives it unless it has been given before or is not wanted.
    fn give(&mut self, line: Line) -> Option<Line> {
        let mark = Mark::of(&line);
        if let (true, Some(given)) = (self.is_repeating, self.given) {
            // A line long after the last one: that one is no longer in the log.
            let is_past_it = line.at.0.millis_since(given.at.0) > DISORDER;
            self.is_repeating = mark != given && !is_past_it;
            if !is_past_it {
                return None;
            }
        }
        if self.recent.has_had(mark) {
            return None;
        }
        self.given = Some(mark);
        let is_wanted = self.reading != Reading::Past || self.tail != Tail::Last(0);
        is_wanted.then_some(line)
    }

    /// The engine has stopped following. A container that runs is followed again; the lines of one that ended may have
    /// come after the engine stopped.
    async fn ended(&mut self) {
        if self.reading == Reading::Rest {
            self.reading = Reading::Nothing;
            return;
        }
        match self.docker.inspect_container(&self.container, None::<InspectContainerOptions>).await {
            Ok(found) if found.state.as_ref().and_then(|state| state.running) == Some(true) => {
                tokio::time::sleep(AGAIN_SOON).await;
            }
            Ok(_) => self.reading = Reading::Rest,
            Err(error) => self.interrupted(&error).await,
        }
    }

    /// The engine went away, or the container did. Who does not follow shall not wait for the engine.
    async fn interrupted(&mut self, error: &Error) {
        self.portions = None;
        if is_not_found(error) || !self.follow {
            self.reading = Reading::Nothing;
        } else {
            tokio::time::sleep(AGAIN_LATER).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{LogStream, Timestamp};

    fn log() -> ContainerLog {
        let docker =
            Docker::connect_with_http("127.0.0.1:9", 1, bollard::API_DEFAULT_VERSION).expect("no call is made");
        ContainerLog::new(docker, "a".to_owned(), Tail::Last(10), true)
    }

    fn line(at: i64, text: &str) -> Line {
        Line { at: (Timestamp(at), 0), stream: LogStream::Stdout, text: text.to_owned() }
    }

    fn given(log: &mut ContainerLog, lines: &[(i64, &str)]) -> Vec<String> {
        lines.iter().filter_map(|(at, text)| log.give(line(*at, text))).map(|line| line.text).collect()
    }

    #[test]
    fn what_comes_again_after_a_lost_connection_is_left_out() {
        let mut log = log();
        assert_eq!(given(&mut log, &[(5, "a"), (4, "b")]), ["a", "b"]);
        log.is_repeating = true;
        assert_eq!(given(&mut log, &[(1, "z"), (5, "a"), (4, "b"), (4, "c"), (6, "d")]), ["c", "d"]);
    }

    #[test]
    fn a_log_that_has_lost_its_place_goes_on_with_what_is_newer() {
        let mut log = log();
        given(&mut log, &[(5, "a")]);
        log.is_repeating = true;
        assert_eq!(given(&mut log, &[(2000, "b"), (2001, "c")]), ["b", "c"]);
    }
}
