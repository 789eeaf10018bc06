//! What is different between two releases, line by line.

use crate::{Probe, Release, SecretRef, Settings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a release is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The image's repository.
    Image,
    /// The tag as it was typed.
    Tag,
    /// What the tag meant at the time.
    Digest,
    /// See [`Settings::port`].
    Port,
    /// See [`Settings::replicas`].
    Replicas,
    /// See [`Settings::memory`].
    Memory,
    /// See [`Settings::cpu`].
    Cpu,
    /// See [`Settings::probe`].
    Health,
    /// See [`Settings::command`].
    Command,
    /// A variable, by name.
    Variable(String),
    /// A secret, by name.
    Secret(String),
}

impl Part {
    /// What it is called on a page.
    pub fn label(&self) -> &str {
        match self {
            Self::Image => "Image",
            Self::Tag => "Tag",
            Self::Digest => "Digest",
            Self::Port => "Port",
            Self::Replicas => "Replicas",
            Self::Memory => "Memory",
            Self::Cpu => "CPU",
            Self::Health => "Health",
            Self::Command => "Command",
            Self::Variable(name) | Self::Secret(name) => name,
        }
    }
}

/// One side of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// It is not there.
    Absent,
    /// It is there, and not for the eyes of the one who asks.
    Masked,
    /// It is this.
    Shown(String),
}

/// One thing that two releases do not have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Which.
    pub part: Part,
    /// What the one has.
    pub before: Side,
    /// What the other has.
    pub after: Side,
}

impl Difference {
    /// In one word: what happened on the way from the one to the other.
    pub fn word(&self) -> &'static str {
        match (&self.before, &self.after) {
            (Side::Absent, _) => "Added",
            (_, Side::Absent) => "Removed",
            _ => "Changed",
        }
    }

    /// In a few words, without the value of any variable: `memory 256 MiB → 512 MiB`, `TOKEN changed`.
    pub fn in_short(&self) -> String {
        match (&self.part, &self.before, &self.after) {
            (Part::Variable(name) | Part::Secret(name), ..) => format!("{name} {}", self.word().to_lowercase()),
            (Part::Digest, ..) => "digest changed".to_owned(),
            (part, Side::Shown(before), Side::Shown(after)) => {
                format!("{} {before} → {after}", part.label().to_lowercase().replace("cpu", "CPU"))
            }
            (part, ..) => format!("{} {}", part.label().to_lowercase(), self.word().to_lowercase()),
        }
    }
}

/// Two releases side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The one, with its settings but no variables.
    pub from: Release,
    /// The other, likewise.
    pub to: Release,
    /// What they do not have in common.
    pub differences: Vec<Difference>,
    /// The numbers of all releases that can be compared, newest first.
    pub numbers: Vec<u32>,
}

/// What is different between two releases; values of variables only for those who may read them.
pub fn compare(from: &Release, to: &Release, shows_values: bool) -> Vec<Difference> {
    let mut list = Vec::new();
    push(&mut list, Part::Image, from.image.repository.to_string(), to.image.repository.to_string());
    push(&mut list, Part::Tag, from.image.tag.to_string(), to.image.tag.to_string());
    push(&mut list, Part::Digest, from.digest.to_string(), to.digest.to_string());
    list.extend(compare_settings(&from.settings, &to.settings, shows_values));
    list
}

/// The same for settings alone.
pub fn compare_settings(from: &Settings, to: &Settings, shows_values: bool) -> Vec<Difference> {
    let mut list = Vec::new();
    push(&mut list, Part::Port, from.port.get().to_string(), to.port.get().to_string());
    push(&mut list, Part::Replicas, from.replicas.get().to_string(), to.replicas.get().to_string());
    push(&mut list, Part::Memory, from.memory.to_string(), to.memory.to_string());
    push(&mut list, Part::Cpu, cores(from), cores(to));
    push(&mut list, Part::Health, health(from), health(to));
    push(&mut list, Part::Command, command(from), command(to));
    let names: BTreeSet<_> = from.variables.iter().chain(to.variables.iter()).map(|(name, _)| name).collect();
    for name in names {
        let (before, after) = (from.variables.get(name), to.variables.get(name));
        if before != after {
            let side = |value: Option<&str>| match value {
                None => Side::Absent,
                Some(_) if !shows_values => Side::Masked,
                Some(value) => Side::Shown(value.to_owned()),
            };
            list.push(Difference { part: Part::Variable(name.to_owned()), before: side(before), after: side(after) });
        }
    }
    let names: BTreeSet<_> = from.secrets.keys().chain(to.secrets.keys()).collect();
    for name in names {
        let (before, after) = (from.secrets.get(name), to.secrets.get(name));
        if before != after {
            list.push(Difference { part: Part::Secret(name.clone()), before: secret(before), after: secret(after) });
        }
    }
    list
}

