//! Identifiers: UUIDv7, made once and never changed; names may change, ids do not.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A string that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not an identifier")]
pub struct NotAnId;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id of nothing, for examples.
            pub const NIL: Self = Self(Uuid::nil());

            /// Wraps a UUID that was made for this kind of thing.
            pub const fn new(uuid: Uuid) -> Self { Self(uuid) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.hyphenated().fmt(f) }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> { text.parse().map(Self).map_err(|_| NotAnId) }
        }
    )*};
}

id! {
    /// A tenant.
    TeamId;
    /// A person who may sign in.
    PersonId;
    /// A project of a team: one private network.
    ProjectId;
    /// A deployable thing.
    AppId;
    /// A numbered, immutable pair of image digest and settings.
    ReleaseId;
    /// One attempt to bring a release into traffic.
    DeployId;
    /// One value of a secret.
    SecretId;
    /// A signed-in browser.
    SessionId;
    /// One line of the audit log.
    AuditId;
    /// Somebody who is asked to join a team.
    InvitationId;
    /// A registry with its credentials.
    RegistryId;
    /// What a script comes in with.
    TokenId;
    /// A price, a tax or an exchange rate, with the time for which it holds.
    RateId;
}

/// One replica as the orchestrator names it. Its text is the orchestrator's own and means nothing here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(pub String);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
