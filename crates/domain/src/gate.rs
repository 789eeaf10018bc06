//! The gate in front of apps: what the server tells the ingresses about it, and what they ask when somebody comes back from
//! signing in.

use crate::{AppId, Email, HostName, PersonId, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an ingress checks visitors by. All of it is in memory there: it asks nobody while a visitor waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateTable {
    /// Where people sign in: `http://localhost:8080`. Apps have the same scheme and port.
    pub console: String,
    /// The first signs; all of them are believed.
    pub keys: Vec<GateKey>,
    /// Sessions that ended although a pass made from them could still be shown.
    pub ended: Vec<String>,
    /// The teams that some route names, with who belongs to them.
    pub teams: Vec<GateTeam>,
}

/// A pair of keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateKey {
    /// Names it, in passes and in the published set.
    pub id: String,
    /// Signs the cookie by which a visitor passes.
    pub pass: KeyMaterial,
    /// Signs what apps are told about their visitor.
    pub assertion: KeyMaterial,
}

/// 32 bytes that nobody may see. Unlike a [`Secret`](crate::Secret) it can be sent to an ingress; it does not print either.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyMaterial([u8; 32]);

impl KeyMaterial {
    /// Wraps the bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the one place that needs them.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// As text, for the store and for the way to an ingress.
    pub fn to_hex(&self) -> String {
        use fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _never_fails = write!(text, "{byte:02x}");
            text
        })
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyMaterial(…)")
    }
}

impl From<KeyMaterial> for String {
    fn from(key: KeyMaterial) -> Self {
        key.to_hex()
    }
}

impl TryFrom<String> for KeyMaterial {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err("this is no key");
        }
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| "this is no key")?;
        }
        Ok(Self(bytes))
    }
}

/// A team that a route names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateTeam {
    /// Which.
    pub id: TeamId,
    /// What apps are told it is called.
    pub name: String,
    /// Who belongs to it.
    pub members: Vec<Email>,
}

/// Somebody's leave to open one app, for a while. The ingress signs it and keeps it in a cookie of the app's host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// The app, and no other.
    pub app_id: AppId,
    /// The app's host at that time.
    pub host: HostName,
    /// Who.
    pub person_id: PersonId,
    /// Their address.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// The session of the console that it was made from, as a hash. When that ends, so does the pass.
    pub session: String,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

/// What an ingress asks when a browser comes back with a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeShown {
    /// The code.
    pub code: String,
    /// The host it was shown at.
    pub host: HostName,
    /// The hash of what the ingress had given this browser before it went to sign in.
    pub nonce: String,
}

/// What a good code stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The pass.
    pub pass: Pass,
    /// The path, with its query, that was first asked for.
    pub path: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_travels_and_does_not_print() {
        let key = KeyMaterial::new([0xab; 32]);
        let text = serde_json::to_string(&key).expect("sent");
        assert_eq!(serde_json::from_str::<KeyMaterial>(&text).expect("read"), key);
        let table = GateTable {
            keys: vec![GateKey { id: "k".into(), pass: key.clone(), assertion: key }],
            ..GateTable::default()
        };
        let printed = format!("{table:?}").to_lowercase();
        assert!(!printed.contains("abab") && !printed.contains("171"), "{printed}");
        for none in ["\"ab\"", "\"zz\"", &format!("\"{}\"", "ä".repeat(32))] {
            assert!(serde_json::from_str::<KeyMaterial>(none).is_err());
        }
    }
}
