//! What the server tells the ingresses, and what they answer: the words of the control protocol.

use crate::gate::GateTable;
use crate::{Access, AppId, CertificateKey, HostName, Probe, ReleaseId, TaskId, TeamId, Who};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// The number of a route table. It only grows; an ingress refuses a table that is older than its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(pub u64);

/// Everything an ingress routes by. A table is replaced as a whole, never edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// Which table this is.
    pub generation: Generation,
    /// The host names under which the console answers, on every ingress.
    pub console_hosts: Vec<HostName>,
    /// How visitors are checked.
    #[serde(default)]
    pub gate: GateTable,
    /// How visitors are served over HTTPS; nothing where they are not.
    #[serde(default)]
    pub https: Option<Https>,
    /// One for each app that has a release.
    pub routes: Vec<Route>,
}

/// What an ingress serves HTTPS by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Https {
    /// The port at which people reach it.
    pub port: u16,
    /// For how long browsers shall remember that a host is only reached over HTTPS. Zero tells them nothing.
    pub hsts_seconds: u64,
    /// The certificates. A host for which there is none is reached by HTTP alone.
    pub certificates: Vec<ServedCertificate>,
}

/// A certificate with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedCertificate {
    /// The hosts it is good for, as in [`Certificate::names`](crate::Certificate::names).
    pub names: Vec<String>,
    /// The certificate and those it was issued by, as PEM.
    pub chain: String,
    /// Its key.
    pub key: CertificateKey,
}

/// An app's host name and where its requests go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The app, for counters.
    pub app_id: AppId,
    /// The name in the request.
    pub host: HostName,
    /// Other hosts that lead to the same app.
    #[serde(default)]
    pub domains: Vec<OtherHost>,
    /// The team whose app it is.
    #[serde(default = "nobody")]
    pub team_id: TeamId,
    /// Who may open it. A table of before there was a gate names nobody, and everybody could.
    #[serde(default = "everybody")]
    pub access: Access,
    /// Where new requests go. Without endpoints while the app is stopped.
    pub active: Pool,
    /// Whether somebody stopped the app: then a page says so. An ingress of an earlier version says that it does not answer.
    #[serde(default)]
    pub is_stopped: bool,
    /// Releases that get no new request, but may still have some under way or stand by for a return.
    pub draining: Vec<Pool>,
}

/// Another host that leads to an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherHost {
    /// The name in the request.
    pub host: HostName,
    /// Whether its visitors are sent on to the app's own host.
    pub redirects: bool,
}

fn nobody() -> TeamId {
    TeamId::NIL
}

fn everybody() -> Access {
    Access::from(Who::Public)
}

/// The replicas of one release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Which release.
    pub release_id: ReleaseId,
    /// How an endpoint shows that it is ready.
    pub probe: Probe,
    /// Where it runs.
    pub endpoints: Vec<Endpoint>,
}

/// One replica's address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Endpoint {
    /// Which replica; with the address it names an endpoint for good, since addresses are used again.
    pub task: TaskId,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Asks an ingress to probe an endpoint until it has answered well a number of times in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeRequest {
    /// Which release it belongs to.
    pub release_id: ReleaseId,
    /// Where.
    pub endpoint: Endpoint,
    /// How.
    pub probe: Probe,
    /// How many good answers in a row are wanted.
    pub good_answers: u32,
    /// How long to try, in milliseconds.
    pub patience_millis: u64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeReport {
    /// Whether the wanted number of good answers came.
    pub ready: bool,
    /// How many tries were made.
    pub tries: u32,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// The last answer in words, without a full stop: “GET /healthz answered 500”, “nothing listens on port 8080”.
    pub last: String,
}

/// What an ingress says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IngressStatus {
    /// The table in force.
    pub generation: Generation,
    /// One for each release in the table.
    pub releases: Vec<ReleaseTraffic>,
}

impl IngressStatus {
    /// What it says of one release.
    pub fn release(&self, id: ReleaseId) -> Option<&ReleaseTraffic> {
        self.releases.iter().find(|traffic| traffic.release_id == id)
    }
}

/// Counters of one release on one ingress, since the ingress started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseTraffic {
    /// Which.
    pub release_id: ReleaseId,
    /// Requests and streams under way now.
    pub in_flight: u64,
    /// How many of these are streams: WebSockets, server-sent events, upgraded connections.
    pub streams: u64,
    /// Endpoints that have answered this ingress and may get requests.
    pub ready: u32,
    /// Requests that were finished.
    pub requests: u64,
    /// How many of them the app answered with a status of 500 or more.
    pub errors: u64,
    /// How many of them got no answer from the app: refused, reset or timed out.
    pub lost: u64,
}
