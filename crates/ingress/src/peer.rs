use crate::config::{Config, Limits};
use crate::endpoint::Endpoint;
use crate::farewell::{PoliteConnect, Target};
use crate::gate::Stay;
use crate::headers::{is_websocket, may_stream};
use pingora::http::RequestHeader;
use pingora::protocols::TcpKeepalive;
use pingora::upstreams::peer::HttpPeer;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may stand idle before it is closed: shorter than any server we know waits before it closes it
/// itself, which would lose the request that is sent at that moment. Under a second, it is good enough for a POST.
const IDLE: Duration = Duration::from_secs(1);

/// The pool of connections that may become streams, from which none is taken: the number of no endpoint.
const ONE_REQUEST: u64 = u64::MAX;

/// A machine that is gone sends no reset; this is how soon requests under way there notice.
const DEAD_AFTER: TcpKeepalive = TcpKeepalive {
    idle: Duration::from_secs(5),
    interval: Duration::from_secs(2),
    count: 3,
    user_timeout: Duration::from_secs(30),
};

/// How a request is sent to an app.
pub fn to_endpoint(
    endpoint: &Arc<Endpoint>,
    limits: &Limits,
    request: &RequestHeader,
    stay: impl FnOnce() -> Stay,
) -> HttpPeer {
    let mut peer = HttpPeer::new(endpoint.address, false, String::new());
    // Addresses are used again by other tasks; numbers are not, and connections are only shared within one.
    peer.group_key = endpoint.number;
    peer.options.tcp_keepalive = Some(DEAD_AFTER);
    if !may_stream(request) {
        peer.options.read_timeout = Some(limits.answer_within);
        peer.options.write_timeout = Some(limits.answer_within);
    }
    connect(&mut peer, limits, request, || Target::Endpoint(endpoint.clone(), Box::new(stay())));
    peer
}

/// How a request is sent to the console.
///
/// # Errors
///
/// When the folder's path is too long for a socket.
pub fn to_console(config: &Config, request: &RequestHeader) -> pingora::Result<HttpPeer> {
    let socket = config.console_socket();
    let mut peer = HttpPeer::new_uds(&socket.to_string_lossy(), false, String::new())?;
    connect(&mut peer, &config.limits, request, || Target::Console(socket));
    Ok(peer)
}

fn connect(peer: &mut HttpPeer, limits: &Limits, request: &RequestHeader, target: impl FnOnce() -> Target) {
    let within = limits.connect_within;
    peer.options.connection_timeout = Some(within);
    peer.options.idle_timeout = Some(IDLE);
    if may_stream(request) {
        let upgrade = is_websocket(request);
        peer.options.custom_l4 = Some(Arc::new(PoliteConnect { target: target(), within, upgrade }));
        // Such a connection is for one request.
        peer.options.idle_timeout = Some(Duration::ZERO);
        peer.group_key = ONE_REQUEST;
    }
}
