//! A freeze: a time in which nobody makes releases in a project.

use crate::{Invalid, ProjectName, Timestamp};
use serde::{Deserialize, Serialize};

/// The longest freeze. What should last longer is a matter of roles.
const LONGEST_DAYS: i64 = 366;

/// That releases are refused in a project: until when, why, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// When it began.
    pub at: Timestamp,
    /// Who froze it: the address of a person.
    pub by: String,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Why, in that person's words.
    pub reason: String,
}

impl Freeze {
    /// Whether releases are refused now.
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// What is said to whoever wants to make a release.
    pub fn sentence(&self, project: &ProjectName) -> String {
        let reason = self.reason.trim_end_matches('.');
        format!("No deploys in {project} until {}, because {reason} ({}).", minutes(self.until), self.by)
    }
}

/// A moment to the minute: `2026-11-30 08:00 UTC`.
fn minutes(at: Timestamp) -> String {
    format!("{} UTC", &at.to_utc()[..16])
}

/// A freeze as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FreezeForm {
    /// A day and a time in UTC, as browsers send them: `2026-11-30T08:00`.
    pub until: String,
    /// Why.
    pub reason: String,
}

impl FreezeForm {
    /// Checks both fields.
    ///
    /// # Errors
    /// The first that cannot be accepted: no moment, one that has passed or lies too far ahead, or no reason.
    pub fn check(&self, now: Timestamp) -> Result<(Timestamp, String), Invalid> {
        let wrong = |sentence: &str| Invalid::new("until", sentence);
        let until = moment(self.until.trim())
            .ok_or_else(|| wrong("Give a day and a time, such as 2026-11-30T08:00; it is read as UTC."))?;
        if until <= now {
            return Err(wrong("This has passed already. It is read as UTC."));
        }
        if until.millis_since(now) > LONGEST_DAYS * 86_400_000 {
            return Err(wrong("A freeze lasts at most a year."));
        }
        let reason: String = self.reason.trim().chars().take(500).collect();
        if reason.is_empty() {
            return Err(Invalid::new("reason", "Say why: it is what people read who want to deploy."));
        }
        Ok((until, reason))
    }
}

/// Why somebody makes a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Why {
    /// For the list of releases; may be empty.
    pub message: String,
    /// Why it is made although the project is frozen; empty where nobody overrides a freeze.
    pub despite: String,
}

impl From<&str> for Why {
    fn from(message: &str) -> Self {
        Self { message: message.to_owned(), despite: String::new() }
    }
}

impl From<&String> for Why {
    fn from(message: &String) -> Self {
        message.as_str().into()
    }
}

/// A moment that there is: the 31st of February is none.
fn moment(text: &str) -> Option<Timestamp> {
    let (at, _) = Timestamp::from_rfc3339(&format!("{}:00Z", text.replacen(' ', "T", 1)))?;
    at.to_iso().starts_with(&text.replacen(' ', "T", 1)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-26 07:00 UTC.
    const NOW: Timestamp = Timestamp(1_795_676_400_000);

    fn typed(until: &str, reason: &str) -> FreezeForm {
        FreezeForm { until: until.to_owned(), reason: reason.to_owned() }
    }

    #[test]
    fn a_freeze_says_until_when_and_why_and_who_said_so() {
        let (until, reason) = typed(" 2026-11-30T08:00 ", " the fair is on. ").check(NOW).expect("valid");
        let freeze = Freeze { at: NOW, by: "ada@example.com".to_owned(), until, reason };
        let sentence = "No deploys in shops until 2026-11-30 08:00 UTC, because the fair is on (ada@example.com).";
        assert_eq!(freeze.sentence(&"shops".parse().expect("a name")), sentence);
        assert!(freeze.is_in_force(until.plus_millis(-1)) && !freeze.is_in_force(until));
    }

    #[test]
    fn what_is_no_moment_to_come_is_refused_at_its_field() {
        let until = [
            "",
            "Monday",
            "2026-11-30",
            "2026-02-31T08:00",
            "2026-11-30T25:00",
            "2026-11-26T07:00",
            "2028-01-01T00:00",
        ];
        for until in until {
            assert_eq!(typed(until, "why").check(NOW).expect_err(until).field, "until", "{until}");
        }
        assert_eq!(typed("2026-11-30T08:00", "  ").check(NOW).expect_err("no reason").field, "reason");
    }
}
