//! What an operator decides, and the deadlines of a deploy.

use domain::{Email, HostName, PlatformInfo, Who};
use std::net::IpAddr;
use std::time::Duration;

/// How this installation is addressed, and how patient it is.
#[derive(Debug, Clone)]
pub struct Config {
    /// Apps answer at `NAME.<base domain>`, the console at the base domain itself.
    pub base_domain: HostName,
    /// `http` or `https`, as people reach it.
    pub scheme: String,
    /// The port people reach it at.
    pub port: u16,
    /// How HTTPS is served; nothing where it is not.
    pub https: Option<Https>,
    /// Where own domains have to point. Without any: to where the base domain points.
    pub addresses: Vec<IpAddr>,
    /// Whether the orchestrator is the in-memory fake.
    pub is_demo: bool,
    /// The identity provider's display name.
    pub sign_in: Option<String>,
    /// Who is an admin of the platform by the operator's word.
    pub admins: Vec<Email>,
    /// Who may open an app that is made.
    pub default_access: Who,
    /// How long the steps of a deploy may take.
    pub deadlines: Deadlines,
}

/// How HTTPS is served.
#[derive(Debug, Clone, Default)]
pub struct Https {
    /// For how long browsers shall remember that a host is only reached over HTTPS. Zero tells them nothing.
    pub hsts_seconds: u64,
}

impl Config {
    /// What everybody may know.
    pub fn info(&self) -> PlatformInfo {
        PlatformInfo {
            is_demo: self.is_demo,
            base_address: self.with_port(&self.base_domain),
            sign_in: self.sign_in.clone(),
        }
    }

    /// The address of a host name, with scheme and port.
    pub fn address(&self, host: &HostName) -> String {
        format!("{}://{}", self.scheme, self.with_port(host))
    }

    pub(crate) fn with_port(&self, host: &HostName) -> String {
        match (self.scheme.as_str(), self.port) {
            ("http", 80) | ("https", 443) => host.to_string(),
            (_, port) => format!("{host}:{port}"),
        }
    }
}

/// How long each step of a deploy may take before it counts as failed, and how often things are looked at.
#[derive(Debug, Clone)]
pub struct Deadlines {
    /// Replicas start, the image is fetched.
    pub prepare: Duration,
    /// How long a replica may wait for a node with room.
    pub placement: Duration,
    /// Replicas answer.
    pub probe: Duration,
    /// Every ingress takes the new table.
    pub switch: Duration,
    /// Requests on the old release end; what lasts longer is a stream and has until `streams`.
    pub drain: Duration,
    /// Streams on a retired release are cut after this.
    pub streams: Duration,
    /// The new release proves itself while the old one stands by.
    pub watch: Duration,
    /// Between two looks while something is under way.
    pub look: Duration,
    /// Between two looks while nothing is.
    pub idle_look: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            prepare: Duration::from_mins(5),
            placement: Duration::from_secs(10),
            probe: Duration::from_mins(1),
            switch: Duration::from_secs(30),
            drain: Duration::from_secs(30),
            streams: Duration::from_mins(1),
            watch: Duration::from_mins(1),
            look: Duration::from_millis(50),
            idle_look: Duration::from_secs(5),
        }
    }
}
