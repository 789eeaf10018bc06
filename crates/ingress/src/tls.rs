//! HTTPS: the certificates of the table in force, chosen by the name that a visitor asks for.

use crate::registry::Registry;
use domain::HostName;
use domain::routing::{Https, ServedCertificate};
use pingora::listeners::tls::Acceptor;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// What browsers are offered, the best first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Certificates by name, made ready of one table.
#[derive(Debug, Default)]
pub struct Certificates {
    /// The port at which people reach HTTPS; none where it is not served.
    pub port: Option<u16>,
    pub hsts_seconds: u64,
    /// Names may begin with a star.
    by_name: HashMap<String, Arc<CertifiedKey>>,
    /// With what they were made of, so that a table that changes something else costs no work on keys.
    ready: Vec<(ServedCertificate, Arc<CertifiedKey>)>,
}

impl Certificates {
    /// One that cannot be read is left out: the others are served all the same. Of two for one name the first is taken.
    pub fn new(https: Option<&Https>, before: &Self) -> Self {
        let Some(https) = https else { return Self::default() };
        let mut all = Self { port: Some(https.port), hsts_seconds: https.hsts_seconds, ..Self::default() };
        for served in &https.certificates {
            let known = before.ready.iter().find(|(known, _)| known == served).map(|(_, key)| key.clone());
            let Some(key) = known.or_else(|| read(served)) else { continue };
            for name in &served.names {
                all.by_name.entry(name.clone()).or_insert_with(|| key.clone());
            }
            all.ready.push((served.clone(), key));
        }
        all
    }

    /// The certificate for a host: its own before one with a star.
    pub fn of(&self, host: &HostName) -> Option<&Arc<CertifiedKey>> {
        let host = host.as_str();
        let starred = || self.by_name.get(&format!("*.{}", host.split_once('.')?.1));
        self.by_name.get(host).or_else(starred)
    }

    /// Where a request by HTTP goes on over HTTPS, when that is possible.
    pub fn address_of(&self, host: &HostName) -> Option<String> {
        self.of(host)?;
        // What a request names may hold more than names do, and below a star anything would go.
        host.as_str().parse::<HostName>().ok()?;
        Some(match self.port? {
            443 => format!("https://{host}"),
            port => format!("https://{host}:{port}"),
        })
    }
}

fn read(served: &ServedCertificate) -> Option<Arc<CertifiedKey>> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(served.chain.as_bytes()).collect();
    let key = PrivateKeyDer::from_pem_slice(served.key.expose().as_bytes());
    let ready = match (chain, key) {
        (Ok(chain), Ok(key)) => {
            CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|e| e.to_string())
        }
        (Err(error), _) | (_, Err(error)) => Err(error.to_string()),
    };
    // Neither is shown: errors name what is wrong without quoting it.
    ready
        .inspect_err(|error| tracing::error!(names = ?served.names, %error, "a certificate cannot be used"))
        .ok()
        .map(Arc::new)
}

/// Takes each visitor's certificate from the table in force.
#[derive(Debug)]
struct ByTable(Arc<Registry>);

impl ResolvesServerCert for ByTable {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = HostName::of_request(hello.server_name()?);
        self.0.table().certificates.of(&host).cloned()
    }
}

/// Agrees with visitors on how HTTPS is spoken.
///
/// # Errors
///
/// When the protocol's versions are not to be had, which they are.
pub fn acceptor(registry: Arc<Registry>) -> io::Result<Acceptor> {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let mut config = config.with_no_client_auth().with_cert_resolver(Arc::new(ByTable(registry)));
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
    Ok(Acceptor::from_server_config(Arc::new(config)))
}
