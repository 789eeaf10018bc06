use crate::{LogLine, LogStream};

/// Which lines of a log are shown. Its text form is the query of the page's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Lines that contain this, capital or small; empty for all.
    pub text: String,
    /// Lines of one output.
    pub stream: Option<LogStream>,
    /// Lines of one replica, by its place.
    pub replica: Option<u32>,
}

impl LogFilter {
    /// Reads what stands in the address; what makes no sense there is no filter.
    pub fn from_query(text: Option<String>, stream: Option<&str>, replica: Option<&str>) -> Self {
        Self {
            text: text.unwrap_or_default(),
            stream: stream.and_then(LogStream::named),
            replica: replica.and_then(|slot| slot.parse().ok()),
        }
    }

    /// What [`LogFilter::from_query`] reads, with its `?`; empty when every line is shown.
    pub fn to_query(&self) -> String {
        let text = (!self.text.is_empty()).then(|| format!("text={}", percent_encoded(&self.text)));
        let stream = self.stream.map(|stream| format!("stream={}", stream.as_str()));
        let replica = self.replica.map(|slot| format!("replica={slot}"));
        let parts: Vec<_> = [text, stream, replica].into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }

    /// Whether a line is shown.
    pub fn shows(&self, line: &LogLine) -> bool {
        self.stream.is_none_or(|stream| stream == line.stream)
            && self.replica.is_none_or(|slot| slot == line.slot)
            && contains_folded(&line.text, &self.text)
    }

    /// Whether every line is shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte => encoded.extend(format!("%{byte:02X}").chars()),
        }
        encoded
    })
}

/// Compares letter by letter without allocating: this runs for every line that comes in.
fn contains_folded(line: &str, wanted: &str) -> bool {
    let Some(first) = wanted.chars().next() else { return true };
    let same = |a: char, b: char| a == b || a.to_lowercase().eq(b.to_lowercase());
    line.char_indices().filter(|(_, c)| same(*c, first)).any(|(at, _)| {
        let mut rest = line[at..].chars();
        wanted.chars().all(|w| rest.next().is_some_and(|c| same(c, w)))
    })
}

impl LogStream {
    /// The word in the API and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }

    /// The output with this word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Stdout, Self::Stderr].into_iter().find(|stream| stream.as_str() == word)
    }
}

impl LogLine {
    /// The line as a page shows it: without the sequences that colour a terminal, control characters as symbols. What was
    /// written is not changed by this.
    pub fn shown(&self) -> String {
        let mut shown = String::with_capacity(self.text.len());
        let mut rest = self.text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\u{1b}' if rest.peek() == Some(&'[') => {
                    while rest.next().is_some_and(|c| !('@'..='~').contains(&c) || c == '[') {}
                }
                '\t' => shown.push('\t'),
                c if (c as u32) < 0x20 => shown.extend(char::from_u32(0x2400 + c as u32)),
                c => shown.push(c),
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    fn line(text: &str, slot: u32, stream: LogStream) -> LogLine {
        LogLine { at: Timestamp(0), nanos: 0, release: 1, slot, stream, text: text.to_owned() }
    }

    #[test]
    fn a_filter_narrows_by_text_output_and_replica() {
        let lines = [line("GET /Cart", 1, LogStream::Stdout), line("cart is empty", 2, LogStream::Stderr)];
        let shown = |filter: LogFilter| lines.iter().filter(|line| filter.shows(line)).count();
        assert_eq!(shown(LogFilter::default()), 2);
        assert_eq!(shown(LogFilter::from_query(Some("cart".into()), None, None)), 2);
        assert_eq!(shown(LogFilter::from_query(Some("cart i".into()), None, None)), 1);
        assert_eq!(shown(LogFilter::from_query(None, Some("stderr"), None)), 1);
        assert_eq!(shown(LogFilter::from_query(None, None, Some("1"))), 1);
        assert_eq!(shown(LogFilter::from_query(Some("cart".into()), Some("stdout"), Some("2"))), 0);
    }

    #[test]
    fn a_filter_is_an_address() {
        assert_eq!(LogFilter::default().to_query(), "");
        let filter = LogFilter::from_query(Some("a&b ä".into()), Some("stderr"), Some("2"));
        assert_eq!(filter.to_query(), "?text=a%26b%20%C3%A4&stream=stderr&replica=2");
    }

    #[test]
    fn nonsense_in_an_address_filters_nothing() {
        assert!(LogFilter::from_query(None, Some("loud"), Some("two")).is_empty());
    }

    #[test]
    fn letters_beyond_ascii_are_found_too() {
        let filter = LogFilter::from_query(Some("ÄRGER".into()), None, None);
        assert!(filter.shows(&line("großer ärger", 1, LogStream::Stdout)));
        assert!(!filter.shows(&line("ärge", 1, LogStream::Stdout)));
    }

    #[test]
    fn terminal_colours_are_not_shown() {
        let coloured = line("\u{1b}[1;32mINFO\u{1b}[0m ok\tnext\u{7}", 1, LogStream::Stdout);
        assert_eq!(coloured.shown(), "INFO ok\tnext␇");
        assert_eq!(line("cut \u{1b}[3", 1, LogStream::Stdout).shown(), "cut ");
    }
}
