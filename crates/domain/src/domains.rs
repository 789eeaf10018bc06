//! Own domains: hosts outside of the platform's own that lead to an app.

use crate::{AppId, HostName, Invalid, Timestamp};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// How long a domain that does not point here is held for the app that asked for it.
pub const HELD_MILLIS: i64 = 7 * 24 * 3600 * 1000;

/// A host that leads to an app, once it points here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The host.
    pub host: HostName,
    /// The app.
    pub app_id: AppId,
    /// When it was asked for.
    pub added_at: Timestamp,
    /// Since when it is served: from the first time it was seen to point here.
    pub served_since: Option<Timestamp>,
    /// When it last pointed here.
    pub pointed_at: Option<Timestamp>,
    /// When it was last looked at.
    pub checked_at: Option<Timestamp>,
    /// What was found then.
    pub finding: Finding,
    /// Whether its visitors are sent on to the app's address under the platform's own domain.
    pub redirects: bool,
}

impl Domain {
    /// Whether another app may take it over: it has not pointed here for long, so that nobody keeps a name that is not theirs.
    pub fn is_given_up(&self, now: Timestamp) -> bool {
        now.millis_since(self.pointed_at.unwrap_or(self.added_at)) > HELD_MILLIS
    }
}

/// Where a domain points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Finding {
    /// Nobody has looked yet.
    Unknown,
    /// Here, with all its addresses.
    Here,
    /// These of its addresses are not ours.
    Elsewhere(Vec<IpAddr>),
    /// It has no address.
    Nowhere,
    /// The DNS did not answer, in words without a full stop.
    NoAnswer(String),
}

impl Finding {
    /// Judges the addresses of a domain. One that is not ours would get some of the visitors.
    pub fn of(found: &[IpAddr], ours: &[IpAddr]) -> Self {
        let foreign: Vec<_> = found.iter().copied().filter(|address| !ours.contains(address)).collect();
        match (found.is_empty(), foreign.is_empty()) {
            (true, _) => Self::Nowhere,
            (false, true) => Self::Here,
            (false, false) => Self::Elsewhere(foreign),
        }
    }

    /// What it means and what to do, in a sentence. `ours` is where the domain has to point.
    pub fn sentence(&self, host: &HostName, ours: &[IpAddr]) -> String {
        let to_do =
            records(ours).map_or_else(|| "point it to this platform".to_owned(), |records| format!("set {records}"));
        match self {
            Self::Unknown => format!("Where {host} points has not been looked at yet."),
            Self::Here => format!("{host} points here."),
            Self::Elsewhere(found) => format!("{host} points to {}, not here: {to_do}.", list(found)),
            Self::Nowhere => format!("{host} has no address: {to_do}."),
            Self::NoAnswer(why) => format!("Where {host} points cannot be found out: {why}. It is tried again."),
        }
    }
}

/// The records of the DNS that lead to these addresses, such as “A to 203.0.113.1”; nothing where there is no address.
pub fn records(addresses: &[IpAddr]) -> Option<String> {
    let record = |address: &IpAddr| format!("{} to {address}", if address.is_ipv4() { "A" } else { "AAAA" });
    let records: Vec<_> = addresses.iter().map(record).collect();
    (!records.is_empty()).then(|| records.join(" and "))
}

fn list(addresses: &[IpAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

/// Reads a domain that somebody wants for an app.
///
/// # Errors
/// It is no domain, or it is the platform's own.
pub fn own_domain(text: &str, base: &HostName) -> Result<HostName, Invalid> {
    let refuse = |sentence: &str| Err(Invalid::new("host", sentence));
    let text = text.trim().trim_end_matches('.');
    let host: HostName = match text.parse() {
        Ok(host) => host,
        Err(_) => {
            return refuse("This is no domain. Write it like www.example.com, without https:// and without a path.");
        }
    };
    let last = host.as_str().rsplit('.').next().unwrap_or_default();
    if !host.as_str().contains('.') || last.bytes().all(|b| b.is_ascii_digit()) {
        return refuse("This is no domain of the internet, such as www.example.com.");
    }
    if host == *base || host.as_str().ends_with(&format!(".{base}")) {
        return refuse("Names under the platform's own domain are given by the names of apps.");
    }
    Ok(host)
}

/// The own domains of an app, as its page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainsView {
    /// The app's address under the platform's own domain.
    pub address: String,
    /// By name.
    pub domains: Vec<DomainView>,
    /// The addresses that a domain has to point to.
    pub addresses: Vec<IpAddr>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainView {
    /// What is kept.
    pub domain: Domain,
    /// Its address, with scheme and port.
    pub address: String,
    /// Where it points, in a sentence.
    pub sentence: String,
    /// Why it cannot be reached over HTTPS, where the platform can, in a sentence.
    pub warning: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    }

    #[test]
    fn a_domain_points_here_when_all_its_addresses_are_ours() {
        let ours = addresses(&["203.0.113.1", "2001:db8::1"]);
        assert_eq!(Finding::of(&addresses(&["203.0.113.1"]), &ours), Finding::Here);
        assert_eq!(Finding::of(&ours, &ours), Finding::Here);
        assert_eq!(Finding::of(&[], &ours), Finding::Nowhere);
        let mixed = addresses(&["203.0.113.1", "203.0.113.9"]);
        assert_eq!(Finding::of(&mixed, &ours), Finding::Elsewhere(addresses(&["203.0.113.9"])));
        assert_eq!(Finding::of(&mixed, &[]), Finding::Elsewhere(mixed.clone()));
    }

    #[test]
    fn what_was_found_says_what_to_do() {
        let host = "www.example.com".parse().expect("a host name");
        let ours = addresses(&["203.0.113.1", "2001:db8::1"]);
        assert_eq!(
            Finding::Elsewhere(addresses(&["203.0.113.9"])).sentence(&host, &ours),
            "www.example.com points to 203.0.113.9, not here: set A to 203.0.113.1 and AAAA to 2001:db8::1."
        );
        assert_eq!(
            Finding::Nowhere.sentence(&host, &ours[..1]),
            "www.example.com has no address: set A to 203.0.113.1."
        );
    }

    #[test]
    fn only_domains_that_are_not_the_platforms_own_can_be_added() {
        let base = "apps.example.com".parse().expect("a host name");
        for (text, host) in [("www.example.com", "www.example.com"), (" WWW.Example.org. ", "www.example.org")] {
            assert_eq!(own_domain(text, &base).expect("a domain").as_str(), host);
        }
        for bad in [
            "",
            "localhost",
            "203.0.113.1",
            "https://www.example.com",
            "www.example.com/x",
            "*.example.com",
            "a b.com",
            "www.example.com:443",
            "apps.example.com",
            "APPS.example.com",
            "shop.apps.example.com",
            "a..b",
            "x.123",
        ] {
            assert!(own_domain(bad, &base).is_err(), "{bad}");
        }
        assert!(own_domain("notapps.example.com", &base).is_ok());
    }

    #[test]
    fn a_domain_that_does_not_point_here_is_not_held_for_ever() {
        let day = |day: i64| Timestamp(day * 24 * 3600 * 1000);
        let mut domain = Domain {
            host: "www.example.com".parse().expect("a host name"),
            app_id: AppId::NIL,
            added_at: day(0),
            served_since: None,
            pointed_at: None,
            checked_at: None,
            finding: Finding::Unknown,
            redirects: false,
        };
        assert!(!domain.is_given_up(day(7)) && domain.is_given_up(day(8)));
        domain.pointed_at = Some(day(5));
        assert!(!domain.is_given_up(day(12)) && domain.is_given_up(day(13)));
    }
}
