use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A path at which an app answers everybody, and everything below it: `/healthz` is `/healthz` and `/healthz/live`, and not
/// `/healthz-secret`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpenPath(String);

const LONGEST: usize = 200;

impl OpenPath {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request's path, as it was sent, is this one or below it. What an app might read as another path than it seems
    /// is none: `..`, empty segments, escapes, backslashes. It then needs a name like every other.
    pub fn covers(&self, path: &[u8]) -> bool {
        let rest = path.strip_prefix(self.0.as_bytes());
        rest.is_some_and(|rest| rest.is_empty() || rest[0] == b'/') && is_plain(path)
    }
}

/// Whether every reader takes this path for the same: segments of harmless letters, none of them empty, `.` or `..`; the last
/// may be empty.
fn is_plain(path: &[u8]) -> bool {
    let is_harmless = |b: &u8| b.is_ascii_alphanumeric() || b"-._~".contains(b);
    let Some(inner) = path.strip_prefix(b"/") else { return false };
    let inner = inner.strip_suffix(b"/").unwrap_or(inner);
    inner
        .split(|b| *b == b'/')
        .all(|part| !part.is_empty() && part.iter().all(is_harmless) && part.iter().any(|b| *b != b'.'))
}

impl FromStr for OpenPath {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let path = text.trim_end_matches('/');
        if path.len() <= LONGEST && is_plain(path.as_bytes()) && !path.starts_with("/.slipway") {
            return Ok(Self(path.to_owned()));
        }
        let sentence = format!(
            "“{text}” cannot be open: give a path such as /healthz, of letters, digits, “-”, “.”, “_” and “~”."
        );
        Err(Invalid::new("open_paths", sentence))
    }
}

impl TryFrom<String> for OpenPath {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<OpenPath> for String {
    fn from(path: OpenPath) -> Self {
        path.0
    }
}

impl fmt::Display for OpenPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_path_covers_itself_and_what_is_below() {
        let open: OpenPath = "/healthz/".parse().expect("a path");
        for path in ["/healthz", "/healthz/", "/healthz/live", "/healthz/a.b~c_d-1/x"] {
            assert!(open.covers(path.as_bytes()), "{path}");
        }
    }

    /// Each of these an app may read as `/admin`, or another path than the open one.
    #[test]
    fn no_trick_gets_past_it() {
        let open: OpenPath = "/healthz".parse().expect("a path");
        for path in [
            "/healthz/../admin",
            "/healthz/..",
            "/healthz/./admin",
            "/healthz/%2e%2e/admin",
            "/healthz/..%2fadmin",
            "/healthz%2f..%2fadmin",
            "/healthz//admin",
            "//healthz",
            "/healthz/..;/admin",
            "/healthz;/../admin",
            "/healthz\\..\\admin",
            "/healthz/\\admin",
            "/HEALTHZ",
            "/Healthz",
            "/healthzz",
            "/healthz-admin",
            "/health",
            "healthz",
            "/",
            "",
            "/x/healthz",
            "/healthz/\0",
            "/healthz/ä",
            "/healthz#/admin",
            "/%68ealthz",
        ] {
            assert!(!open.covers(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn the_whole_app_and_the_gates_own_paths_cannot_be_open() {
        for path in ["/", "", "healthz", "/a b", "/a/../b", "/.slipway/sign-in", "/%61", "//"] {
            assert!(path.parse::<OpenPath>().is_err(), "{path}");
        }
    }
}
