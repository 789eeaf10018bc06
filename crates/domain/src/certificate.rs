//! Certificates: what one says, for which hosts it is good, and from when its end is near.

use crate::{HostName, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What stands in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The hosts it is good for, in small letters: `example.com`, `*.example.com`.
    pub names: Vec<String>,
    /// Who issued it, as that calls itself.
    pub issuer: String,
    /// From when it is good.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
}

/// How near its end a certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Validity {
    /// It does not count yet.
    NotYet,
    /// It is good.
    Good,
    /// Less than a third of its lifetime is left.
    EndsSoon,
    /// It is not good any more.
    Ended,
}

impl Certificate {
    /// Whether browsers take it for this host: by its name, or by a star in the place of its first label.
    pub fn covers(&self, host: &HostName) -> bool {
        covers(&self.names, host)
    }

    /// From when there is less than a third of the lifetime left: then it should be renewed, and there is still time when that
    /// fails.
    pub fn renew_from(&self) -> Timestamp {
        self.not_after.plus_millis(-(self.not_after.millis_since(self.not_before) / 3))
    }

    /// How near its end it is.
    pub fn validity(&self, now: Timestamp) -> Validity {
        match now {
            _ if now < self.not_before => Validity::NotYet,
            _ if now >= self.not_after => Validity::Ended,
            _ if now >= self.renew_from() => Validity::EndsSoon,
            _ => Validity::Good,
        }
    }
}

/// Whether one of these names stands for the host. A star stands for one label, the first.
pub fn covers(names: &[String], host: &HostName) -> bool {
    let parent = host.as_str().split_once('.').map(|(_, parent)| parent);
    names.iter().any(|name| match name.strip_prefix("*.") {
        Some(rest) => parent == Some(rest),
        None => name == host.as_str(),
    })
}

/// The key of a certificate, as PEM. It can be sent to an ingress, and does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CertificateKey(String);

impl CertificateKey {
    /// Wraps the text.
    pub const fn new(pem: String) -> Self {
        Self(pem)
    }

    /// The text, for the places that need it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CertificateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertificateKey(…)")
    }
}

/// What an operator sees of HTTPS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificatesView {
    /// Whether visitors are served over HTTPS at all.
    pub is_https: bool,
    /// The certificates in use, the one that ends first on top.
    pub certificates: Vec<(Certificate, Validity)>,
    /// Why the certificate in the operator's files is not in use, in a sentence.
    pub trouble: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600 * 1000;

    fn certificate(names: &[&str]) -> Certificate {
        Certificate {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            issuer: "A test".to_owned(),
            not_before: Timestamp(0),
            not_after: Timestamp(90 * DAY),
        }
    }

    #[test]
    fn a_star_stands_for_one_label() {
        let certificate = certificate(&["example.com", "*.example.com"]);
        for (host, covered) in [
            ("example.com", true),
            ("shop.example.com", true),
            ("a.shop.example.com", false),
            ("example.org", false),
            ("notexample.com", false),
            ("com", false),
        ] {
            assert_eq!(certificate.covers(&host.parse().expect("a host name")), covered, "{host}");
        }
    }

    #[test]
    fn the_end_is_near_when_a_third_of_the_lifetime_is_left() {
        let certificate = certificate(&["example.com"]);
        for (day, validity) in [
            (-1, Validity::NotYet),
            (0, Validity::Good),
            (59, Validity::Good),
            (60, Validity::EndsSoon),
            (89, Validity::EndsSoon),
            (90, Validity::Ended),
        ] {
            assert_eq!(certificate.validity(Timestamp(day * DAY)), validity, "day {day}");
        }
    }

    #[test]
    fn a_key_does_not_print() {
        assert_eq!(format!("{:?}", CertificateKey::new("MIIE".to_owned())), "CertificateKey(…)");
    }
}
