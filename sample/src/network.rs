//! What the network looks like from inside: names and ports that this replica can reach.

use axum::extract::Query;
use axum::http::StatusCode;
use serde::Deserialize;
use std::net::IpAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
pub struct Name {
    name: String,
}

/// The addresses of a name, one a line.
pub async fn resolve(Query(Name { name }): Query<Name>) -> (StatusCode, String) {
    match lookup_host((name.as_str(), 0)).await {
        Ok(addresses) => (StatusCode::OK, lines(addresses.map(|address| address.ip()))),
        Err(error) => (StatusCode::NOT_FOUND, format!("{name}: {error}\n")),
    }
}

fn lines(addresses: impl Iterator<Item = IpAddr>) -> String {
    addresses.fold(String::new(), |text, address| text + &address.to_string() + "\n")
}

#[derive(Deserialize)]
pub struct Target {
    to: String,
}

/// Whether something accepts connections at `host:port`.
pub async fn reach(Query(Target { to }): Query<Target>) -> (StatusCode, String) {
    match timeout(PATIENCE, TcpStream::connect(&to)).await {
        Ok(Ok(_)) => (StatusCode::OK, format!("{to} accepts connections\n")),
        Ok(Err(error)) => (StatusCode::BAD_GATEWAY, format!("{to}: {error}\n")),
        Err(_) => (StatusCode::GATEWAY_TIMEOUT, format!("{to} does not answer\n")),
    }
}
