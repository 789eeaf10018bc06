use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Host names under the base domain that the platform keeps for itself.
const RESERVED: &[&str] = &[
    "admin",
    "api",
    "app",
    "apps",
    "auth",
    "console",
    "dashboard",
    "healthz",
    "ingress",
    "internal",
    "localhost",
    "login",
    "mail",
    "ns1",
    "ns2",
    "registry",
    "slipway",
    "ssh",
    "status",
    "support",
    "www",
];

/// Longest app, project or team name: a DNS label may have 63 characters (RFC 1035, 2.3.4); the rest is room for suffixes.
const LONGEST: usize = 40;

fn dns_label(field: &str, what: &str, text: &str) -> Result<String, Invalid> {
    let invalid = |sentence: String| Err(Invalid::new(field, sentence));
    if text.is_empty() {
        return invalid(format!("Give the {what} a name."));
    }
    if text.len() > LONGEST {
        return invalid(format!("The name has {} characters; at most {LONGEST} are possible.", text.chars().count()));
    }
    if let Some(bad) = text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
        return invalid(match bad {
            'A'..='Z' => format!("Use small letters: “{}”.", text.to_ascii_lowercase()),
            ' ' => "Use a hyphen instead of a blank.".to_owned(),
            c if c.is_control() => "The name contains an invisible character; use a–z, 0–9 and hyphens.".to_owned(),
            c => format!("“{c}” cannot stand in a host name; use a–z, 0–9 and hyphens."),
        });
    }
    if text.starts_with('-') || text.ends_with('-') {
        return invalid("A name starts and ends with a letter or a digit.".to_owned());
    }
    if text.contains("--") {
        return invalid("Use single hyphens: two in a row are kept for international names.".to_owned());
    }
    Ok(text.to_owned())
}

macro_rules! name {
    ($($(#[$doc:meta])* $name:ident, $field:literal, $what:literal, $reserved:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;
            fn try_from(text: String) -> Result<Self, Invalid> { text.parse() }
        }

        impl FromStr for $name {
            type Err = Invalid;
            fn from_str(text: &str) -> Result<Self, Invalid> {
                let label = dns_label($field, $what, text)?;
                if $reserved.contains(&label.as_str()) {
                    return Err(Invalid::new($field, format!("“{label}” is kept for the platform; choose another name.")));
                }
                Ok(Self(label))
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self { name.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
    )*};
}

name! {
    /// The name of an app: a DNS label, unique on the platform, because it is the app's host name.
    AppName, "name", "app", RESERVED;
    /// The name of a project, unique in its team.
    ProjectName, "name", "project", [""; 0];
    /// The name of a team, unique on the platform.
    TeamName, "name", "team", ["new"];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<AppName>().expect_err("this name is refused").sentence
    }

    #[test]
    fn an_app_name_is_a_dns_label() {
        for good in ["a", "shop", "shop-2", "2048", "retirement-plan"] {
            assert_eq!(good.parse::<AppName>().expect("a good name").as_str(), good);
        }
    }

    #[test]
    fn a_refusal_says_what_would_be_right() {
        assert_eq!(refusal(""), "Give the app a name.");
        assert_eq!(refusal("Shop"), "Use small letters: “shop”.");
        assert_eq!(refusal("my shop"), "Use a hyphen instead of a blank.");
        assert_eq!(refusal("shop_1"), "“_” cannot stand in a host name; use a–z, 0–9 and hyphens.");
        assert_eq!(refusal("-shop"), "A name starts and ends with a letter or a digit.");
        assert_eq!(refusal("xn--shop"), "Use single hyphens: two in a row are kept for international names.");
        assert_eq!(refusal("console"), "“console” is kept for the platform; choose another name.");
        assert_eq!(refusal(&"a".repeat(41)), "The name has 41 characters; at most 40 are possible.");
    }

    /// What Dokploy's CVEs of 2026 came through: names that reached a shell. Here they cannot exist.
    #[test]
    fn a_name_carries_nothing_a_shell_or_terminal_would_act_on() {
        for attack in ["a;reboot", "$(id)", "`id`", "a\nb", "a\u{1b}[2J", "../etc", "a'b", "a\"b", "a\0b", "ａ", "é"]
        {
            assert!(attack.parse::<AppName>().is_err(), "{attack:?}");
        }
    }

    #[test]
    fn names_are_checked_when_they_are_read_from_outside() {
        assert!(serde_json::from_str::<AppName>("\"shop\"").is_ok());
        assert!(serde_json::from_str::<AppName>("\"Shop!\"").is_err());
    }
}
