//! What the product does. The doors (console, API, SSH, jobs) parse, call one operation here and shape the answer; every
//! rule and every permission check is on this side.
//!
//! An operation takes the actor first and reaches records through it: what an actor may not see is not found. A change, its
//! audit row and its follow-up stand in one transaction; engines, registries and ingresses are never called inside one.

/// One change in a transaction of its own.
macro_rules! write {
    ($platform:expr, $tx:ident => $change:expr) => {{
        let mut $tx = $platform.parts.store.begin().await?;
        let value = $change.await?;
        $tx.commit().await?;
        value
    }};
}

mod access;
mod apps;
mod audit;
mod audit_log;
mod cards;
mod certificates;
mod config;
mod controller;
mod costs;
mod deploy_keys;
mod deploys;
mod domains;
mod error;
mod exports;
mod freezes;
mod gate;
mod home;
mod images;
mod invitations;
mod life;
mod live;
mod logs;
mod observed;
mod people;
mod ports;
mod projects;
mod quotas;
mod rates;
mod registries;
mod releases;
mod routes;
mod secrets;
mod sessions;
mod settings;
mod sign_in_links;
mod teams;
mod tokens;

pub use apps::Apps;
pub use audit_log::{AuditLines, AuditLog, verify_audit};
pub use certificates::{Certificates, Pair};
pub use config::{Config, Deadlines, Https};
pub use controller::Controller;
pub use costs::Costs;
pub use deploys::Deploys;
pub use domains::Domains;
pub use error::{Error, Result};
pub use gate::{Gate, Way};
pub use images::Images;
pub use invitations::Invitations;
pub use live::{Live, Scope};
pub use logs::Logs;
pub use people::People;
pub use ports::{Agent, CertificateFiles, Clock, Dns, Ingress, LogSource, Random, Unreachable};
pub use projects::Projects;
pub use rates::Rates;
pub use registries::Registries;
pub use releases::Releases;
pub use routes::Routes;
pub use sessions::Sessions;
pub use settings::Settings;
pub use sign_in_links::SignInLinks;
pub use teams::Teams;
pub use tokens::Tokens;

use domain::PlatformInfo;
use orchestrator::Orchestrator;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use store::Store;
use tokio::sync::Notify;

/// Everything the platform stands on. The composition root fills it.
pub struct Parts {
    /// Where everything is kept.
    pub store: Store,
    /// What runs releases.
    pub orchestrator: Arc<dyn Orchestrator>,
    /// The node's side.
    pub agent: Arc<dyn Agent>,
    /// The ingresses that requests come in by.
    pub ingresses: Vec<Arc<dyn Ingress>>,
    /// Where hosts point.
    pub dns: Arc<dyn Dns>,
    /// The certificates that the operator has in files, the platform's own first.
    pub certificates: certificates::Sources,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The source of ids and tokens.
    pub random: Arc<dyn Random>,
    /// What the operator decided.
    pub config: Config,
    /// Images that the platform offers to people who have none yet.
    pub samples: Vec<domain::ImageRef>,
}

/// The operations, by noun. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    parts: Arc<Parts>,
    live: Live,
    /// What ran when somebody last looked.
    observed: Arc<observed::Observed>,
    /// Rings when there is a new deploy, so that the controller does not wait for its next look.
    wake: Arc<Notify>,
    /// Rings when something else is not as it should be: a project without its network, an app that shall go.
    mend: Arc<Notify>,
    /// Rings when who may open an app is different now, so that the ingresses hear of it at once.
    gates: Arc<Notify>,
    /// Where the platform's own domain pointed when somebody last looked.
    addresses: Arc<Mutex<Vec<IpAddr>>>,
    /// What is wrong with the operator's certificates.
    troubles: Arc<certificates::Troubles>,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Platform")
    }
}

impl Platform {
    /// Puts the operations on top of the parts. Nothing runs yet: see [`Controller`].
    pub fn new(parts: Parts) -> Self {
        Self {
            parts: Arc::new(parts),
            live: Live::default(),
            observed: Arc::default(),
            wake: Arc::default(),
            mend: Arc::default(),
            gates: Arc::default(),
            addresses: Arc::default(),
            troubles: Arc::default(),
        }
    }

    /// What everybody may know.
    pub fn info(&self) -> PlatformInfo {
        self.parts.config.info()
    }

    /// Where the console is, with scheme and port.
    pub fn console_address(&self) -> String {
        self.parts.config.address(&self.parts.config.base_domain)
    }

    /// Changes, for open pages.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// People and their sign-in.
    pub fn people(&self) -> People<'_> {
        People(self)
    }

    /// One-time links for the first sign-in.
    pub fn sign_in_links(&self) -> SignInLinks<'_> {
        SignInLinks(self)
    }

    /// Tenants.
    pub fn teams(&self) -> Teams<'_> {
        Teams(self)
    }

    /// Who is asked to join a team.
    pub fn invitations(&self) -> Invitations<'_> {
        Invitations(self)
    }

    /// What scripts and CI come in with.
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(self)
    }

    /// Where people are signed in.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// Who did what.
    pub fn audit(&self) -> AuditLog<'_> {
        AuditLog(self)
    }

    /// Projects.
    pub fn projects(&self) -> Projects<'_> {
        Projects(self)
    }

    /// Apps.
    pub fn apps(&self) -> Apps<'_> {
        Apps(self)
    }

    /// Releases.
    pub fn releases(&self) -> Releases<'_> {
        Releases(self)
    }

    /// The addresses of apps, and who may open them.
    pub fn routes(&self) -> Routes<'_> {
        Routes(self)
    }

    /// Own domains of apps.
    pub fn domains(&self) -> Domains<'_> {
        Domains(self)
    }

    /// What HTTPS is served by.
    pub fn certificates(&self) -> Certificates<'_> {
        Certificates(self)
    }

    /// The gate in front of apps.
    pub fn gate(&self) -> Gate<'_> {
        Gate(self)
    }

    /// Settings of apps.
    pub fn settings(&self) -> Settings<'_> {
        Settings(self)
    }

    /// Deploys.
    pub fn deploys(&self) -> Deploys<'_> {
        Deploys(self)
    }

    /// Images and their tags.
    pub fn images(&self) -> Images<'_> {
        Images(self)
    }

    /// Registries and their credentials.
    pub fn registries(&self) -> Registries<'_> {
        Registries(self)
    }

    /// What things cost.
    pub fn costs(&self) -> Costs<'_> {
        Costs(self)
    }

    /// Prices, taxes and exchange rates.
    pub fn rates(&self) -> Rates<'_> {
        Rates(self)
    }

    /// What replicas write.
    pub fn logs(&self) -> Logs<'_> {
        Logs(self)
    }

    fn now(&self) -> domain::Timestamp {
        self.parts.clock.now()
    }

    /// A secret that nobody guesses, and its hash, which is all that is kept.
    fn token(&self) -> (domain::Secret<String>, String) {
        let mut bytes = [0; 32];
        self.parts.random.fill(&mut bytes);
        let token = hex::encode(bytes);
        let hash = hash(&token);
        (domain::Secret::new(token), hash)
    }

    fn uuid(&self) -> uuid::Uuid {
        let mut random = [0; 10];
        self.parts.random.fill(&mut random);
        let millis = u64::try_from(self.now().0).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// What is kept of a token.
fn hash(token: &str) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(token.as_bytes()))
}
