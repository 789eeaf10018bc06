//! Who may open an app's address, and the paths at which nobody is asked. It belongs to the app and not to a release: a
//! rollback never opens an app.

use crate::{Email, HostName, Invalid, OpenPath, TeamId};
use serde::{Deserialize, Serialize};

/// Who may open an app, and where nobody is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Who.
    pub who: Who,
    /// At these paths, and below them, everybody may.
    #[serde(default)]
    pub open_paths: Vec<OpenPath>,
}

/// Who may open an app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Everybody, without signing in.
    Public,
    /// Everybody who may sign in. What nobody has said anything about is this.
    #[default]
    Company,
    /// People on a list.
    People(Listed),
}

/// A list of people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Single people.
    pub emails: Vec<Email>,
    /// Everybody who belongs to one of these teams.
    pub teams: Vec<TeamId>,
    /// Everybody whose address is in one of these domains.
    pub domains: Vec<HostName>,
}

impl From<Who> for Access {
    fn from(who: Who) -> Self {
        Self { who, open_paths: Vec::new() }
    }
}

impl Access {
    /// Whether a request for this path, as it stands in the request, needs nobody's name.
    pub fn is_open_at(&self, path: &[u8]) -> bool {
        self.who == Who::Public || self.open_paths.iter().any(|open| open.covers(path))
    }

    /// In a few words, for the audit log; `team` names teams.
    pub fn in_short(&self, team: impl Fn(TeamId) -> String) -> String {
        let who = match &self.who {
            Who::People(listed) => {
                let emails = listed.emails.iter().map(ToString::to_string);
                let teams = listed.teams.iter().map(|id| format!("team {}", team(*id)));
                let domains = listed.domains.iter().map(|domain| format!("@{domain}"));
                let all: Vec<_> = emails.chain(teams).chain(domains).collect();
                format!("people ({})", all.join(", "))
            }
            other => other.as_str().to_owned(),
        };
        let paths: Vec<_> = self.open_paths.iter().map(OpenPath::as_str).collect();
        if paths.is_empty() { who } else { format!("{who}, open at {}", paths.join(", ")) }
    }
}

impl Who {
    /// The word in forms and on the command line.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Company => "company",
            Self::People(_) => "people",
        }
    }

    /// What it is called on a page.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Public => "Everybody",
            Self::Company => "The company",
            Self::People(_) => "Listed people",
        }
    }

    /// The same without the list, for those who need only know of what kind it is.
    #[must_use]
    pub fn bare(self) -> Self {
        match self {
            Self::People(_) => Self::People(Listed::default()),
            other => other,
        }
    }

    /// Whether somebody who has signed in with this address may open it.
    pub fn admits(&self, email: &Email, belongs_to: impl Fn(TeamId) -> bool) -> bool {
        match self {
            Self::Public | Self::Company => true,
            Self::People(listed) => {
                listed.emails.contains(email)
                    || listed.domains.iter().any(|domain| domain.as_str() == email.domain())
                    || listed.teams.iter().any(|team| belongs_to(*team))
            }
        }
    }
}

/// [`Access`] as a form sends it: all of it text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedAccess {
    /// `public`, `company` or `people`.
    pub who: String,
    /// Addresses and `@domains`, apart by commas, blanks or lines.
    pub people: String,
    /// Teams, by id.
    pub teams: Vec<TeamId>,
    /// Paths, apart by blanks or lines.
    pub open_paths: String,
}

/// How long a list may be.
const LONGEST_LIST: usize = 500;
const MOST_PATHS: usize = 20;

impl TryFrom<TypedAccess> for Access {
    type Error = Invalid;
    fn try_from(typed: TypedAccess) -> Result<Self, Invalid> {
        let who = match typed.who.as_str() {
            "public" => Who::Public,
            "company" => Who::Company,
            "people" => Who::People(listed(&typed)?),
            _ => return Err(Invalid::new("who", "Choose who may open the app.")),
        };
        let mut open_paths = typed.open_paths.split_whitespace().map(str::parse).collect::<Result<Vec<_>, _>>()?;
        open_paths.sort();
        open_paths.dedup();
        if open_paths.len() > MOST_PATHS {
            return Err(Invalid::new("open_paths", format!("At most {MOST_PATHS} paths can be open.")));
        }
        Ok(Self { who, open_paths })
    }
}

