//! Image references, as the distribution specification writes them.

use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The content address of an image: `sha256:` and 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// The whole digest, `sha256:…`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve hexadecimal digits, as people compare them.
    pub fn short(&self) -> &str {
        &self.0[7..19]
    }
}

impl FromStr for Digest {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let hex = text.strip_prefix("sha256:").unwrap_or_default();
        if hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Ok(Self(text.to_owned()));
        }
        Err(Invalid::new("image", "A digest is “sha256:” and 64 hexadecimal digits."))
    }
}

/// Where an image lives: an optional registry and a path, such as `registry.example.com:5000/team/shop`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Repository(String);

impl Repository {
    /// The whole text, registry included.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The registry's address, `host` or `host:port`, when the reference names one. As for Docker, the part before the
    /// first slash is a registry when it has a dot or a colon, or is `localhost`.
    pub fn registry(&self) -> Option<&str> {
        let (first, _) = self.0.split_once('/')?;
        (first.contains(['.', ':']) || first == "localhost").then_some(first)
    }

    /// The path within the registry.
    pub fn path(&self) -> &str {
        self.registry().map_or(&self.0, |registry| &self.0[registry.len() + 1..])
    }
}

impl FromStr for Repository {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = |sentence: &str| Err(Invalid::new("image", sentence));
        if text.is_empty() {
            return invalid("Name an image, such as “registry.example.com/team/shop”.");
        }
        if text.len() > 255 {
            return invalid("The image's name has more than 255 characters.");
        }
        if text.contains("://") {
            return invalid("Leave out “https://”: an image is named “registry.example.com/team/shop”.");
        }
        let repository = Self(text.to_owned());
        if repository.registry().is_some_and(|registry| !plausible_registry(registry)) {
            return invalid("The part before the first slash is no registry address.");
        }
        if !repository.path().split('/').all(plausible_component) {
            return invalid("An image's name has small letters, digits, “.”, “_”, “-” and “/”.");
        }
        Ok(repository)
    }
}

fn plausible_registry(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "443"));
    !host.is_empty()
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        && !host.starts_with(['.', '-'])
        && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn plausible_component(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && !text.contains("..")
}

/// A tag: what people call a version of an image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

impl Tag {
    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tag {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = |sentence: &str| Err(Invalid::new("tag", sentence));
        if text.is_empty() {
            return invalid("Name the tag to deploy, such as “1.0”.");
        }
        if text.len() > 128 {
            return invalid("A tag has at most 128 characters.");
        }
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        if !text.bytes().all(allowed) || text.starts_with(['.', '-']) {
            return invalid("A tag has letters, digits, “_”, “.” and “-”, and starts with a letter, digit or “_”.");
        }
        Ok(Self(text.to_owned()))
    }
}

/// A repository and a tag, as typed: `registry.example.com/team/shop:1.4`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ImageRef {
    /// Where the image lives.
    pub repository: Repository,
    /// Which version of it.
    pub tag: Tag,
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.repository.0, self.tag.0)
    }
}

macro_rules! text {
    ($($name:ident)*) => {$(
        impl TryFrom<String> for $name {
            type Error = Invalid;
            fn try_from(text: String) -> Result<Self, Invalid> { text.parse() }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self { value.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
    )*};
}
text!(Digest Repository Tag);

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(text: &str) -> Result<Repository, Invalid> {
        text.parse()
    }

    #[test]
    fn the_registry_is_told_from_the_path_as_docker_does() {
        let with = repository("registry.example.com:5000/team/shop").expect("valid");
        assert_eq!((with.registry(), with.path()), (Some("registry.example.com:5000"), "team/shop"));
        let without = repository("team/shop").expect("valid");
        assert_eq!((without.registry(), without.path()), (None, "team/shop"));
        assert_eq!(repository("localhost/shop").expect("valid").registry(), Some("localhost"));
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for bad in
            ["", "Shop", "a//b", "https://example.com/a", "a b", "example.com:99999/a", "../a", "a/..", "a;b", "$(a)/b"]
        {
            assert!(repository(bad).is_err(), "{bad:?}");
        }
        for bad in ["", ".1", "-1", "1 0", "1;0", &"1".repeat(129)] {
            assert!(bad.parse::<Tag>().is_err(), "{bad:?}");
        }
        assert!("sha256:12".parse::<Digest>().is_err());
    }
}
