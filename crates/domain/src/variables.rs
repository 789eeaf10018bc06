use crate::{Invalid, env_text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest value of a variable, in bytes.
const LONGEST_VALUE: usize = 64 * 1024;
/// Longest name of a variable, in bytes.
const LONGEST_NAME: usize = 200;
/// Names and values of one release together, in bytes. The swarm keeps them with every replica, and its own log takes no
/// entry above 1.5 MB.
const MOST: usize = 512 * 1024;

/// The variables of an app, by name. Values are arbitrary text without NUL bytes, kept byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Name and value, in order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a variable; none when it is not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The same with one variable set to a value, or not set any more.
    ///
    /// # Errors
    /// What cannot be a variable.
    pub fn with(mut self, name: &str, value: Option<String>) -> Result<Self, Invalid> {
        match value {
            Some(value) => self.0.insert(name.to_owned(), value),
            None => self.0.remove(name),
        };
        Self::try_from(self.0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the text of an `.env` file: `NAME=value` on each line, with or without `export`. Blank lines are skipped, and
    /// comments, which begin with `#` at the beginning of a line or behind a blank. Blanks around a value are not part of
    /// it. In single quotes everything means itself; in double quotes `\n`, `\r`, `\t`, `\"`, `\\`, `\$` and `` \` `` are
    /// escapes. Quoted values may have several lines. Nothing is ever put in for a `$`.
    ///
    /// # Errors
    /// Names the line that cannot be read, is set for a second time, or has a name that no shell would take.
    pub fn from_env_text(text: &str) -> Result<Self, Invalid> {
        Self::try_from(env_text::parse(text)?)
    }

    /// The `.env` text that [`Variables::from_env_text`] reads back to the same, whatever the values are.
    pub fn to_env_text(&self) -> String {
        self.iter().map(|(name, value)| env_text::print(name, value)).collect()
    }

    /// What `mine` changed of `base`, done to these: of two people who edit at once each keeps what only they changed, and
    /// `mine` counts where both did.
    #[must_use]
    pub fn merged(mut self, base: &Self, mine: &Self) -> Self {
        self.0.retain(|name, _| mine.get(name).is_some() || base.get(name).is_none());
        for (name, value) in mine.iter().filter(|(name, value)| base.get(name) != Some(value)) {
            self.0.insert(name.to_owned(), value.to_owned());
        }
        self
    }
}

/// Whether a shell would take this for a variable's name: POSIX, “Name” in its base definitions.
pub(crate) fn check_name(name: &str) -> Result<(), Invalid> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        let shown: String = name.chars().take(40).collect();
        return invalid(format!(
            "“{}” is no name for a variable; use A–Z, 0–9 and _, and no digit at the beginning.",
            shown.escape_debug()
        ));
    }
    if name.len() > LONGEST_NAME {
        return invalid(format!("The name {}… is longer than {LONGEST_NAME} characters.", &name[..40]));
    }
    Ok(())
}

/// Whether an environment can carry this value.
pub(crate) fn check_value(name: &str, value: &str) -> Result<(), Invalid> {
    if value.contains('\0') {
        return invalid(format!("The value of {name} contains a NUL byte, which no environment can carry."));
    }
    if value.len() > LONGEST_VALUE {
        return invalid(format!("The value of {name} is longer than 64 KiB."));
    }
    Ok(())
}

fn invalid(sentence: String) -> Result<(), Invalid> {
    Err(Invalid::new("variables", sentence))
}

impl TryFrom<BTreeMap<String, String>> for Variables {
    type Error = Invalid;
    fn try_from(map: BTreeMap<String, String>) -> Result<Self, Invalid> {
        for (name, value) in &map {
            check_name(name)?;
            check_value(name, value)?;
        }
        if map.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > MOST {
            return Err(Invalid::new("variables", "All variables together are larger than 512 KiB."));
        }
        Ok(Self(map))
    }
}

impl From<Variables> for BTreeMap<String, String> {
    fn from(variables: Variables) -> Self {
        variables.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Variables {
        Variables::from_env_text(text).expect("valid")
    }

    #[test]
    fn a_name_is_what_a_shell_would_take() {
        for good in ["A", "_", "a1", "PATH", "_0"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "1A", "A-B", "A.B", "A B", "Ä", "A\n", "A=B", "-", "$A", "A\0"] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
        assert!(check_name(&"A".repeat(201)).is_err());
    }

    #[test]
    fn a_value_has_bounds() {
        let one = |value: String| Variables::default().with("A", Some(value)).map(|_| ());
        assert_eq!(one("x".repeat(64 * 1024)), Ok(()));
        assert_eq!(
            one("x".repeat(64 * 1024 + 1)).expect_err("refused").sentence,
            "The value of A is longer than 64 KiB."
        );
        assert!(one("a\0b".to_owned()).expect_err("refused").sentence.contains("NUL byte"));
        let many = (0..9).map(|n| (format!("A{n}"), "x".repeat(64 * 1024))).collect::<BTreeMap<_, _>>();
        assert!(Variables::try_from(many).expect_err("refused").sentence.contains("512 KiB"));
    }

    #[test]
    fn of_two_who_edit_at_once_each_keeps_what_only_they_changed() {
        let base = of("SAME=1\nMINE=1\nTHEIRS=1\nBOTH=1\nI_REMOVE=1\nTHEY_REMOVE=1");
        let mine = of("SAME=1\nMINE=2\nTHEIRS=1\nBOTH=2\nTHEY_REMOVE=1\nI_ADD=1");
        let theirs = of("SAME=1\nMINE=1\nTHEIRS=3\nBOTH=3\nI_REMOVE=1\nTHEY_ADD=1");
        let expected = of("SAME=1\nMINE=2\nTHEIRS=3\nBOTH=2\nI_ADD=1\nTHEY_ADD=1");
        assert_eq!(theirs.merged(&base, &mine), expected);
    }
}