fn listed(typed: &TypedAccess) -> Result<Listed, Invalid> {
    let mut listed = Listed { teams: typed.teams.clone(), ..Listed::default() };
    for word in typed.people.split([',', ';', ' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()) {
        let is_none = |_| {
            Invalid::new("people", format!("“{word}” is neither an e-mail address nor a domain like @example.com."))
        };
        match word.strip_prefix('@') {
            Some(domain) => listed.domains.push(domain.parse().map_err(is_none)?),
            None => listed.emails.push(word.parse().map_err(is_none)?),
        }
    }
    listed.emails.sort();
    listed.emails.dedup();
    listed.domains.sort();
    listed.domains.dedup();
    listed.teams.sort();
    listed.teams.dedup();
    match listed.emails.len() + listed.domains.len() + listed.teams.len() {
        0 => Err(Invalid::new(
            "people",
            "Name at least one person, team or domain: with an empty list nobody could open the app.",
        )),
        1..=LONGEST_LIST => Ok(listed),
        _ => Err(Invalid::new(
            "people",
            format!("A list has at most {LONGEST_LIST} entries. Make a team of these people."),
        )),
    }
}

impl From<&Access> for TypedAccess {
    fn from(access: &Access) -> Self {
        let open_paths = access.open_paths.iter().map(OpenPath::as_str).collect::<Vec<_>>().join("\n");
        let who = access.who.as_str().to_owned();
        let Who::People(Listed { emails, teams, domains }) = &access.who else {
            return Self { who, open_paths, ..Self::default() };
        };
        let emails = emails.iter().map(ToString::to_string);
        let people = emails.chain(domains.iter().map(|domain| format!("@{domain}"))).collect::<Vec<_>>().join("\n");
        Self { who, people, teams: teams.clone(), open_paths }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(who: &str, people: &str, open_paths: &str) -> Result<Access, Invalid> {
        TypedAccess { who: who.into(), people: people.into(), teams: Vec::new(), open_paths: open_paths.into() }
            .try_into()
    }

    #[test]
    fn a_list_is_typed_as_people_write_lists() {
        let access = typed("people", "Ada@Example.com, bob@example.com\n@Partner.example ;", "").expect("a list");
        assert_eq!(access.in_short(|_| String::new()), "people (ada@example.com, bob@example.com, @partner.example)");
        assert_eq!(Access::try_from(TypedAccess::from(&access)), Ok(access), "what is shown can be sent again");
    }

    /// futuswarm took a service without members for one that is open to everybody.
    #[test]
    fn an_empty_list_is_refused_and_does_not_open_the_app_regression() {
        assert_eq!(typed("people", " \n", "").expect_err("empty").field, "people");
        assert_eq!(typed("", "", "").expect_err("nothing chosen").field, "who");
        let nobody = Who::People(Listed::default());
        assert!(!nobody.admits(&"ada@example.com".parse().expect("an address"), |_| true));
    }

    #[test]
    fn a_domain_is_the_whole_part_after_the_at() {
        let who = typed("people", "@example.com", "").expect("a list").who;
        for (email, admitted) in [
            ("ada@example.com", true),
            ("ada@sub.example.com", false),
            ("ada@notexample.com", false),
            ("example.com@evil.example", false),
        ] {
            assert_eq!(who.admits(&email.parse().expect("an address"), |_| false), admitted, "{email}");
        }
    }

    #[test]
    fn a_word_that_is_neither_is_named() {
        let refused = typed("people", "ada", "").expect_err("no address");
        assert_eq!(refused.sentence, "“ada” is neither an e-mail address nor a domain like @example.com.");
        assert_eq!(typed("company", "", "healthz").expect_err("no slash").field, "open_paths");
    }
}
