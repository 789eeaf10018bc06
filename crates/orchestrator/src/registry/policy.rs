//! Which addresses may be asked. People type registry addresses, so without this rule the platform would fetch for them
//! from its own network: databases, other people's consoles, the cloud's metadata service.

use crate::{Error, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// What the operator allows beyond public registries over HTTPS. Addresses are written as in an image reference,
/// `registry.internal` or `10.0.0.5:5000`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryPolicy {
    /// Registries that may have a private, loopback or link-local address.
    pub allowed: Vec<String>,
    /// Registries that are asked by plain HTTP. Loopback addresses always are.
    pub insecure: Vec<String>,
}

impl RegistryPolicy {
    /// Whether the operator vouches for this host and port.
    pub(super) fn vouches_for(&self, url: &Url) -> bool {
        names(&self.allowed, url)
    }

    /// Whether nothing better than plain HTTP can be expected of this registry address.
    pub(super) fn is_plain(&self, address: &str) -> bool {
        self.insecure.iter().any(|insecure| insecure == address) || is_loopback(address)
    }

    /// Whether a request to this URL may go out unencrypted.
    pub(super) fn may_be_plain(&self, url: &Url) -> bool {
        names(&self.insecure, url) || url.host_str().is_some_and(is_loopback)
    }

    /// Refuses what needs no look-up to be refused; names are judged when they have been looked up.
    pub(super) fn check(&self, url: &Url) -> Result<()> {
        let host = url.host_str().unwrap_or_default();
        match url.scheme() {
            "https" => {}
            "http" if self.may_be_plain(url) => {}
            _ => {
                return Err(Error::Refused(format!(
                    "{host} does not offer HTTPS, and the operator did not allow HTTP."
                )));
            }
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            _ => return Ok(()),
        };
        if is_public(address) || self.vouches_for(url) { Ok(()) } else { Err(private(host)) }
    }
}

/// What is said of a registry at an address that is nobody's business.
pub(super) fn private(host: &str) -> Error {
    Error::Refused(format!(
        "{host} has a private address. The operator of this platform can allow that registry; until then it is not asked."
    ))
}

fn names(addresses: &[String], url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let with_port = url.port_or_known_default().map(|port| format!("{host}:{port}"));
    addresses.iter().any(|address| (url.port().is_none() && address == host) || Some(address) == with_port.as_ref())
}

/// `localhost` and 127.0.0.0/8, with or without a port.
fn is_loopback(address: &str) -> bool {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    host == "localhost" || host.parse::<Ipv4Addr>().is_ok_and(|host| host.is_loopback())
}

/// Whether an address belongs to the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// By the IANA registry of special-purpose IPv4 addresses.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_for_protocols = (a, b, c) == (192, 0, 0);
    let is_for_benchmarks = a == 198 && (18..20).contains(&b);
    !(a == 0
        || a >= 224
        || is_shared
        || is_for_protocols
        || is_for_benchmarks
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation())
}

/// Global unicast (`2000::/3`) without documentation, and without the forms that carry an IPv4 address that is not public.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            inner(high, low)
        }
        [0x2001, 0xdb8 | 0..0x200, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().expect("a URL")
    }

    #[test]
    fn addresses_inside_are_told_from_those_outside() {
        let inside = [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "fec0::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::7f00:1",
        ];
        for address in inside {
            assert!(!is_public(address.parse().expect("an address")), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
        {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
    }

    /// The ways to write a loopback address that slipped past such rules elsewhere.
    #[test]
    fn disguises_of_an_inside_address_do_not_help() {
        let policy = RegistryPolicy::default();
        for disguise in [
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::ffff:7f00:1]/",
            "https://127.1/",
        ] {
            assert!(matches!(policy.check(&url(disguise)), Err(Error::Refused(_))), "{disguise}");
        }
    }

    #[test]
    fn the_operator_vouches_for_one_address_and_port() {
        let policy = RegistryPolicy { allowed: vec!["10.0.0.5:5000".into(), "10.0.0.6".into()], insecure: vec![] };
        assert!(policy.check(&url("https://10.0.0.5:5000/v2/")).is_ok());
        assert!(policy.check(&url("https://10.0.0.5:5001/v2/")).is_err());
        assert!(policy.check(&url("https://10.0.0.6/v2/")).is_ok());
        assert!(policy.check(&url("https://10.0.0.6:22/")).is_err());
    }

    #[test]
    fn plain_http_is_for_loopback_and_for_what_the_operator_lists() {
        let policy = RegistryPolicy { allowed: vec![], insecure: vec!["registry.lan:5000".into()] };
        assert!(policy.is_plain("localhost:5000") && policy.is_plain("127.0.0.1:5000") && policy.is_plain("localhost"));
        assert!(policy.is_plain("registry.lan:5000"));
        assert!(!policy.is_plain("registry.lan") && !policy.is_plain("localhost.example.com:5000"));
        assert!(policy.check(&url("http://registry.lan:5000/v2/")).is_ok());
        assert!(policy.check(&url("http://example.com/v2/")).is_err());
        assert!(policy.check(&url("ftp://example.com/")).is_err());
    }
}
