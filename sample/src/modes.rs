//! What the environment asks for. The list is at the top of `main.rs`.

use anyhow::Context;
use std::str::FromStr;
use std::time::Duration;

/// How the sample behaves, read once at start.
pub struct Modes {
    pub version: String,
    pub port: u16,
    pub start_delay: Duration,
    pub never_listen: bool,
    pub answer_500: bool,
    pub crash_at_start: Option<u8>,
    pub crash_after: Option<Duration>,
    pub on_sigterm: OnSigterm,
    pub lines_per_second: u32,
    pub eat_mib: usize,
}

/// What SIGTERM and SIGINT do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum OnSigterm {
    FinishRequests,
    ExitAtOnce,
    Ignore,
}

impl Modes {
    /// Reads the environment of the process. A value that cannot be read is an error that names its variable.
    pub fn from_environment() -> anyhow::Result<Self> {
        let port = number("PORT")?.unwrap_or(8080);
        Ok(Self {
            version: text("VERSION").unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()),
            port: number("LISTEN_PORT")?.unwrap_or(port),
            start_delay: Duration::from_millis(number("START_DELAY_MS")?.unwrap_or(0)),
            never_listen: flag("NEVER_LISTEN"),
            answer_500: flag("ANSWER_500"),
            crash_at_start: number("CRASH_AT_START")?,
            crash_after: number("CRASH_AFTER_MS")?.map(Duration::from_millis),
            on_sigterm: match (flag("IGNORE_SIGTERM"), flag("EXIT_ON_SIGTERM")) {
                (true, _) => OnSigterm::Ignore,
                (false, true) => OnSigterm::ExitAtOnce,
                (false, false) => OnSigterm::FinishRequests,
            },
            lines_per_second: number("LOG_PER_SECOND")?.unwrap_or(0),
            eat_mib: number("EAT_MIB")?.unwrap_or(0),
        })
    }
}

fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn flag(name: &str) -> bool {
    text(name).is_some_and(|value| value != "0")
}

fn number<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(name: &str) -> anyhow::Result<Option<T>> {
    text(name).map(|value| value.parse().with_context(|| format!("{name} cannot be {value:?}"))).transpose()
}
