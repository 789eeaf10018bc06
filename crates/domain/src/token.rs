//! Tokens: how scripts and CI come in.

use crate::{AppId, AppName, Email, Invalid, PersonId, Timestamp, TokenId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest name, in characters.
const LONGEST_NAME: usize = 60;
/// The longest that a token works, in days.
const LONGEST_LIFE: u64 = 366;
/// How long it works when nobody says otherwise, in days.
const USUAL_LIFE: u64 = 90;

/// What a token is called, so that people know which one to withdraw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenName(String);

impl TokenName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for TokenName {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = |sentence: &str| Err(Invalid::new("name", sentence));
        let text = text.trim();
        let allowed = |c: char| c.is_ascii_alphanumeric() || " ._-@".contains(c);
        match text.chars().count() {
            0 => invalid("Give the token a name, such as “ci”."),
            n if n > LONGEST_NAME => invalid("A token's name has at most 60 characters."),
            _ if !text.chars().all(allowed) => invalid("Use letters, digits, blanks and . _ - @ in a token's name."),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl TryFrom<String> for TokenName {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<TokenName> for String {
    fn from(name: TokenName) -> Self {
        name.0
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a token may do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// What its person may.
    Personal,
    /// Deploy one app, and nothing else.
    Deploy {
        /// Which.
        app: AppId,
        /// What it is called.
        name: AppName,
    },
}

impl TokenScope {
    /// What its text begins with: who finds one lying about, a person or a scanner, sees what it is.
    pub const fn prefix(&self) -> &'static str {
        match self {
            Self::Personal => "slipway_me_",
            Self::Deploy { .. } => "slipway_app_",
        }
    }
}

/// A token as its owners see it. Its text is shown once, when it is made, and not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Never changes.
    pub id: TokenId,
    /// Unique among the tokens of its app, or of its person.
    pub name: TokenName,
    /// What it may do.
    pub scope: TokenScope,
    /// Who made it. It may never do more than they may.
    pub person: PersonId,
    /// The address of that person.
    pub made_by: Email,
    /// The token that it was made with, if it was; it ends with that one.
    pub made_with: Option<TokenId>,
    /// When.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was last used, within a few minutes.
    pub used_at: Option<Timestamp>,
}

impl Token {
    /// The app that it deploys, when that is all it may do.
    pub fn deploys(&self) -> Option<AppId> {
        match &self.scope {
            TokenScope::Personal => None,
            TokenScope::Deploy { app, .. } => Some(*app),
        }
    }

    /// Whether it has stopped working.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }
}

/// Whether a token works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// It does.
    Works,
    /// It is too old.
    Expired,
    /// The person who made it may not do any more what it does.
    Stopped,
}

impl TokenState {
    /// The word in the API and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Expired => "expired",
            Self::Stopped => "stopped",
        }
    }
}

/// A token in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// The token.
    pub token: Token,
    /// Whether it works.
    pub state: TokenState,
}

/// A token to come, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenForm {
    /// See [`Token::name`].
    pub name: String,
    /// For how many days it works; 90 when absent.
    pub days: Option<u64>,
}

impl TokenForm {
    /// The name, and when it stops working.
    ///
    /// # Errors
    /// A name that cannot be, or a life that is too long: every token ends.
    pub fn checked(&self, now: Timestamp) -> Result<(TokenName, Timestamp), Invalid> {
        let days = self.days.unwrap_or(USUAL_LIFE);
        if !(1..=LONGEST_LIFE).contains(&days) {
            return Err(Invalid::new("days", "A token works for 1 to 366 days."));
        }
        let millis = i64::try_from(days).unwrap_or_default() * 24 * 3600 * 1000;
        Ok((self.name.parse()?, now.plus_millis(millis)))
    }
}

/// A token that was just made, with its text, which is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// The token.
    pub token: Token,
    /// What to send as `Authorization: Bearer …`.
    pub text: String,
}

impl fmt::Debug for NewToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewToken").field("token", &self.token).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_nothing_that_a_header_or_a_terminal_would_act_on() {
        for good in ["ci", "GitHub Actions main", "ada@laptop", " ci "] {
            assert!(good.parse::<TokenName>().is_ok(), "{good:?}");
        }
        for attack in ["", " ", "a\nb", "a\r\nX-Admin: yes", "a\u{1b}[2J", "a\0", "a/b", "é", "<b>", &"a".repeat(61)] {
            assert!(attack.parse::<TokenName>().is_err(), "{attack:?}");
        }
    }

    #[test]
    fn every_token_ends() {
        let form = |days| TokenForm { name: "ci".to_owned(), days };
        let day = 24 * 3600 * 1000;
        assert_eq!(form(None).checked(Timestamp(0)).expect("valid").1, Timestamp(90 * day));
        assert_eq!(form(Some(1)).checked(Timestamp(0)).expect("valid").1, Timestamp(day));
        for days in [0, 367, u64::MAX] {
            assert_eq!(form(Some(days)).checked(Timestamp(0)).expect_err("refused").field, "days");
        }
    }
}
