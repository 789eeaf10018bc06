//! What goes over `/api/v1`: requests and answers as JSON. They are apart from `domain`, whose types change with the
//! platform, while these are a promise to scripts: fields are added and never renamed.
//!
//! Moments are RFC 3339 in UTC. What a request does not know is refused, so that a misspelt field is never passed over.

mod apps;
mod deploys;
mod logs;
mod problem;
mod projects;
mod releases;
mod secrets;
mod settings;
mod teams;
mod tokens;
mod whoami;

pub use apps::{App, AppDetail, NewApp, ReleaseMark, Replica};
pub use deploys::{Deploy, DeployRequest, Review, Step};
pub use logs::LogLine;
pub use problem::{Code, Problem};
pub use projects::{NewProject, Project};
pub use releases::{Comparison, Difference, Release};
pub use secrets::{Delivery, Secret, SecretValue};
pub use settings::{Settings, SettingsChange};
pub use teams::{NewTeam, Team};
pub use tokens::{MadeToken, NewToken, Token};
pub use whoami::{Kind, WhoAmI};

/// A moment as it is written: `2026-11-26T07:00:00Z`.
pub(crate) fn moment(at: domain::Timestamp) -> String {
    at.to_iso()
}
