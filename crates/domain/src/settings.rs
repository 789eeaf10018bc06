use crate::{CpuMillis, Invalid, Memory, Port, Replicas};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest value of a variable, in bytes.
const LONGEST_VALUE: usize = 64 * 1024;

/// The variables of an app, by name. Values are arbitrary text without NUL bytes, kept byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// Name and value, in order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the text of an `.env` file: `NAME=value` per line, blank lines and lines that start with `#` skipped. The
    /// value is everything after the first `=`; one pair of enclosing quotes is taken off.
    ///
    /// # Errors
    /// Names the line that is no assignment, or whose name no shell would take.
    pub fn from_env_text(text: &str) -> Result<Self, Invalid> {
        let mut variables = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                continue;
            }
            let (name, value) = line.split_once('=').ok_or_else(|| {
                Invalid::new("variables", format!("Line {} has no “=”; write NAME=value.", number + 1))
            })?;
            let name = name.trim().trim_start_matches("export ").trim();
            variables.insert(name.to_owned(), unquoted(value).to_owned());
        }
        Self::try_from(variables)
    }

    /// The `.env` text that [`Variables::from_env_text`] reads back, for values of one line.
    pub fn to_env_text(&self) -> String {
        self.iter()
            .map(
                |(name, value)| {
                    if unquoted(value) == value { format!("{name}={value}\n") } else { format!("{name}=\"{value}\"\n") }
                },
            )
            .collect()
    }
}

fn unquoted(value: &str) -> &str {
    ['"', '\''].iter().find_map(|q| value.strip_prefix(*q)?.strip_suffix(*q)).unwrap_or(value)
}

impl TryFrom<BTreeMap<String, String>> for Variables {
    type Error = Invalid;
    fn try_from(map: BTreeMap<String, String>) -> Result<Self, Invalid> {
        for (name, value) in &map {
            let invalid = |sentence: String| Err(Invalid::new("variables", sentence));
            let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            if !starts || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                return invalid(format!("“{}” is no name for a variable; use A–Z, 0–9 and _.", name.escape_debug()));
            }
            if value.contains('\0') {
                return invalid(format!("The value of {name} contains a NUL byte, which no environment can carry."));
            }
            if value.len() > LONGEST_VALUE {
                return invalid(format!("The value of {name} is longer than 64 KiB."));
            }
        }
        Ok(Self(map))
    }
}

impl From<Variables> for BTreeMap<String, String> {
    fn from(variables: Variables) -> Self {
        variables.0
    }
}

/// How an ingress finds out that a replica is ready for traffic.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Probe {
    /// `GET path` answers with a status from 200 to 399.
    Http {
        /// The path, beginning with `/`.
        path: String,
    },
    /// The port accepts a connection.
    #[default]
    Tcp,
}

/// Everything a release runs with, besides its image. With the image's digest it makes a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Where the app listens.
    pub port: Port,
    /// How many copies run.
    pub replicas: Replicas,
    /// The memory limit and reservation of one replica.
    pub memory: Memory,
    /// The CPU limit of one replica.
    pub cpu: CpuMillis,
    /// Environment of the process.
    pub variables: Variables,
    /// Readiness.
    pub probe: Probe,
    /// Arguments that replace the image's own command; empty keeps it.
    pub command: Vec<String>,
}

/// The settings as a form or request carries them: text and numbers that nobody has checked yet. `None` means: as the
/// last release has it, or the default for a first one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    /// See [`Settings::port`].
    pub port: Option<u64>,
    /// See [`Settings::replicas`].
    pub replicas: Option<u64>,
    /// MiB, see [`Settings::memory`].
    pub memory: Option<u64>,
    /// Thousandths of a core, see [`Settings::cpu`].
    pub cpu: Option<u64>,
    /// The whole `.env` text, see [`Settings::variables`].
    pub variables: Option<String>,
    /// A path to probe; empty for plain TCP.
    pub probe_path: Option<String>,
    /// See [`Settings::command`].
    pub command: Option<Vec<String>>,
}

