use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One line that a replica wrote. Lines come as one JSON object each, ended by a new line; an empty line says that the stream is
/// alive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogLine {
    /// When.
    pub at: String,
    /// The number of the release that wrote it.
    pub release: u32,
    /// The replica's place among its siblings, from 1.
    pub slot: u32,
    /// `stdout` or `stderr`.
    pub stream: String,
    /// The line without its end.
    pub text: String,
}

impl From<domain::LogLine> for LogLine {
    fn from(line: domain::LogLine) -> Self {
        let stream = match line.stream {
            domain::LogStream::Stdout => "stdout",
            domain::LogStream::Stderr => "stderr",
        };
        Self {
            at: crate::moment(line.at),
            release: line.release,
            slot: line.slot,
            stream: stream.to_owned(),
            text: line.text,
        }
    }
}
