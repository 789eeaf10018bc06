//! Where a repository's registry is.

use super::RegistryPolicy;
use crate::{Error, Result};
use domain::Repository;
use url::Url;

/// A repository at its registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The registry as people call it.
    pub registry: String,
    /// `https://registry.example.com/`.
    pub base: Url,
    /// The path within the registry, `team/shop`.
    pub path: String,
}

/// Docker Hub's name in references, and the machine that speaks the protocol.
const HUB: &str = "docker.io";
const HUB_HOST: &str = "registry-1.docker.io";

impl Place {
    /// As Docker does it: no registry means Docker Hub, and a path of one part there is an official image.
    pub(super) fn of(repository: &Repository, policy: &RegistryPolicy) -> Result<Self> {
        let registry = repository.registry().filter(|name| *name != "index.docker.io").unwrap_or(HUB);
        let is_hub = registry == HUB;
        let is_official = is_hub && !repository.path().contains('/');
        let path = if is_official { format!("library/{}", repository.path()) } else { repository.path().to_owned() };
        let host = if is_hub { HUB_HOST } else { registry };
        let scheme = if policy.is_plain(registry) { "http" } else { "https" };
        let base = Url::parse(&format!("{scheme}://{host}/"))
            .map_err(|error| Error::Refused(format!("{registry} is no address of a registry: {error}.")))?;
        Ok(Self { registry: registry.to_owned(), base, path })
    }

    /// The URL of something in the repository, such as `manifests/1.0`.
    pub(super) fn url(&self, rest: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("v2/{}/{rest}", self.path));
        url
    }

    /// Whether a URL is the registry itself, which may see the credentials.
    pub(super) fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url_of(repository: &str) -> String {
        let place = Place::of(&repository.parse().expect("a repository"), &RegistryPolicy::default());
        place.expect("an address").url("manifests/1.0").to_string()
    }

    #[test]
    fn a_repository_is_found_where_docker_would_find_it() {
        assert_eq!(url_of("nginx"), "https://registry-1.docker.io/v2/library/nginx/manifests/1.0");
        assert_eq!(url_of("docker.io/team/shop"), "https://registry-1.docker.io/v2/team/shop/manifests/1.0");
        assert_eq!(url_of("example.com:5000/shop"), "https://example.com:5000/v2/shop/manifests/1.0");
        assert_eq!(url_of("127.0.0.1:5000/shop"), "http://127.0.0.1:5000/v2/shop/manifests/1.0");
    }
}
