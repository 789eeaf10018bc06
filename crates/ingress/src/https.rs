//! Where visitors are sent on to: from HTTP to HTTPS, and from a host that only leads to another.

use crate::gate::Answer;
use crate::table::Table;
use bytes::Bytes;
use domain::HostName;
use http::{Method, StatusCode, header};
use pingora::http::{RequestHeader, ResponseHeader};

/// Where a request is sent on to; nothing when it is at the right address.
pub fn right_address(table: &Table, host: &HostName, encrypted: bool, request: &RequestHeader) -> Option<String> {
    let redirects_to = table.routes.get(host).and_then(|route| route.redirects_to.as_ref());
    let base = match redirects_to {
        Some(other) => table.certificates.address_of(other).unwrap_or_else(|| by_http(table, other, request)),
        None if encrypted => return None,
        None => table.certificates.address_of(host)?,
    };
    // The path as it came, which begins with a slash; a target that names a host has none that can be trusted.
    let path = request.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    Some(format!("{base}{}", if path.starts_with('/') { path } else { "/" }))
}

/// At the port that the visitor came by, which without HTTPS is the only one.
fn by_http(table: &Table, host: &HostName, request: &RequestHeader) -> String {
    let authority = request.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match authority.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()) {
        Some(port) if table.certificates.port.is_none() => format!("http://{host}:{port}"),
        _ => format!("http://{host}"),
    }
}

/// Sends a request on for good. A form keeps its method and what was typed.
///
/// # Errors
///
/// When the address cannot stand in a header.
pub fn redirect(to: &str, method: &Method) -> pingora::Result<Answer> {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    let status = if is_read { StatusCode::MOVED_PERMANENTLY } else { StatusCode::PERMANENT_REDIRECT };
    let mut head = ResponseHeader::build(status, Some(3))?;
    head.insert_header(header::LOCATION, to)?;
    head.insert_header(header::CONTENT_LENGTH, 0)?;
    // Certificates and domains come and go: a browser asks again the next day.
    head.insert_header(header::CACHE_CONTROL, "max-age=86400")?;
    Ok((head, Bytes::new()))
}
