//! How a replica behaves: well, unless its tag or its variables ask for something else. The variables are those of the
//! sample app, so that the same release misbehaves in the same way on Swarm.

use domain::{Release, Variables};
use std::time::Duration;

/// What a replica does. By default it listens at once and answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// Runs, and never listens where it should: tags `never-listens` and `other-port`, variable `NEVER_LISTEN`.
    pub never_listens: bool,
    /// Answers 500 to everything: tag `answers-500`, variable `ANSWER_500`.
    pub answers_500: bool,
    /// Ends at once with this exit code: tag `crashes` (1), variable `CRASH_AT_START=code`.
    pub crashes_at_start: Option<u8>,
    /// Ends with exit code 1 after that time: tags `crashes-after-MS` and `crashes-later` (20 s), variable
    /// `CRASH_AFTER_MS=ms`.
    pub crashes_after: Option<Duration>,
    /// Runs for that time before it listens: tag `slow-start-MS`, variable `START_DELAY_MS=ms`.
    pub listens_after: Duration,
    /// Takes that many MiB at start, and is ended when its limit is less: tag `out-of-memory`, variable `EAT_MIB=n`.
    pub eats_mib: u32,
    /// Its node has no room left for its files: tag `disk-full`.
    pub fills_disk: bool,
}

/// Tags that ask for something; `MS` stands for a number.
pub(super) const TAGS: [&str; 7] =
    ["crashes", "crashes-later", "never-listens", "other-port", "answers-500", "out-of-memory", "disk-full"];
const CRASHES_AFTER: &str = "crashes-after-";
const SLOW_START: &str = "slow-start-";

impl Behaviour {
    /// What a release asks for.
    pub fn of(release: &Release) -> Self {
        let tag = release.image.tag.as_str();
        let variables = &release.settings.variables;
        Self {
            never_listens: matches!(tag, "never-listens" | "other-port") || flag(variables, "NEVER_LISTEN"),
            answers_500: tag == "answers-500" || flag(variables, "ANSWER_500"),
            crashes_at_start: (tag == "crashes").then_some(1).or_else(|| number(variables, "CRASH_AT_START")),
            crashes_after: behind(tag, CRASHES_AFTER)
                .or_else(|| (tag == "crashes-later").then_some(20_000))
                .or_else(|| number(variables, "CRASH_AFTER_MS"))
                .map(Duration::from_millis),
            listens_after: Duration::from_millis(
                behind(tag, SLOW_START).or_else(|| number(variables, "START_DELAY_MS")).unwrap_or_default(),
            ),
            eats_mib: if tag == "out-of-memory" { u32::MAX } else { number(variables, "EAT_MIB").unwrap_or_default() },
            fills_disk: tag == "disk-full",
        }
    }

    /// Whether a tag asks for something.
    pub(super) fn is_asked_by(tag: &str) -> bool {
        TAGS.contains(&tag) || behind(tag, CRASHES_AFTER).is_some() || behind(tag, SLOW_START).is_some()
    }
}

fn behind(tag: &str, prefix: &str) -> Option<u64> {
    tag.strip_prefix(prefix)?.parse().ok()
}

fn value<'a>(variables: &'a Variables, name: &str) -> Option<&'a str> {
    variables.get(name).filter(|value| !value.is_empty())
}

fn flag(variables: &Variables, name: &str) -> bool {
    value(variables, name).is_some_and(|value| value != "0")
}

fn number<T: std::str::FromStr>(variables: &Variables, name: &str) -> Option<T> {
    value(variables, name)?.parse().ok()
}
