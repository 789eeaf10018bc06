use crate::{AppId, Timestamp};
use serde::{Deserialize, Serialize};

/// Which of a process's two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// One line that a replica wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When the engine received it.
    pub at: Timestamp,
    /// Nanoseconds within that millisecond, which keep the order of lines.
    pub nanos: u32,
    /// The number of the release that wrote it.
    pub release: u32,
    /// The replica's place among its siblings, from 1.
    pub slot: u32,
    /// Where it was written to.
    pub stream: LogStream,
    /// The line, without its end. Bytes that are no UTF-8 are shown as replacement characters.
    pub text: String,
}

/// Which lines are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogQuery {
    /// Of which app.
    pub app_id: AppId,
    /// How many of the last lines of each replica come first.
    pub last: u32,
    /// Whether to go on with new lines as they come.
    pub follow: bool,
}
