//! What a registry wants to see before it answers (RFC 9110, 11.6.1, and the distribution specification's tokens).

/// The demand of a `WWW-Authenticate` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// Name and password with every request.
    Basic,
    /// A token, which another server gives.
    Bearer {
        /// Where that server is.
        realm: String,
        /// For which registry the token shall be.
        service: Option<String>,
        /// For what in it.
        scope: Option<String>,
    },
}

impl Challenge {
    /// Reads the headers of an answer; where there are several, tokens are preferred.
    pub(super) fn read<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut basic = None;
        for header in headers {
            let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
            if scheme.eq_ignore_ascii_case("bearer") {
                let parameter = |name: &str| parameters(rest).find(|(key, _)| key.eq_ignore_ascii_case(name));
                let value = |name: &str| parameter(name).map(|(_, value)| value);
                return Some(Self::Bearer { realm: value("realm")?, service: value("service"), scope: value("scope") });
            }
            if scheme.eq_ignore_ascii_case("basic") {
                basic = Some(Self::Basic);
            }
        }
        basic
    }
}

/// `key="value"` pairs; a value may contain commas.
fn parameters(mut text: &str) -> impl Iterator<Item = (&str, String)> {
    std::iter::from_fn(move || {
        let (key, rest) = text.trim_start_matches([',', ' ']).split_once('=')?;
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
        };
        text = rest;
        Some((key.trim(), value.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_for_a_token_is_read_with_commas_in_its_scope() {
        let header =
            r#"Bearer realm="https://auth.example.com/token",service="example.com",scope="repository:a/b:pull,push""#;
        let expected = Challenge::Bearer {
            realm: "https://auth.example.com/token".into(),
            service: Some("example.com".into()),
            scope: Some("repository:a/b:pull,push".into()),
        };
        assert_eq!(Challenge::read([r#"Basic realm="x""#, header].into_iter()), Some(expected));
    }

    #[test]
    fn a_demand_for_a_password_or_for_something_unknown() {
        assert_eq!(Challenge::read(["basic realm=\"Registry\""].into_iter()), Some(Challenge::Basic));
        assert_eq!(Challenge::read(["Negotiate"].into_iter()), None);
        assert_eq!(Challenge::read(["Bearer service=\"no realm\""].into_iter()), None);
        assert_eq!(Challenge::read(["Bearer realm=\"unfinished"].into_iter()), None);
    }
}
