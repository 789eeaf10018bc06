//! What registries say of an image: indexes, manifests and configurations (OCI image specification, and Docker's forms
//! of the same).

use domain::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Everything that a tag may lead to.
pub(super) const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// An index, which has `manifests`, or the manifest of one image, which has the rest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Manifest {
    pub manifests: Option<Vec<Entry>>,
    pub config: Option<Descriptor>,
    pub layers: Vec<Descriptor>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Descriptor {
    pub digest: String,
    #[serde(default)]
    pub size: u64,
}

/// An image of an index.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    pub digest: String,
    pub platform: Option<Platform>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Platform {
    #[serde(default)]
    pub os: String,
    #[serde(default)]
    pub architecture: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Config {
    created: Option<String>,
    config: Option<RunConfig>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct RunConfig {
    exposed_ports: Option<BTreeMap<String, serde_json::Value>>,
}

impl Manifest {
    /// The bytes that a node downloads for it.
    pub(super) fn size(&self) -> u64 {
        self.layers.iter().chain(&self.config).map(|part| part.size).sum()
    }
}

impl Entry {
    /// Whether this machine's kind can run it. An entry that names no platform may be anything.
    pub(super) fn runs_here(&self) -> bool {
        self.platform
            .as_ref()
            .is_none_or(|platform| platform.os == "linux" && platform.architecture == own_architecture())
    }

    /// Whether it is an image at all: indexes also carry attestations, as “unknown”.
    pub(super) fn is_image(&self) -> bool {
        self.platform.as_ref().is_none_or(|platform| platform.os != "unknown")
    }
}

impl Config {
    /// When the image was built. Reproducible builds say 1970 or the year 1, which is no information.
    pub(super) fn made_at(&self) -> Option<Timestamp> {
        Timestamp::from_rfc3339(self.created.as_deref()?).map(|(moment, _)| moment).filter(|moment| moment.0 > 0)
    }

    pub(super) fn exposed_port(&self) -> Option<u16> {
        let ports = self.config.as_ref()?.exposed_ports.as_ref()?;
        only_tcp_port(ports.keys().map(String::as_str))
    }
}

/// The TCP port of an image that exposes exactly one, from texts such as `8080/tcp`.
pub(crate) fn only_tcp_port<'a>(exposed: impl Iterator<Item = &'a str>) -> Option<u16> {
    let mut ports = exposed.filter_map(|text| match text.split_once('/') {
        None => text.parse().ok(),
        Some((port, "tcp")) => port.parse().ok(),
        Some(_) => None,
    });
    ports.next().filter(|_| ports.next().is_none())
}

/// What Go and the image specification call the processor for which this program was compiled.
pub(super) fn own_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_suggested_only_when_there_is_no_choice() {
        assert_eq!(only_tcp_port(["8080/tcp"].into_iter()), Some(8080));
        assert_eq!(only_tcp_port(["8080"].into_iter()), Some(8080));
        assert_eq!(only_tcp_port(["8080/tcp", "53/udp"].into_iter()), Some(8080));
        assert_eq!(only_tcp_port(["80/tcp", "443/tcp"].into_iter()), None);
        assert_eq!(only_tcp_port(["53/udp"].into_iter()), None);
    }

    #[test]
    fn a_made_up_date_of_build_is_no_date() {
        let config = |text: &str| serde_json::from_str::<Config>(text).expect("a configuration");
        assert_eq!(config(r#"{"created":"1970-01-01T00:00:00Z"}"#).made_at(), None);
        assert_eq!(config(r#"{"created":"0001-01-01T00:00:00Z"}"#).made_at(), None);
        assert_eq!(config(r#"{"created":"2001-09-09T01:46:40Z"}"#).made_at(), Some(Timestamp(1_000_000_000_000)));
        assert_eq!(config(r#"{"config":null}"#).exposed_port(), None);
    }
}
