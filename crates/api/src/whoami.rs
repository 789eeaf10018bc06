use crate::{Team, Token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// For whom a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person: it may what they may.
    Person,
    /// One app: it deploys that, and nothing else.
    DeployToken,
}

/// Who the token makes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhoAmI {
    /// For whom it stands.
    pub kind: Kind,
    /// The address of the person, or of who made the deploy token.
    pub email: String,
    /// The person's role on the platform: `admin`, `auditor` or `finance`.
    pub platform_role: Option<String>,
    /// The person's teams; none for a deploy token.
    pub teams: Vec<Team>,
    /// The token itself.
    pub token: Token,
}
