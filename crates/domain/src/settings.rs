use crate::{CpuMillis, Invalid, Memory, Port, Replicas, SecretChange, Secrets, Variables};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an ingress finds out that a replica is ready for traffic.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "ProbeFields", into = "ProbeFields")]
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

/// How a [`Probe`] is written: with the same fields whatever its kind, so that it can also be read where no names stand.
#[derive(Serialize, Deserialize)]
struct ProbeFields {
    kind: ProbeKind,
    #[serde(default)]
    path: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProbeKind {
    Http,
    Tcp,
}

impl From<Probe> for ProbeFields {
    fn from(probe: Probe) -> Self {
        match probe {
            Probe::Http { path } => Self { kind: ProbeKind::Http, path: Some(path) },
            Probe::Tcp => Self { kind: ProbeKind::Tcp, path: None },
        }
    }
}

impl From<ProbeFields> for Probe {
    fn from(fields: ProbeFields) -> Self {
        match fields.kind {
            ProbeKind::Http => Self::Http { path: fields.path.unwrap_or_else(|| "/".to_owned()) },
            ProbeKind::Tcp => Self::Tcp,
        }
    }
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
    /// What is kept apart from the variables because its values are nobody's to read.
    #[serde(default)]
    pub secrets: Secrets,
}

impl Settings {
    /// The same for those who may not read variables: without them, and without secrets.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self { variables: Variables::default(), secrets: Secrets::new(), ..self.clone() }
    }

    /// Whether what is set fits together.
    ///
    /// # Errors
    /// A name that is a variable and a secret.
    pub fn check(&self) -> Result<(), Invalid> {
        match self.secrets.keys().find(|name| self.variables.get(name).is_some()) {
            Some(name) => Err(Invalid::new("variables", format!("{name} is a secret; it cannot be a variable too."))),
            None => Ok(()),
        }
    }
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
    /// Variables that get a value, or are not set any more; the others stay.
    pub set: BTreeMap<String, Option<String>>,
    /// What becomes of which secrets; the others stay. Never part of a text form.
    #[serde(skip)]
    pub secrets: Vec<SecretChange>,
}

impl SettingsForm {
    /// Checks every field; what is absent comes from `last`, the settings of the app's last release, or is the default:
    /// port 8080, 1 replica, 256 MiB, half a core, no variables, plain TCP.
    ///
    /// Secrets are as in `last`: who keeps values puts the changes of those in.
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
            variables: self.set.into_iter().try_fold(
                match self.variables {
                    Some(text) => Variables::from_env_text(&text)?,
                    None => last.map(|l| l.variables.clone()).unwrap_or_default(),
                },
                |variables, (name, value)| variables.with(&name, value),
            )?,
            probe: match self.probe_path {
                Some(path) => probe(path.trim())?,
                None => last.map(|l| l.probe.clone()).unwrap_or_default(),
            },
            command: self.command.or_else(|| last.map(|l| l.command.clone())).unwrap_or_default(),
            secrets: last.map(|l| l.secrets.clone()).unwrap_or_default(),
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
}
