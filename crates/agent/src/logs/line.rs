//! Puts lines together from the portions in which the engine sends them.

use bollard::container::LogOutput;
use bytes::Bytes;
use domain::{LogStream, Timestamp};

/// What a line may be long at most, in bytes. A longer one becomes several, so that nothing is lost and nothing grows
/// without bound.
const LONGEST: usize = 64 * 1024;

/// A moment in nanoseconds: milliseconds, and the nanoseconds within them.
pub type Moment = (Timestamp, u32);

/// A line of one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When the engine received it.
    pub at: Moment,
    /// Where it was written to.
    pub stream: LogStream,
    /// Without its end.
    pub text: String,
}

/// Joins portions. The engine cuts lines after 16 KiB; only the last portion ends with a line feed.
#[derive(Debug, Default)]
pub struct Joiner {
    stdout: Begun,
    stderr: Begun,
}

/// A line whose end has not come.
#[derive(Debug, Default)]
struct Begun {
    at: Option<Moment>,
    bytes: Vec<u8>,
}

impl Joiner {
    /// Takes a portion, and gives the line that it completes. Portions without a time are not the engine's and are left out.
    pub fn push(&mut self, portion: LogOutput) -> Option<Line> {
        let (stream, begun, bytes) = match portion {
            LogOutput::StdErr { message } => (LogStream::Stderr, &mut self.stderr, message),
            LogOutput::StdOut { message } | LogOutput::Console { message } | LogOutput::StdIn { message } => {
                (LogStream::Stdout, &mut self.stdout, message)
            }
        };
        let (at, bytes) = split_time(&bytes)?;
        let at = *begun.at.get_or_insert(at);
        begun.bytes.extend_from_slice(bytes);
        if !begun.bytes.ends_with(b"\n") && begun.bytes.len() < LONGEST {
            return None;
        }
        let bytes = std::mem::take(begun).bytes;
        let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        Some(Line { at, stream, text: String::from_utf8_lossy(text).into_owned() })
    }
}

/// `2026-11-22T18:31:56.546473829Z the line`.
fn split_time(portion: &Bytes) -> Option<(Moment, &[u8])> {
    let space = portion.iter().position(|byte| *byte == b' ')?;
    let at = Timestamp::from_rfc3339(std::str::from_utf8(&portion[..space]).ok()?)?;
    Some((at, &portion[space + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(text: &[u8]) -> LogOutput {
        LogOutput::StdOut { message: Bytes::from([b"2026-11-22T18:31:56.546473829Z ", text].concat()) }
    }

    fn err(text: &[u8]) -> LogOutput {
        LogOutput::StdErr { message: Bytes::from([b"2026-11-22T18:31:56.600000000Z ", text].concat()) }
    }

    #[test]
    fn a_line_has_its_moment_its_stream_and_its_text() {
        let line = Joiner::default().push(out(b"  hello \n")).expect("a line");
        assert_eq!(line.text, "  hello ");
        assert_eq!(line.stream, LogStream::Stdout);
        assert_eq!(line.at, (Timestamp(1_795_372_316_546), 473_829));
        assert_eq!(
            Joiner::default().push(err(b"\n")).map(|line| (line.stream, line.text)),
            Some((LogStream::Stderr, String::new()))
        );
    }

    #[test]
    fn portions_of_one_stream_are_joined_while_the_other_goes_on() {
        let mut joiner = Joiner::default();
        assert_eq!(joiner.push(out(b"one ")), None);
        assert_eq!(joiner.push(err(b"between\n")).expect("a line").text, "between");
        assert_eq!(joiner.push(out(b"line\r\n")).expect("a line").text, "one line");
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_such() {
        assert_eq!(Joiner::default().push(out(b"a\xffb\n")).expect("a line").text, "a\u{fffd}b");
    }

    #[test]
    fn an_endless_line_becomes_several_and_loses_nothing() {
        let mut joiner = Joiner::default();
        let portion = vec![b'x'; 16 * 1024];
        let mut lines: Vec<Line> = (0..9).filter_map(|_| joiner.push(out(&portion))).collect();
        lines.extend(joiner.push(out(b"end\n")));
        assert_eq!(lines.iter().map(|line| line.text.len()).collect::<Vec<_>>(), [65_536, 65_536, 16_384 + 3]);
    }
}
