use crate::{Invalid, PersonId, PlatformRole};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An e-mail address, in small letters. Only its shape is checked: that it belongs to somebody is the identity
/// provider's word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Email {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_lowercase();
        let plausible = text
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
        if plausible && text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Ok(Self(text));
        }
        Err(Invalid::new("email", "This is not an e-mail address."))
    }
}

impl TryFrom<String> for Email {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Somebody who has signed in, or was invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Never changes.
    pub id: PersonId,
    /// Unique on the platform.
    pub email: Email,
    /// As the identity provider writes it.
    pub name: String,
    /// What they are on the platform, beside what they are in teams.
    pub platform_role: Option<PlatformRole>,
}

impl Person {
    /// Whether the platform itself is theirs to run.
    pub fn is_admin(&self) -> bool {
        self.platform_role == Some(PlatformRole::Admin)
    }

    /// One or two capitals that stand for the person in a small circle.
    pub fn initials(&self) -> String {
        let named = self.name.split_whitespace().filter_map(|word| word.chars().next());
        let mut letters: Vec<char> = named.filter(|c| c.is_alphabetic()).collect();
        if letters.is_empty() {
            letters.extend(self.email.as_str().chars().next());
        }
        let last = letters.last().copied().filter(|_| letters.len() > 1);
        letters.first().into_iter().chain(&last).flat_map(|c| c.to_uppercase()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        let initials = |name: &str| {
            let email = "zoe@example.com".parse().expect("an address");
            Person { id: PersonId::new(uuid::Uuid::nil()), email, name: name.to_owned(), platform_role: None }
                .initials()
        };
        assert_eq!(["Ada King Lovelace", "åke", "", "42"].map(initials), ["AL", "Å", "Z", "Z"]);
    }
}