/// Which value a secret has, told without the value.
fn secret(secret: Option<&SecretRef>) -> Side {
    secret.map_or(Side::Absent, |secret| {
        let SecretRef { set_by, set_at, delivery, .. } = secret;
        Side::Shown(format!("secret set by {set_by}, {}; given as {}", set_at.to_utc(), delivery.as_str()))
    })
}

fn push(list: &mut Vec<Difference>, part: Part, before: String, after: String) {
    if before != after {
        list.push(Difference { part, before: Side::Shown(before), after: Side::Shown(after) });
    }
}

fn cores(settings: &Settings) -> String {
    let cores = settings.cpu.to_cores();
    if cores == "1" { "1 core".to_owned() } else { format!("{cores} cores") }
}

fn health(settings: &Settings) -> String {
    match &settings.probe {
        Probe::Http { path } => format!("GET {path}"),
        Probe::Tcp => "the port accepts a connection".to_owned(),
    }
}

/// Arguments that look alike when they are joined are told apart by quotes.
fn command(settings: &Settings) -> String {
    if settings.command.is_empty() { "the image's own".to_owned() } else { format!("{:?}", settings.command) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AppId, ReleaseId, SettingsForm, Timestamp};

    fn release(number: u32, tag: &str, form: SettingsForm) -> Release {
        Release {
            id: ReleaseId::NIL,
            app_id: AppId::NIL,
            number,
            image: crate::ImageRef { repository: "shop".parse().expect("valid"), tag: tag.parse().expect("valid") },
            digest: format!("sha256:{}", if tag == "1.0" { "0" } else { "1" }.repeat(64)).parse().expect("valid"),
            settings: form.over(None).expect("valid"),
            made_by: "ada@example.com".into(),
            made_at: Timestamp(0),
            reason: String::new(),
        }
    }

    fn in_short(from: &Release, to: &Release) -> Vec<String> {
        compare(from, to, true).iter().map(Difference::in_short).collect()
    }

    #[test]
    fn a_release_does_not_differ_from_itself() {
        let one = release(1, "1.0", SettingsForm { variables: Some("A=1".into()), ..Default::default() });
        assert_eq!(compare(&one, &one, true), []);
    }

    #[test]
    fn every_part_is_compared() {
        let form = SettingsForm {
            port: Some(9000),
            replicas: Some(3),
            memory: Some(512),
            cpu: Some(1000),
            variables: Some("B=2\nC=3".into()),
            probe_path: Some("/healthz".into()),
            command: Some(vec!["serve".into()]),
            ..Default::default()
        };
        let first = release(1, "1.0", SettingsForm { variables: Some("A=1\nB=1".into()), ..Default::default() });
        let expected = [
            "tag 1.0 → 1.1",
            "digest changed",
            "port 8080 → 9000",
            "replicas 1 → 3",
            "memory 256 MiB → 512 MiB",
            "CPU 0.5 cores → 1 core",
            "health the port accepts a connection → GET /healthz",
            "command the image's own → [\"serve\"]",
            "A removed",
            "B changed",
            "C added",
        ];
        assert_eq!(in_short(&first, &release(2, "1.1", form)), expected);
    }

    #[test]
    fn values_are_masked_for_those_who_may_not_read_them() {
        let of = |text: &str| release(1, "1.0", SettingsForm { variables: Some(text.into()), ..Default::default() });
        let list = compare(&of("TOKEN=hidden-one\nGONE=hidden-two"), &of("TOKEN=hidden-three\nNEW=hidden-four"), false);
        assert!(!format!("{list:?}").contains("hidden"), "{list:?}");
        let sides: Vec<_> = list.iter().map(|d| (d.part.label(), &d.before, &d.after)).collect();
        let expected = [
            ("GONE", &Side::Masked, &Side::Absent),
            ("NEW", &Side::Absent, &Side::Masked),
            ("TOKEN", &Side::Masked, &Side::Masked),
        ];
        assert_eq!(sides, expected);
    }

    #[test]
    fn a_value_does_not_stand_in_the_short_form() {
        let of = |text: &str| release(1, "1.0", SettingsForm { variables: Some(text.into()), ..Default::default() });
        assert_eq!(in_short(&of("TOKEN=one"), &of("TOKEN=two")), ["TOKEN changed"]);
    }
}
