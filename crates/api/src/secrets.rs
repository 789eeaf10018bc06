use crate::moment;
use domain::{SecretChange, SecretRef, SecretTo};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// How a replica gets a secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// As the file `/run/secrets/NAME`.
    #[default]
    File,
    /// As a variable of the environment.
    Environment,
}

impl From<Delivery> for domain::Delivery {
    fn from(delivery: Delivery) -> Self {
        match delivery {
            Delivery::File => Self::File,
            Delivery::Environment => Self::Environment,
        }
    }
}

/// A secret without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// Who set its value.
    pub set_by: String,
    /// When.
    pub set_at: String,
    /// How a replica gets it.
    pub delivery: Delivery,
}

impl From<(&String, &SecretRef)> for Secret {
    fn from((name, secret): (&String, &SecretRef)) -> Self {
        let delivery = match secret.delivery {
            domain::Delivery::File => Delivery::File,
            domain::Delivery::Environment => Delivery::Environment,
        };
        Self { name: name.clone(), set_by: secret.set_by.clone(), set_at: moment(secret.set_at), delivery }
    }
}

/// The new value of a secret. It is never read back.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretValue {
    /// The value.
    pub value: String,
    /// How a replica gets it; as a file when absent.
    #[serde(default)]
    pub delivery: Delivery,
    /// Why, for the list of releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretValue").field("delivery", &self.delivery).finish_non_exhaustive()
    }
}

impl SecretValue {
    /// The change that gives the secret of this name the value.
    ///
    /// # Errors
    /// A name or value that cannot be.
    pub fn of(self, name: String) -> Result<SecretChange, domain::Invalid> {
        let delivery = domain::Delivery::from(self.delivery);
        let typed = domain::TypedSecret {
            name,
            value: self.value,
            delivery: delivery.as_str().to_owned(),
            remove: String::new(),
        };
        let change = SecretChange::try_from(typed)?;
        match change.to {
            SecretTo::Value(..) => Ok(change),
            _ => Err(domain::Invalid::new("value", "A secret has a value; it cannot be empty.")),
        }
    }
}
