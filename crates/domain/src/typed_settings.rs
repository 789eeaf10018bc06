//! The settings as a page shows and sends them: all of it text.

use crate::typed::{cores, whole};
use crate::{Difference, Invalid, Probe, SecretView, Settings, SettingsForm, Timestamp, TypedSecret, Variables};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A [`SettingsForm`] as typed into fields. A number that is empty was left out; a text that is absent had no field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedSettings {
    /// See [`SettingsForm::port`].
    pub port: String,
    /// See [`SettingsForm::replicas`].
    pub replicas: String,
    /// MiB.
    pub memory: String,
    /// Cores, such as `0.5`.
    pub cpu: String,
    /// See [`SettingsForm::variables`].
    pub variables: Option<String>,
    /// See [`SettingsForm::probe_path`].
    pub probe_path: Option<String>,
    /// Secrets that shall change.
    pub secrets: Vec<TypedSecret>,
}

impl TryFrom<TypedSettings> for SettingsForm {
    type Error = Invalid;
    fn try_from(typed: TypedSettings) -> Result<Self, Invalid> {
        Ok(Self {
            port: whole("port", &typed.port)?,
            replicas: whole("replicas", &typed.replicas)?,
            memory: whole("memory", &typed.memory)?,
            cpu: cores(&typed.cpu)?,
            variables: typed.variables,
            probe_path: typed.probe_path,
            command: None,
            set: BTreeMap::new(),
            secrets: typed.secrets.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        })
    }
}

impl TypedSettings {
    /// Settings as their fields show them. Who may not read variables gets no field for them, and they stay.
    pub fn of(settings: &Settings, shows_variables: bool) -> Self {
        Self {
            port: settings.port.get().to_string(),
            replicas: settings.replicas.get().to_string(),
            memory: settings.memory.get().to_string(),
            cpu: settings.cpu.to_cores(),
            variables: shows_variables.then(|| settings.variables.to_env_text()),
            probe_path: Some(match &settings.probe {
                Probe::Http { path } => path.clone(),
                Probe::Tcp => String::new(),
            }),
            secrets: Vec::new(),
        }
    }

    /// What was typed over `base`, put over `onto` instead: somebody else has changed the settings meanwhile. Each keeps
    /// what only they changed; where both changed the same, what was typed here counts. Variables that cannot be read stay
    /// as they were typed.
    #[must_use]
    pub fn moved(self, base: &Self, onto: &Self) -> Self {
        let field = |mine: String, base: &str, onto: &str| if mine.trim() == base { onto.to_owned() } else { mine };
        Self {
            port: field(self.port, &base.port, &onto.port),
            replicas: field(self.replicas, &base.replicas, &onto.replicas),
            memory: field(self.memory, &base.memory, &onto.memory),
            cpu: field(self.cpu, &base.cpu, &onto.cpu),
            probe_path: if self.probe_path == base.probe_path { onto.probe_path.clone() } else { self.probe_path },
            variables: match (self.variables, &base.variables, &onto.variables) {
                (Some(mine), Some(base), Some(onto)) => Some(merged(&mine, base, onto).unwrap_or(mine)),
                (mine, ..) => mine,
            },
            secrets: self.secrets,
        }
    }
}

fn merged(mine: &str, base: &str, onto: &str) -> Option<String> {
    let read = |text: &str| Variables::from_env_text(text).ok();
    Some(read(onto)?.merged(&read(base)?, &read(mine)?).to_env_text())
}

/// What the page of an app's settings starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// The number of the release that has them.
    pub base: u32,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// As the fields show them.
    pub typed: TypedSettings,
    /// Its secrets, by name, without their values.
    pub secrets: Vec<SecretView>,
}

/// What a change would do, before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The release it starts from.
    pub base: u32,
    /// The number that the new release would have.
    pub next: u32,
    /// What becomes different.
    pub differences: Vec<Difference>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(form: SettingsForm) -> TypedSettings {
        TypedSettings::of(&form.over(None).expect("valid"), true)
    }

    #[test]
    fn what_the_fields_show_reads_back_to_the_same_settings() {
        let form = SettingsForm {
            port: Some(9000),
            cpu: Some(250),
            variables: Some("A=' 1 '\nB=\"x\ny\"".into()),
            probe_path: Some("/healthz".into()),
            ..Default::default()
        };
        let settings = form.over(None).expect("valid");
        let back = SettingsForm::try_from(TypedSettings::of(&settings, true)).expect("valid");
        assert_eq!(back.over(Some(&settings)).expect("valid"), settings);
        let hidden = SettingsForm::try_from(TypedSettings::of(&settings, false)).expect("valid");
        assert_eq!(hidden.over(Some(&settings)).expect("valid"), settings, "what is not shown stays");
    }

    #[test]
    fn what_was_typed_moves_onto_what_somebody_else_changed() {
        let base = typed(SettingsForm { variables: Some("A=1\nB=1".into()), ..Default::default() });
        let theirs =
            typed(SettingsForm { memory: Some(512), variables: Some("A=2\nB=1".into()), ..Default::default() });
        let mine = TypedSettings { replicas: "3".into(), variables: Some("A=1\nB=3".into()), ..base.clone() };
        let moved = mine.moved(&base, &theirs);
        assert_eq!((moved.replicas.as_str(), moved.memory.as_str()), ("3", "512"));
        assert_eq!(moved.variables.as_deref(), Some("A=2\nB=3\n"));
    }

    #[test]
    fn variables_that_cannot_be_read_yet_are_not_lost() {
        let base = typed(SettingsForm::default());
        let mine = TypedSettings { variables: Some("half a li".into()), ..base.clone() };
        assert_eq!(mine.clone().moved(&base, &base), mine);
    }
}
