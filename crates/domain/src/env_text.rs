//! The text form of variables, as `.env` files have it.

use crate::Invalid;
use std::collections::BTreeMap;

/// Reads names and values. Whether they can be variables is asked elsewhere.
pub(crate) fn parse(text: &str) -> Result<BTreeMap<String, String>, Invalid> {
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    let mut values = BTreeMap::new();
    let mut lines = BTreeMap::new();
    while !reader.rest.is_empty() {
        let line = reader.line;
        let Some((name, value)) = reader.assignment()? else { continue };
        if let Some(first) = lines.insert(name.clone(), line) {
            return refuse(format!("{name} is set twice, in line {first} and in line {line}."));
        }
        values.insert(name, value);
    }
    Ok(values)
}

/// One assignment with its line end, plain where that is safe, otherwise in the quotes that show the value best.
pub(crate) fn print(name: &str, value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,=-".contains(c);
    if value.chars().all(is_plain) {
        return format!("{name}={value}\n");
    }
    if !value.contains(['\'', '\n', '\r']) {
        return format!("{name}='{value}'\n");
    }
    let escaped = value.chars().fold(String::with_capacity(value.len() + 16), |mut text, c| {
        match c {
            // A form field would make a line feed of it.
            '\r' => text.push_str("\\r"),
            '"' | '\\' | '$' | '`' => text.extend(['\\', c]),
            c => text.push(c),
        }
        text
    });
    format!("{name}=\"{escaped}\"\n")
}

struct Reader<'a> {
    rest: &'a str,
    /// Of what `rest` begins with, from 1.
    line: usize,
}

impl Reader<'_> {
    /// The next line, or lines when its value is quoted. None when nothing is on it.
    fn assignment(&mut self) -> Result<Option<(String, String)>, Invalid> {
        let line = self.rest.split('\n').next().unwrap_or_default();
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            self.take(line.len() + 1);
            return Ok(None);
        }
        let Some((name, _)) = line.split_once('=') else {
            return refuse(format!("Line {} has no “=”; write NAME=value.", self.line));
        };
        let end = name.len() + 1;
        let name = without_export(name.trim()).to_owned();
        self.take(end);
        let blanks = self.rest.len() - self.rest.trim_start_matches([' ', '\t']).len();
        let value = match self.rest[blanks..].chars().next() {
            Some(quote @ ('"' | '\'')) => {
                self.take(blanks + 1);
                self.quoted(quote, &name)?
            }
            _ => self.plain(),
        };
        Ok(Some((name, value)))
    }

    /// The rest of the line without its comment and the blanks around it.
    fn plain(&mut self) -> String {
        let line = self.rest.split('\n').next().unwrap_or_default();
        let is_blank = |byte: u8| byte == b' ' || byte == b'\t';
        let comment = line.bytes().enumerate().position(|(at, byte)| {
            byte == b'#' && at.checked_sub(1).is_some_and(|before| is_blank(line.as_bytes()[before]))
        });
        let value = line[..comment.unwrap_or(line.len())].trim_matches(|c: char| c.is_ascii_whitespace()).to_owned();
        self.take(line.len() + 1);
        value
    }

    /// Everything up to the closing quote.
    fn quoted(&mut self, quote: char, name: &str) -> Result<String, Invalid> {
        let (mut value, opened_in) = (String::new(), self.line);
        let mut chars = self.rest.char_indices().peekable();
        let end = loop {
            let Some((at, c)) = chars.next() else {
                return refuse(format!("The quote that opens the value of {name} in line {opened_in} is not closed."));
            };
            match c {
                c if c == quote => break at,
                // However the text was brought here, its lines end alike.
                '\r' if chars.peek().is_some_and(|(_, next)| *next == '\n') => {}
                '\\' if quote == '"' => match chars.next_if(|(_, next)| escape(*next).is_some()) {
                    Some((_, next)) => value.extend(escape(next)),
                    None => value.push('\\'),
                },
                c => value.push(c),
            }
        };
        self.take(end + 1);
        let tail = self.rest.split('\n').next().unwrap_or_default();
        if !tail.trim().is_empty() && !tail.trim_start().starts_with('#') {
            let line = self.line;
            return refuse(format!("In line {line} there is more behind the closing quote of {name}."));
        }
        self.take(tail.len() + 1);
        Ok(value)
    }

    fn take(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        self.line += taken.matches('\n').count();
        self.rest = rest;
    }
}

