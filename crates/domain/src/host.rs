use crate::{AppName, Invalid};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A host name as it stands in a `Host` header, in small letters and without the port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HostName(String);

impl HostName {
    /// The host name of an app under the base domain.
    pub fn of_app(name: &AppName, base: &Self) -> Self {
        Self(format!("{name}.{}", base.0))
    }

    /// What a request says in `Host` or `:authority`: the port is dropped, letters become small.
    pub fn of_request(authority: &str) -> Self {
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        };
        Self(host.trim_end_matches('.').to_ascii_lowercase())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HostName {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let label = |l: &str| {
            (1..=63).contains(&l.len())
                && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !l.starts_with('-')
                && !l.ends_with('-')
        };
        if text.len() <= 253 && text.split('.').all(label) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err(Invalid::new("host", "This is not a host name."))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_its_host_in_several_ways() {
        for written in ["shop.localhost:8080", "SHOP.localhost", "shop.localhost.", "Shop.Localhost:80"] {
            assert_eq!(HostName::of_request(written).as_str(), "shop.localhost");
        }
    }
}
