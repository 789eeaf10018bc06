//! What a browser's form sends: all of it text. Here it becomes the forms that `platform` takes.

use crate::{DeployForm, Invalid, TypedSettings};
use serde::{Deserialize, Serialize};

/// A [`DeployForm`] as typed into fields. A number that is empty was left out; a text that is absent had no field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedDeploy {
    /// See [`DeployForm::image`].
    pub image: String,
    /// See [`DeployForm::tag`].
    pub tag: String,
    /// See [`TypedSettings::port`].
    pub port: String,
    /// See [`TypedSettings::replicas`].
    pub replicas: String,
    /// MiB.
    pub memory: String,
    /// Cores, such as `0.5`.
    pub cpu: String,
    /// See [`TypedSettings::variables`].
    pub variables: Option<String>,
    /// See [`TypedSettings::probe_path`].
    pub probe_path: Option<String>,
    /// See [`DeployForm::reason`].
    pub reason: String,
    /// See [`DeployForm::despite`].
    pub despite: String,
}

impl TryFrom<TypedDeploy> for DeployForm {
    type Error = Invalid;
    fn try_from(typed: TypedDeploy) -> Result<Self, Invalid> {
        Ok(Self {
            settings: TypedSettings {
                port: typed.port,
                replicas: typed.replicas,
                memory: typed.memory,
                cpu: typed.cpu,
                variables: typed.variables,
                probe_path: typed.probe_path,
                secrets: Vec::new(),
            }
            .try_into()?,
            image: typed.image.trim().to_owned(),
            tag: typed.tag.trim().to_owned(),
            reason: typed.reason,
            despite: typed.despite,
        })
    }
}

pub(crate) fn whole(field: &str, text: &str) -> Result<Option<u64>, Invalid> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Invalid::new(field, "Give a whole number here.")),
    }
}

/// Cores with at most three decimals become thousandths, digit by digit, so that `0.1` is exactly 100.
pub(crate) fn cores(text: &str) -> Result<Option<u64>, Invalid> {
    let text = text.trim().replace(',', ".");
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_number = digits(whole) && digits(decimals) && !(whole.is_empty() && decimals.is_empty());
    if !is_number || decimals.len() > 3 || whole.len() > 6 {
        return Err(Invalid::new("cpu", "Give cores as a number with at most three decimals, such as 0.5."));
    }
    Ok(format!("{whole}{decimals:0<3}").parse().ok())
}

impl crate::CpuMillis {
    /// In cores, as forms show it: `0.5`, `2`.
    pub fn to_cores(self) -> String {
        let (whole, rest) = (self.get() / 1000, self.get() % 1000);
        if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:03}").trim_end_matches('0').to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CpuMillis, SettingsForm};

    #[test]
    fn an_empty_field_was_left_out() {
        let form = DeployForm::try_from(TypedDeploy { tag: " 1.0 ".to_owned(), ..Default::default() }).expect("valid");
        assert_eq!((form.tag.as_str(), form.settings), ("1.0", SettingsForm::default()));
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let typed = TypedDeploy { port: " 80 ".into(), cpu: "0,25".into(), memory: "512".into(), ..Default::default() };
        let settings = DeployForm::try_from(typed).expect("valid").settings;
        assert_eq!((settings.port, settings.cpu, settings.memory), (Some(80), Some(250), Some(512)));
    }

    #[test]
    fn what_is_no_number_is_refused_at_its_field() {
        let refused = |typed: TypedDeploy| DeployForm::try_from(typed).expect_err("refused").field;
        assert_eq!(refused(TypedDeploy { port: "http".into(), ..Default::default() }), "port");
        for cpu in ["half", ".", "-1", "0.0001", "1e3"] {
            assert_eq!(refused(TypedDeploy { cpu: cpu.into(), ..Default::default() }), "cpu", "{cpu}");
        }
    }

    #[test]
    fn cores_are_shown_as_they_are_typed() {
        for (text, millis) in [("0.5", 500), ("2", 2000), ("0.125", 125), ("1.05", 1050)] {
            assert_eq!(cores(text), Ok(Some(millis)));
            assert_eq!(CpuMillis::try_from(millis).expect("in bounds").to_cores(), text);
        }
    }
}
