//! The secrets of an app: settings whose values are written and rotated, and read back by nobody without a reason.

use crate::variables::{check_name, check_value};
use crate::{Invalid, Secret, SecretId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// How a replica gets a secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// As the file `/run/secrets/NAME`, which is in memory only and which nobody sees who inspects the engine.
    #[default]
    File,
    /// As a variable of the environment. Whoever can inspect the engine sees it.
    Environment,
}

impl Delivery {
    /// Both.
    pub const ALL: [Self; 2] = [Self::File, Self::Environment];

    /// The word in forms and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Environment => "environment",
        }
    }

    /// The one with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delivery| delivery.as_str() == word)
    }
}

/// A secret as a release has it: which value, but not the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRef {
    /// Names one value for good; a new value has a new id. So a rollback brings the earlier value back.
    pub id: SecretId,
    /// Who set this value.
    pub set_by: String,
    /// When.
    pub set_at: Timestamp,
    /// How a replica gets it.
    pub delivery: Delivery,
}

/// The secrets of a release, by name.
pub type Secrets = BTreeMap<String, SecretRef>;

/// What somebody wants of one secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretChange {
    /// Which.
    pub name: String,
    /// What becomes of it.
    pub to: SecretTo,
}

/// What becomes of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretTo {
    /// It has this value from now on.
    Value(Secret<String>, Delivery),
    /// It keeps its value and is given to replicas like this.
    Delivery(Delivery),
    /// It is not set any more.
    Gone,
}

/// A [`SecretChange`] as typed into fields.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedSecret {
    /// Which.
    pub name: String,
    /// The new value; empty keeps the present one.
    pub value: String,
    /// See [`Delivery::as_str`].
    pub delivery: String,
    /// Anything but nothing: it shall not be set any more.
    pub remove: String,
}

impl fmt::Debug for TypedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedSecret").field("name", &self.name).finish_non_exhaustive()
    }
}

impl TryFrom<TypedSecret> for SecretChange {
    type Error = Invalid;
    fn try_from(typed: TypedSecret) -> Result<Self, Invalid> {
        let name = typed.name.trim().to_owned();
        let at_secrets = |invalid: Invalid| Invalid::new("secrets", invalid.sentence);
        check_name(&name).map_err(at_secrets)?;
        check_value(&name, &typed.value).map_err(at_secrets)?;
        let delivery = Delivery::named(&typed.delivery)
            .ok_or_else(|| Invalid::new("secrets", format!("Choose how {name} is given: file or environment.")))?;
        let to = match (typed.remove.is_empty(), typed.value.is_empty()) {
            (false, _) => SecretTo::Gone,
            (true, true) => SecretTo::Delivery(delivery),
            (true, false) => SecretTo::Value(Secret::new(typed.value), delivery),
        };
        Ok(Self { name, to })
    }
}

/// A secret as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretView {
    /// Its name.
    pub name: String,
    /// Who set its value.
    pub set_by: String,
    /// When.
    pub set_at: Timestamp,
    /// How a replica gets it.
    pub delivery: Delivery,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(name: &str, value: &str, delivery: &str) -> TypedSecret {
        TypedSecret { name: name.into(), value: value.into(), delivery: delivery.into(), remove: String::new() }
    }

    #[test]
    fn an_empty_field_keeps_the_value() {
        let change = SecretChange::try_from(typed(" TOKEN ", "", "environment")).expect("valid");
        assert_eq!(change, SecretChange { name: "TOKEN".into(), to: SecretTo::Delivery(Delivery::Environment) });
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused_at_its_field() {
        for wrong in [typed("1A", "x", "file"), typed("A", "x\0", "file"), typed("A", "x", "fax")] {
            assert_eq!(SecretChange::try_from(wrong).expect_err("refused").field, "secrets");
        }
    }

    #[test]
    fn a_typed_secret_does_not_print_itself() {
        assert!(!format!("{:?}", typed("A", "hunter2", "file")).contains("hunter2"));
    }
}
