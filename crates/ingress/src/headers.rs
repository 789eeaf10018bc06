//! What an app is told about its visitor, and what nobody outside may tell it.

use domain::HostName;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use pingora::http::RequestHeader;
use std::net::IpAddr;

/// Set anew for each request, or given only by Slipway itself.
const OURS: [&str; 9] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-user",
    "x-forwarded-email",
    "x-forwarded-groups",
    "x-real-ip",
];
const OURS_PREFIX: &str = "x-slipway-";
const REQUEST_ID: &str = "x-request-id";

/// Who asks, and how.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    /// The other end of the connection.
    pub peer: Option<IpAddr>,
    /// Whether that is this machine; told to the console only.
    pub local: bool,
    /// Whether they speak HTTPS.
    pub encrypted: bool,
}

impl Visitor {
    /// Who connects from this machine's own addresses is local.
    pub fn new(peer: Option<IpAddr>, local_peers: &[IpAddr], encrypted: bool) -> Self {
        let peer = peer.map(|peer| peer.to_canonical());
        Self { peer, local: peer.is_some_and(|peer| peer.is_loopback() || local_peers.contains(&peer)), encrypted }
    }
}

/// The host that a request names, whatever the form of its target.
pub fn host_of(request: &RequestHeader) -> HostName {
    let in_target = request.uri.authority().map(http::uri::Authority::as_str);
    let in_header = || request.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    HostName::of_request(in_target.or_else(in_header).unwrap_or_default())
}

/// Takes away what is not for outsiders to say, and says it.
pub fn rewrite(request: &mut RequestHeader, visitor: Visitor, to_console: bool) -> pingora::Result<()> {
    for name in foreign(&request.headers) {
        request.remove_header(&name);
    }
    join_cookies(request)?;
    if let Some(peer) = visitor.peer {
        request.insert_header("x-forwarded-for", peer.to_string())?;
    }
    request.insert_header("x-forwarded-proto", if visitor.encrypted { "https" } else { "http" })?;
    if let Some(host) = request.headers.get(header::HOST).cloned() {
        request.insert_header("x-forwarded-host", host)?;
    }
    if !request.headers.get(REQUEST_ID).is_some_and(is_sound) {
        request.insert_header(REQUEST_ID, format!("{:032x}", fastrand::u128(..)))?;
    }
    if to_console && visitor.local {
        request.insert_header("x-slipway-local", "yes")?;
    }
    Ok(())
}

/// Browsers may send each cookie in a header of its own over HTTP/2, and apps that are spoken to in HTTP/1.1 read only one (RFC
/// 9113, section 8.2.3).
fn join_cookies(request: &mut RequestHeader) -> pingora::Result<()> {
    let all: Vec<_> = request.headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if all.len() > 1 {
        let joined = all.join(&b"; "[..]);
        request.insert_header(header::COOKIE, joined)?;
    }
    Ok(())
}

/// Whether the request may become a stream: then it needs a connection that can be ended politely.
pub fn may_stream(request: &RequestHeader) -> bool {
    let accepts_events = |value: &HeaderValue| value.as_bytes().windows(17).any(|part| part == b"text/event-stream");
    is_websocket(request) || request.headers.get_all(header::ACCEPT).iter().any(accepts_events)
}

/// Whether the request asks for a WebSocket, as RFC 6455 has it: by GET, and without a body.
pub fn is_websocket(request: &RequestHeader) -> bool {
    let headers = &request.headers;
    let has_body = headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING);
    let asks = headers.get(header::UPGRADE).is_some_and(|to| to.as_bytes().eq_ignore_ascii_case(b"websocket"));
    asks && request.method == Method::GET && !has_body
}

fn foreign(headers: &HeaderMap) -> Vec<HeaderName> {
    headers.keys().filter(|name| is_ours(name.as_str())).cloned().collect()
}

/// Frameworks that hand headers on as variables take `_` and `-` for the same, so the rule does too.
fn is_ours(name: &str) -> bool {
    let name = name.replace('_', "-");
    name.starts_with(OURS_PREFIX) || OURS.contains(&name.as_str()) || name == "proxy"
}

