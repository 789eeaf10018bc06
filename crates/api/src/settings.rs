use crate::Secret;
use domain::Probe;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a release runs with, besides its image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// The number of the release that has them; the `ETag` names it too.
    pub base: u32,
    /// Where the app listens.
    pub port: u64,
    /// How many copies run.
    pub replicas: u64,
    /// MiB, for each replica.
    pub memory: u64,
    /// Thousandths of a core, for each replica.
    pub cpu: u64,
    /// The path that is probed; absent: the port accepts a connection.
    pub probe_path: Option<String>,
    /// Arguments that replace the image's own command; empty keeps it.
    pub command: Vec<String>,
    /// The variables, for who may read them.
    pub variables: Option<BTreeMap<String, String>>,
    /// The secrets without their values, for who may read variables.
    pub secrets: Option<Vec<Secret>>,
}

impl Settings {
    /// The settings of a release; variables and secrets only for who may read them.
    pub fn of(base: u32, settings: &domain::Settings, shows_variables: bool) -> Self {
        Self {
            base,
            port: settings.port.into(),
            replicas: settings.replicas.into(),
            memory: settings.memory.into(),
            cpu: settings.cpu.into(),
            probe_path: match &settings.probe {
                Probe::Http { path } => Some(path.clone()),
                Probe::Tcp => None,
            },
            command: settings.command.clone(),
            variables: shows_variables.then(|| settings.variables.clone().into()),
            secrets: shows_variables.then(|| settings.secrets.iter().map(Secret::from).collect()),
        }
    }
}

/// What shall change of an app's settings. What is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsChange {
    /// See [`Settings::port`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u64>,
    /// See [`Settings::replicas`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<u64>,
    /// MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// Thousandths of a core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<u64>,
    /// A path to probe; empty for plain TCP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe_path: Option<String>,
    /// See [`Settings::command`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// Variables by name: a text sets one, `null` unsets it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Option<String>>,
    /// Why, for the list of releases. In a deploy, its own reason counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<SettingsChange> for domain::SettingsForm {
    fn from(change: SettingsChange) -> Self {
        Self {
            port: change.port,
            replicas: change.replicas,
            memory: change.memory,
            cpu: change.cpu,
            variables: None,
            probe_path: change.probe_path,
            command: change.command,
            set: change.variables,
            secrets: Vec::new(),
        }
    }
}
