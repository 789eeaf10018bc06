use domain::{LogLine, LogStream, Timestamp};
use std::fmt::Write as _;

/// Writes one line as HTML. The server writes the first ones, the browser all others; `offset` is added to moments to show
/// them in the reader's own time, in milliseconds.
pub fn write_row(html: &mut String, line: &LogLine, offset: i64) {
    let clock = line.at.plus_millis(offset).to_utc();
    let kind = if line.stream == LogStream::Stderr { "line stderr" } else { "line" };
    let _ = write!(
        html,
        "<div class=\"{kind}\"><time title=\"{}\">{}.{:03}</time><b title=\"release {}, replica {}\">r{}.{}</b><span>",
        line.at.to_utc(),
        &clock[11..19],
        line.at.0.rem_euclid(1000),
        line.release,
        line.slot,
        line.release,
        line.slot
    );
    escape(html, &line.shown());
    html.push_str("</span></div>");
}

/// Makes text of what a stranger's program wrote, whatever it wrote.
fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            c => html.push(c),
        }
    }
}

/// How far the browser's clock is from UTC, in milliseconds.
pub fn local_offset(now: Timestamp) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact in a double for 285,000 years")]
    let date = js_sys::Date::new(&(now.0 as f64).into());
    #[expect(clippy::cast_possible_truncation, reason = "an offset is at most some hundred minutes")]
    let minutes = date.get_timezone_offset() as i64;
    -minutes * 60_000
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An app that writes markup into its log must not be able to act for whoever reads it.
    #[test]
    fn what_an_app_writes_is_never_markup() {
        let mut html = String::new();
        let text = "<script>alert(1)</script> & \"quoted\"".to_owned();
        let line = LogLine {
            at: Timestamp(1_709_210_096_789),
            nanos: 0,
            release: 2,
            slot: 1,
            stream: LogStream::Stderr,
            text,
        };
        write_row(&mut html, &line, 3_600_000);
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"), "{html}");
        assert!(html.contains("<time title=\"2024-02-29 12:34:56 UTC\">13:34:56.789</time>"), "{html}");
        assert!(html.starts_with("<div class=\"line stderr\">"), "{html}");
    }
}
