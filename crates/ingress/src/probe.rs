//! Asking an endpoint whether it is ready.

use bytes::Bytes;
use domain::Probe;
use domain::routing::{ProbeReport, ProbeRequest};
use http::{Request, StatusCode, header};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// How long one try may take.
const WITHIN: Duration = Duration::from_secs(1);

/// Pauses between tries, each twice the last, up to a quarter of a second.
#[derive(Debug)]
pub struct Pauses(Duration);

impl Pauses {
    const LONGEST: Duration = Duration::from_millis(250);

    /// For somebody who waits.
    pub const fn of_probe() -> Self {
        Self(Duration::from_millis(20))
    }

    /// For a look in the background.
    pub const fn of_watcher() -> Self {
        Self(Duration::from_millis(50))
    }

    /// How long to wait now.
    pub fn next(&mut self) -> Duration {
        let now = self.0;
        self.0 = (now * 2).min(Self::LONGEST);
        now
    }
}

/// Probes until the wanted number of good answers in a row came, or patience ran out. The last try is made in full.
pub async fn until_ready(request: &ProbeRequest) -> ProbeReport {
    let start = Instant::now();
    let patience = Duration::from_millis(request.patience_millis);
    let (mut tries, mut good, mut pauses) = (0, 0, Pauses::of_probe());
    loop {
        tries += 1;
        let answer = try_once(request.endpoint.address, &request.probe, WITHIN).await;
        good = if answer.is_ok() { good + 1 } else { 0 };
        let ready = good >= request.good_answers;
        let pause = if good > 0 { Pauses::of_probe().next() } else { pauses.next() };
        if ready || start.elapsed() + pause >= patience {
            let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
            return ProbeReport { ready, tries, millis, last: answer.unwrap_or_else(|bad| bad) };
        }
        sleep(pause).await;
    }
}

/// Probes once.
///
/// # Errors
///
/// What went wrong in words, without a full stop.
pub async fn try_once(address: SocketAddr, probe: &Probe, within: Duration) -> Result<String, String> {
    let answer = async {
        let stream = TcpStream::connect(address).await.map_err(|error| unconnected(address, &error))?;
        match probe {
            Probe::Tcp => Ok(format!("port {} accepts connections", address.port())),
            Probe::Http { path } => get(stream, address, path).await,
        }
    };
    timeout(within, answer).await.unwrap_or_else(|_| Err(format!("no answer within {}", seconds(within))))
}

async fn get(stream: TcpStream, address: SocketAddr, path: &str) -> Result<String, String> {
    let request = Request::get(path)
        .header(header::HOST, address.to_string())
        .header(header::USER_AGENT, "slipway-probe")
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|_| format!("{path} is not a path that can be asked for"))?;
    let broken = |error: hyper::Error| {
        if error.is_parse() {
            format!("what answers on port {} does not speak HTTP", address.port())
        } else {
            format!("the connection was closed before GET {path} was answered")
        }
    };
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let mut exchange = std::pin::pin!(sender.send_request(request));
    let answer = tokio::select! {
        answer = &mut exchange => answer,
        // It has handed over the answer, or the error, before it ends.
        _ = connection => exchange.await,
    };
    judge(path, answer.map_err(broken)?.status())
}

fn judge(path: &str, status: StatusCode) -> Result<String, String> {
    let words = format!("GET {path} answered {}", status.as_u16());
    if status.is_success() || status.is_redirection() { Ok(words) } else { Err(words) }
}

fn unconnected(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => format!("nothing listens on port {}", address.port()),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            format!("{} cannot be reached from here", address.ip())
        }
        _ => format!("port {} cannot be connected to: {error}", address.port()),
    }
}

fn seconds(duration: Duration) -> String {
    match duration.as_millis() {
        whole if whole % 1000 == 0 => format!("{} s", whole / 1000),
        millis => format!("{millis} ms"),
    }
}