/// A request id from outside is kept when it cannot do harm in a log.
fn is_sound(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=64).contains(&id.len()) && id.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&str, &str)]) -> RequestHeader {
        let mut request = RequestHeader::build("GET", b"/", None).expect("a request");
        for (name, value) in headers {
            request.append_header((*name).to_owned(), *value).expect("a header");
        }
        request
    }

    #[test]
    fn nobody_outside_can_say_who_they_are() {
        let mut request = request(&[
            ("Host", "shop.localhost"),
            ("X-Forwarded-For", "6.6.6.6"),
            ("X_Forwarded_User", "admin"),
            ("X-Forwarded-Email", "admin@example.com"),
            ("X-Slipway-Local", "yes"),
            ("x-slipway_anything", "yes"),
            ("Forwarded", "for=6.6.6.6"),
            ("X-Real-IP", "6.6.6.6"),
            ("Proxy", "http://6.6.6.6"),
            ("Cookie", "kept=1"),
        ]);
        let visitor = Visitor { peer: Some([10, 0, 0, 9].into()), local: true, encrypted: false };
        rewrite(&mut request, visitor, false).expect("rewritten");
        let mut names: Vec<_> = request.headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["cookie", "host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-request-id"]
        );
        assert_eq!(request.headers["x-forwarded-for"], "10.0.0.9");
    }

    #[test]
    fn local_is_who_comes_from_loopback_or_a_peer_that_was_named() {
        let gateway: IpAddr = [172, 18, 0, 1].into();
        for (peer, local) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("172.18.0.1", true),
            ("::ffff:172.18.0.1", true),
            ("172.18.0.2", false),
            ("10.0.0.1", false),
            ("::ffff:10.0.0.1", false),
        ] {
            assert_eq!(Visitor::new(peer.parse().ok(), &[gateway], false).local, local, "{peer}");
        }
        assert!(!Visitor::new(None, &[gateway], false).local);
    }

    #[test]
    fn only_the_console_hears_that_a_visitor_is_local() {
        for (to_console, local, told) in [(true, true, true), (true, false, false), (false, true, false)] {
            let mut request = request(&[("X-Slipway-Local", "yes")]);
            rewrite(&mut request, Visitor { peer: None, local, encrypted: false }, to_console).expect("rewritten");
            assert_eq!(request.headers.contains_key("x-slipway-local"), told);
        }
    }

    #[test]
    fn cookies_that_come_one_by_one_reach_the_app_in_one_header() {
        let mut request = request(&[("Cookie", "a=1"), ("Cookie", "b=2; c=3")]);
        rewrite(&mut request, Visitor { peer: None, local: false, encrypted: true }, false).expect("rewritten");
        assert_eq!(request.headers.get_all("cookie").iter().collect::<Vec<_>>(), ["a=1; b=2; c=3"]);
        assert_eq!(request.headers["x-forwarded-proto"], "https");
    }

    #[test]
    fn a_sound_request_id_is_kept_and_another_replaced() {
        for (sent, kept) in [("abc-123_x.y", true), ("", false), ("a b", false), (&"x".repeat(65), false)] {
            let mut request = request(&[("X-Request-Id", sent)]);
            rewrite(&mut request, Visitor { peer: None, local: false, encrypted: false }, false).expect("rewritten");
            assert_eq!(request.headers[REQUEST_ID] == sent, kept, "{sent}");
        }
    }

    #[test]
    fn requests_that_may_become_streams_are_known_by_their_headers() {
        assert!(may_stream(&request(&[("Upgrade", "WebSocket")])));
        assert!(!may_stream(&request(&[("Upgrade", "websocket"), ("Content-Length", "5")])));
        assert!(!may_stream(&request(&[("Upgrade", "h2c")])));
        assert!(may_stream(&request(&[("Accept", "text/event-stream, */*")])));
        assert!(!may_stream(&request(&[("Accept", "*/*")])));
    }
}
