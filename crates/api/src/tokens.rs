use crate::moment;
use domain::{TokenScope, TokenView};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// A token without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Never changes.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The one app it deploys; absent: it may what its person may.
    pub app: Option<String>,
    /// `works`, `expired`, or `stopped` when who made it may not do any more what it does.
    pub state: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub created_at: String,
    /// When it stops working.
    pub expires_at: String,
    /// When it was last used, within a few minutes.
    pub used_at: Option<String>,
}

impl From<TokenView> for Token {
    fn from(view: TokenView) -> Self {
        Self::of(view.token, view.state.as_str())
    }
}

impl Token {
    /// A token in a state.
    pub fn of(token: domain::Token, state: &str) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.to_string(),
            app: match token.scope {
                TokenScope::Personal => None,
                TokenScope::Deploy { name, .. } => Some(name.to_string()),
            },
            state: state.to_owned(),
            made_by: token.made_by.to_string(),
            created_at: moment(token.created_at),
            expires_at: moment(token.expires_at),
            used_at: token.used_at.map(moment),
        }
    }
}

/// A token to come, which deploys one app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Unique among the tokens of the app.
    pub name: String,
    /// For how many days it works, at most 366; 90 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u64>,
}

impl From<NewToken> for domain::TokenForm {
    fn from(new: NewToken) -> Self {
        Self { name: new.name, days: new.days }
    }
}

/// A token that was just made. Its text is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MadeToken {
    /// The token.
    pub token: Token,
    /// What to send as `Authorization: Bearer …`.
    pub text: String,
}

impl fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeToken").field("token", &self.token).finish_non_exhaustive()
    }
}

impl From<domain::NewToken> for MadeToken {
    fn from(made: domain::NewToken) -> Self {
        Self { token: Token::of(made.token, domain::TokenState::Works.as_str()), text: made.text }
    }
}
