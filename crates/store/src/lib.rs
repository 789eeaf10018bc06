//! All SQL of the platform, one text for SQLite and PostgreSQL.
//!
//! A [`Store`] reads; a [`Tx`] reads and writes. There is one writer at a time, on either database, so what a transaction
//! has read stays true until it commits. Nothing else may be waited for inside a transaction: no engine, no network.
//!
//! ```no_run
//! # async fn example(app: domain::App) -> Result<(), store::Error> {
//! # let key = store::SealingKey::new([7; 32]);
//! let store = store::Store::open("sqlite:slipway.db", key).await?;
//! let mut tx = store.begin().await?;
//! tx.apps().insert(&app).await?;
//! tx.commit().await?;
//! assert_eq!(store.apps().by_id(app.id).await?, Some(app));
//! # Ok(()) }
//! ```

mod access;
mod apps;
mod audit;
mod certificates;
mod counters;
mod db;
mod deploy_keys;
mod deploys;
mod dialect;
mod domains;
mod error;
mod executor;
mod gate;
mod invitations;
mod meta;
mod migrations;
mod people;
mod projects;
mod quotas;
mod rates;
mod registries;
mod releases;
mod reseal;
mod row;
mod sealing;
mod secrets;
mod sessions;
mod sign_in_links;
mod steps;
mod store;
mod teams;
mod tokens;
mod tx;
mod usage;
mod value;

pub use audit::{AuditQuery, AuditRow, chain_hash};
pub use certificates::KeptCertificate;
pub use error::{Error, Result};
pub use executor::Executor;
pub use gate::GateCode;
pub use registries::Registry;
pub use releases::{NewRelease, StoredRelease};
pub use sealing::SealingKey;
pub use secrets::NewSecret;
pub use sessions::SessionRow;
pub use store::Store;
pub use tx::Tx;
pub use usage::{BilledApp, OpenUsage, RunningReplica};

/// One type per noun. On a [`Store`] it reads, on a [`Tx`] it also writes: who forgets the transaction does not compile.
macro_rules! nouns {
    ($($(#[$doc:meta])* $method:ident: $noun:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $noun<E>(pub(crate) E);
        )*

        impl Store {
            $($(#[$doc])* pub fn $method(&self) -> $noun<&Self> { $noun(self) })*
        }

        impl Tx {
            $($(#[$doc])* pub fn $method(&mut self) -> $noun<&mut Self> { $noun(self) })*
        }
    };
}

nouns! {
    /// Who may open apps.
    access: AccessList;
    /// Deployable things.
    apps: Apps;
    /// Who did what.
    audit: Audit;
    /// What HTTPS is served by.
    certificates: Certificates;
    /// Numbers that only grow.
    counters: Counters;
    /// Which deploy a request began, for those that are sent again.
    deploy_keys: DeployKeys;
    /// Attempts to bring a release into traffic, with their steps.
    deploys: Deploys;
    /// Hosts of their own that lead to apps.
    domains: Domains;
    /// What the gate in front of apps works with.
    gate: Gate;
    /// Who is asked to join a team.
    invitations: Invitations;
    /// What the installation knows about itself.
    meta: Meta;
    /// Who may sign in.
    people: People;
    /// What holds apps.
    projects: Projects;
    /// What teams may use, and use.
    quotas: Quotas;
    /// Prices, taxes and exchange rates.
    rates: Rates;
    /// Where images come from, with the passwords for it.
    registries: Registries;
    /// Numbered, immutable pairs of image and settings.
    releases: Releases;
    /// The values of apps' secrets.
    secrets: Secrets;
    /// Signed-in browsers.
    sessions: Sessions;
    /// One-time links.
    sign_in_links: SignInLinks;
    /// Tenants and their members.
    teams: Teams;
    /// What scripts come in with.
    tokens: Tokens;
    /// What ran, and until when.
    usage: Usage;
}
