use domain::Timestamp;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What an ingress is told at its start.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where visitors connect. Port 0 takes a free one; [`crate::Running::address`] tells which.
    pub listen: SocketAddr,
    /// Where they connect for HTTPS; [`crate::Running::https_address`] tells the port likewise.
    pub listen_https: Option<SocketAddr>,
    /// Holds `control.sock` (made here, for its owner only), `console.sock` (made by the server) and `table.json`;
    /// `gate.sock` (made by the server too) is where codes are asked about.
    pub folder: PathBuf,
    /// Addresses that are this machine although they are not loopback: the gateway of the bridge through which the port
    /// is published. Nobody else may connect from them.
    pub local_peers: Vec<IpAddr>,
    /// Bounds and patience.
    pub limits: Limits,
    /// The present time.
    pub now: fn() -> Timestamp,
}

impl Config {
    /// With the usual limits and no local peers besides loopback.
    pub fn new(listen: SocketAddr, folder: impl Into<PathBuf>) -> Self {
        Self {
            listen,
            listen_https: None,
            folder: folder.into(),
            local_peers: Vec::new(),
            limits: Limits::default(),
            now,
        }
    }

    /// Where the server talks to this ingress.
    pub fn control_socket(&self) -> PathBuf {
        control_socket(&self.folder)
    }

    /// Where the console answers, when it runs.
    pub fn console_socket(&self) -> PathBuf {
        self.folder.join("console.sock")
    }

    /// Where the server says what a code stands for. Visitors' requests go to the console's socket and never here.
    pub fn gate_socket(&self) -> PathBuf {
        self.folder.join("gate.sock")
    }

    /// The last table.
    pub(crate) fn table_file(&self) -> PathBuf {
        self.folder.join("table.json")
    }
}

#[expect(clippy::disallowed_methods, reason = "the ingress's one real clock")]
fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Where the ingress of this folder listens for the server.
pub fn control_socket(folder: &Path) -> PathBuf {
    folder.join("control.sock")
}

/// Bounds and patience of an ingress.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Worker threads.
    pub threads: usize,
    /// How many requests of one app may wait for an endpoint that answers.
    pub parked_requests: u64,
    /// How long each of them may wait.
    pub parked_for: Duration,
    /// How long a visitor may take to agree on how HTTPS is spoken.
    pub handshake_within: Duration,
    /// How long connecting to an endpoint may take.
    pub connect_within: Duration,
    /// How long an app may stay silent within a request, streams excepted.
    pub answer_within: Duration,
    /// How long streams of a release may go on after it began to drain.
    pub streams_for: Duration,
    /// How long requests may go on after the ingress was asked to stop.
    pub stop_within: Duration,
    /// How often endpoints in traffic are looked at.
    pub look_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            threads: 2,
            parked_requests: 1000,
            parked_for: Duration::from_secs(10),
            handshake_within: Duration::from_secs(10),
            connect_within: Duration::from_secs(1),
            answer_within: Duration::from_mins(5),
            streams_for: Duration::from_secs(30),
            stop_within: Duration::from_secs(20),
            look_every: Duration::from_secs(1),
        }
    }
}
