//! The words of Slipway as types, and the rules that need nothing but them.
//!
//! What is absent here matters: no I/O, no clock, no randomness, no knowledge of SQL, Docker or HTTP. The crate compiles
//! to WebAssembly, so that the console checks a form by the same code as the server.

mod access;
mod action;
mod actor;
mod app;
mod app_secret;
mod audit;
mod certificate;
pub mod compact;
mod compose;
mod console;
mod deploy;
mod diff;
mod domains;
mod env_text;
mod freeze;
pub mod gate;
mod host;
mod ids;
mod image;
mod invalid;
mod invitation;
mod log;
mod log_cursor;
mod log_filter;
pub mod money;
mod name;
mod node;
mod open_path;
mod person;
mod project;
mod quota;
mod release;
mod role;
mod route;
pub mod routing;
mod secret;
mod sessions;
mod settings;
mod story;
mod team;
mod time;
mod token;
mod typed;
mod typed_settings;
mod units;
mod variables;

pub use access::{Access, Listed, TypedAccess, Who};
pub use action::Action;
pub use actor::{Actor, Origin, Refusal, Rights};
pub use app::{App, AppCard, AppOverview, AppState, Health, ReleaseMark, Stopped};
pub use app_secret::{Delivery, SecretChange, SecretRef, SecretTo, SecretView, Secrets, TypedSecret};
pub use audit::{AUDIT_NOUNS, AuditFilter, AuditLine, AuditPage, ChainFault, ChainReport};
pub use certificate::{Certificate, CertificateKey, CertificatesView, Validity, covers};
pub use compose::{ComposeApp, compose};
pub use console::{Change, DeployForm, Home, NewApp, PlatformInfo, TagView};
pub use deploy::{Deploy, DeployState, Outcome, Step, StepRecord};
pub use diff::{Comparison, Difference, Part, Side, compare, compare_settings};
pub use domains::{Domain, DomainView, DomainsView, Finding, own_domain, records};
pub use freeze::{Freeze, FreezeForm, Why};
pub use host::HostName;
pub use ids::{
    AppId, AuditId, DeployId, InvitationId, PersonId, ProjectId, RateId, RegistryId, ReleaseId, SecretId, SessionId,
    TaskId, TeamId, TokenId,
};
pub use image::{Digest, ImageRef, Repository, Tag};
pub use invalid::Invalid;
pub use invitation::Invitation;
pub use log::{LogLine, LogQuery, LogStream};
pub use log_cursor::LogCursor;
pub use log_filter::LogFilter;
pub use name::{AppName, ProjectName, TeamName};
pub use node::NodeView;
pub use open_path::OpenPath;
pub use person::{Email, Person};
pub use project::{Project, ProjectOverview};
pub use quota::{Quota, QuotaForm, Used};
pub use release::{Release, Replica, ReplicaState};
pub use role::{PlatformRole, Role, Subject};
pub use route::{AccessRequest, ClosedView, Opener, RouteView};
pub use secret::Secret;
pub use sessions::{OwnSession, browser_in_words};
pub use settings::{Probe, Settings, SettingsForm};
pub use story::{Standing, StepState, TimelineStep};
pub use team::{Member, Team, TeamCard, TeamList, TeamOverview};
pub use time::Timestamp;
pub use token::{NewToken, Token, TokenForm, TokenName, TokenScope, TokenState, TokenView};
pub use typed::TypedDeploy;
pub use typed_settings::{Review, SettingsView, TypedSettings};
pub use units::{CpuMillis, Memory, Port, Replicas, human_bytes, human_millis};
pub use variables::Variables;
