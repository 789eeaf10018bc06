//! What is printed. Nothing of it makes a terminal do anything: whatever came from elsewhere is disarmed first.

use serde::Serialize;
use std::io::{IsTerminal as _, Write as _};

/// Text without anything that a terminal acts on: control characters, and marks that turn the direction of text around.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            c if is_dangerous(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// A line of the answer.
pub fn line(text: &str) {
    write(&format!("{}\n", plain(text)));
}

/// A value as it is, for `$(…)`; on a terminal as any other text.
pub fn value(text: &str) {
    if std::io::stdout().is_terminal() {
        line(text);
    } else {
        write(text);
    }
}

/// The answer for a program. JSON escapes what is below a blank; the rest that a terminal would act on is escaped here.
pub fn json(answer: &impl Serialize) {
    let text = serde_json::to_string_pretty(answer).unwrap_or_default();
    let escape =
        |c: char| if c != '\n' && is_dangerous(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    write(&format!("{}\n", text.chars().map(escape).collect::<String>()));
}

/// One object on one line, for a stream of them.
pub fn json_line(answer: &impl Serialize) {
    let text = serde_json::to_string(answer).unwrap_or_default();
    let escape = |c: char| if is_dangerous(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    write(&format!("{}\n", text.chars().map(escape).collect::<String>()));
}

/// A line beside the answer: progress, or why there is none.
pub fn error_line(text: &str) {
    let _nobody_reads = writeln!(std::io::stderr(), "{text}");
}

/// Rows under their heads, each column as wide as its widest cell.
pub fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]]) {
    let rows: Vec<[String; N]> =
        rows.iter().map(|row| row.each_ref().map(|cell| plain(cell).replace('\n', " "))).collect();
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([heads[column].len()]).max().unwrap_or_default()
    });
    let print = |cells: [&str; N]| {
        let padded: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        write(&format!("{}\n", padded.join("  ").trim_end()));
    };
    print(heads);
    for row in &rows {
        print(row.each_ref().map(String::as_str));
    }
}

/// Who closes the pipe has read enough.
fn write(text: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An app writes what clears the screen, sets the title, or turns the text around.
    #[test]
    fn nothing_makes_a_terminal_do_anything() {
        let attack = "a\u{1b}[2Jb\u{9b}31mc\r\u{7}\u{202e}d\0";
        let shown = plain(attack);
        assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown:?}");
        assert_eq!(plain("one\ttwo\nthree ü 🚀"), "one\ttwo\nthree ü 🚀");
    }
}