fn without_export(name: &str) -> &str {
    name.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).map_or(name, str::trim)
}

/// What stands behind a backslash in double quotes.
fn escape(letter: char) -> Option<char> {
    match letter {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '"' | '\\' | '$' | '`' => Some(letter),
        _ => None,
    }
}

fn refuse<T>(sentence: String) -> Result<T, Invalid> {
    Err(Invalid::new("variables", sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(String, String)> {
        parse(text).expect("readable").into_iter().collect()
    }

    fn value(text: &str) -> String {
        read(text).remove(0).1
    }

    fn refusal(text: &str) -> String {
        parse(text).expect_err("must be refused").sentence
    }

    #[test]
    fn env_text_is_read_as_people_write_it() {
        let text =
            "\u{feff}# comment\n\nA=1\nexport B = two words \nC=\"quoted # not a comment\"\nD=a=b\nE=\n  F=6 # six\n";
        let expected =
            [("A", "1"), ("B", "two words"), ("C", "quoted # not a comment"), ("D", "a=b"), ("E", ""), ("F", "6")];
        assert_eq!(read(text), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_hash_begins_a_comment_only_behind_a_blank() {
        assert_eq!(value("A=a#b"), "a#b");
        assert_eq!(value("A=#b"), "#b");
        assert_eq!(value("A= # b"), "");
        assert_eq!(value("A='a # b' # c"), "a # b");
    }

    #[test]
    fn quotes_keep_everything_between_them() {
        assert_eq!(value(r"A='a\n$b`c`'"), r"a\n$b`c`");
        assert_eq!(value(r#"A="a\n\t\"\\\$\`\x""#), "a\n\t\"\\$`\\x");
        assert_eq!(value("A=\"  \""), "  ");
        assert_eq!(value("A=it's"), "it's", "a quote inside is no quote");
        assert_eq!(value("KEY=\"-----BEGIN-----\nabc\n-----END-----\"\nZ=1"), "-----BEGIN-----\nabc\n-----END-----");
        assert_eq!(value("A='x\ny'"), "x\ny");
    }

    #[test]
    fn a_text_from_windows_is_read_alike() {
        assert_eq!(read("A=1\r\nB=\"x\r\ny\"\r\n\r\n# c\r\nC='z'\r\n"), read("A=1\nB=\"x\ny\"\n\n# c\nC='z'\n"));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        assert_eq!(refusal("A=1\nnonsense"), "Line 2 has no “=”; write NAME=value.");
        assert_eq!(refusal("A=\"x\ny\"\nnonsense"), "Line 3 has no “=”; write NAME=value.");
        assert_eq!(refusal("A=1\n\nB='x\ny"), "The quote that opens the value of B in line 3 is not closed.");
        assert_eq!(refusal("A=\"x\" y"), "In line 1 there is more behind the closing quote of A.");
        assert_eq!(refusal("A=1\nB=2\nA=3"), "A is set twice, in line 1 and in line 3.");
    }

    proptest! {
        #[test]
        fn any_values_survive_the_text_form(values in proptest::collection::btree_map("[A-Z_][A-Z0-9_]{0,6}", "(?s).{0,60}", 0..8)) {
            let text: String = values.iter().map(|(name, value)| print(name, value)).collect();
            prop_assert_eq!(parse(&text).expect("readable"), values);
        }

        #[test]
        fn values_of_awkward_letters_survive_the_text_form(value in "[ \t\r\n'\"\\\\$`#=nrtx]{0,12}") {
            let values = BTreeMap::from([("A".to_owned(), value.clone()), ("B".to_owned(), value)]);
            let text: String = values.iter().map(|(name, value)| print(name, value)).collect();
            // A page may bring it with line ends of its own.
            prop_assert_eq!(&parse(&text.replace('\n', "\r\n")).expect("readable"), &values);
            prop_assert_eq!(parse(&text).expect("readable"), values);
        }

        #[test]
        fn no_text_makes_the_reader_stumble(text in "(?s).{0,80}") {
            let _read_or_refused = parse(&text);
        }
    }
}
