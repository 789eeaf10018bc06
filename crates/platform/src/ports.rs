//! What the platform needs from the node's side, as traits. The composition root plugs the real parts in, tests and the
//! demo plug in others.

use crate::Pair;
use async_trait::async_trait;
use domain::routing::{IngressStatus, ProbeReport, ProbeRequest, RouteTable};
use domain::{HostName, LogLine, ReleaseId, Timestamp};
use futures::stream::BoxStream;
use std::net::IpAddr;

/// The present time, handed in so that tests decide it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// A part that does not answer, with a sentence that says which and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// One ingress, as the server reaches it.
#[async_trait]
pub trait Ingress: Send + Sync {
    /// Puts a table in force. Returns once it is; an older one than it already has is not an error and changes nothing.
    async fn put_table(&self, table: &RouteTable) -> Result<(), Unreachable>;

    /// Probes an endpoint until it is ready or patience runs out.
    async fn probe(&self, request: &ProbeRequest) -> Result<ProbeReport, Unreachable>;

    /// What it says of itself.
    async fn status(&self) -> Result<IngressStatus, Unreachable>;
}

/// A release whose lines are read, with the number that they are marked by.
pub type LogSource = (ReleaseId, u32);

/// The node's side: what only the machine itself can do.
#[async_trait]
pub trait Agent: Send + Sync {
    /// Sees to it that the ingress runs and is attached to exactly these networks.
    async fn ensure_ingress(&self, networks: &[String]) -> Result<(), Unreachable>;

    /// The last lines of all replicas of the releases of one app, merged by time, then new ones as they come, replicas that
    /// start later included. `sources` changes while the app is deployed.
    async fn logs(
        &self,
        sources: tokio::sync::watch::Receiver<Vec<LogSource>>,
        last: u32,
        follow: bool,
    ) -> Result<BoxStream<'static, LogLine>, Unreachable>;

    /// The last lines of a release, replicas that have ended included, oldest first.
    async fn last_lines(&self, release: LogSource, count: u32) -> Result<Vec<String>, Unreachable>;
}

/// Where hosts point.
#[async_trait]
pub trait Dns: Send + Sync {
    /// The addresses of a host, aliases followed; none when there is no such host. What it cannot say is told in words
    /// without a full stop.
    async fn addresses(&self, host: &HostName) -> Result<Vec<IpAddr>, Unreachable>;
}

/// A certificate that the operator keeps in files.
#[async_trait]
pub trait CertificateFiles: Send + Sync {
    /// The chain and the key, as they are now.
    async fn read(&self) -> Result<Pair, Unreachable>;
}

/// Unpredictable bytes, handed in like the time.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}
