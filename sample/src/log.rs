//! Lines on standard output and error. A reader that went away is no reason to end.

use std::io::Write;

/// Writes a line to standard output.
pub fn say(line: &str) {
    write_line(std::io::stdout().lock(), line);
}

/// Writes a line to standard error.
pub fn warn(line: &str) {
    write_line(std::io::stderr().lock(), line);
}

/// One write for the whole line, so that the engine never sees half of it with a later time.
fn write_line(mut to: impl Write, line: &str) {
    let mut bytes = Vec::with_capacity(line.len() + 1);
    bytes.extend_from_slice(line.as_bytes());
    bytes.push(b'\n');
    let _ = to.write_all(&bytes).and_then(|()| to.flush());
}