impl SettingsForm {
    /// Checks every field; what is absent comes from `last`, the settings of the app's last release, or is the default:
    /// port 8080, 1 replica, 256 MiB, half a core, no variables, plain TCP.
    ///
    /// # Errors
    /// The first field that cannot be accepted.
    pub fn over(self, last: Option<&Settings>) -> Result<Settings, Invalid> {
        let number = |given: Option<u64>, before: Option<u64>, default| given.or(before).unwrap_or(default);
        Ok(Settings {
            port: number(self.port, last.map(|l| l.port.into()), 8080).try_into()?,
            replicas: number(self.replicas, last.map(|l| l.replicas.into()), 1).try_into()?,
            memory: number(self.memory, last.map(|l| l.memory.into()), 256).try_into()?,
            cpu: number(self.cpu, last.map(|l| l.cpu.into()), 500).try_into()?,
            variables: match self.variables {
                Some(text) => Variables::from_env_text(&text)?,
                None => last.map(|l| l.variables.clone()).unwrap_or_default(),
            },
            probe: match self.probe_path {
                Some(path) => probe(path.trim())?,
                None => last.map(|l| l.probe.clone()).unwrap_or_default(),
            },
            command: self.command.or_else(|| last.map(|l| l.command.clone())).unwrap_or_default(),
        })
    }
}

fn probe(path: &str) -> Result<Probe, Invalid> {
    if path.is_empty() {
        return Ok(Probe::Tcp);
    }
    let allowed = path.bytes().all(|b| b.is_ascii_graphic());
    if !path.starts_with('/') || !allowed || path.len() > 1024 {
        return Err(Invalid::new("probe_path", "A path begins with “/” and has no blanks, such as “/healthz”."));
    }
    Ok(Probe::Http { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_first_release_needs_no_settings_at_all() {
        let settings = SettingsForm::default().over(None).expect("the defaults are valid");
        assert_eq!((settings.port.get(), settings.replicas.get(), settings.memory.get()), (8080, 1, 256));
    }

    /// futuswarm ignored the port, replicas and limits of the earlier deploy, or of this one, without a word.
    #[test]
    fn a_redeploy_keeps_what_it_does_not_name() {
        let first =
            SettingsForm { port: Some(9000), replicas: Some(3), variables: Some("A=1".into()), ..Default::default() };
        let first = first.over(None).expect("valid");
        let second = SettingsForm { replicas: Some(2), ..Default::default() }.over(Some(&first)).expect("valid");
        assert_eq!((second.port.get(), second.replicas.get(), second.variables.len()), (9000, 2, 1));
    }

    /// futuswarm left an unset variable in the running service.
    #[test]
    fn a_variable_that_is_no_longer_listed_is_gone() {
        let first =
            SettingsForm { variables: Some("A=1\nB=2".into()), ..Default::default() }.over(None).expect("valid");
        let second = SettingsForm { variables: Some("B=2".into()), ..Default::default() };
        assert_eq!(second.over(Some(&first)).expect("valid").variables.iter().collect::<Vec<_>>(), [("B", "2")]);
    }

    #[test]
    fn env_text_is_read_as_people_write_it() {
        let text = "# comment\n\nA=1\nexport B = two words \nC=\"quoted # not a comment\"\nD=a=b\nE=\n";
        let variables = Variables::from_env_text(text).expect("valid");
        let read: Vec<_> = variables.iter().collect();
        assert_eq!(read, [("A", "1"), ("B", " two words "), ("C", "quoted # not a comment"), ("D", "a=b"), ("E", "")]);
        let refused = Variables::from_env_text("A=1\nnonsense").expect_err("no assignment");
        assert_eq!(refused.sentence, "Line 2 has no “=”; write NAME=value.");
        assert!(Variables::from_env_text("1A=x").is_err());
    }

    proptest! {
        #[test]
        fn any_value_of_one_line_survives_the_text_form(value in "[^\r\n\0]{0,200}") {
            let variables = Variables::try_from(BTreeMap::from([("NAME".to_owned(), value)])).expect("valid");
            prop_assert_eq!(Variables::from_env_text(&variables.to_env_text()).expect("valid"), variables);
        }
    }
}
