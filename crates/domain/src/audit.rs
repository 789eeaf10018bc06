//! The audit log as people read it.

use crate::{AuditId, Invalid, TeamId, Timestamp};
use serde::{Deserialize, Serialize};

/// Kinds of actions that the log can be narrowed to: the first part of an action's name.
pub const AUDIT_NOUNS: &[(&str, &str)] = &[
    ("app", "Apps"),
    ("deploy", "Deploys"),
    ("project", "Projects"),
    ("team", "Teams"),
    ("member", "People in teams"),
    ("invitation", "Invitations"),
    ("person", "People on the platform"),
    ("session", "Sessions"),
    ("token", "Tokens"),
    ("variables", "Variables"),
    ("registry", "Registries"),
    ("access", "Who may open apps"),
    ("rate", "Rates"),
    ("refused", "Refusals"),
];

/// One line: who did what to what, when, and by which door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Its number, from 1, without a gap over the whole platform.
    pub number: u64,
    /// Never changes.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Whose matter it is; none for the platform's own.
    pub team: Option<TeamId>,
    /// Who, by the address they had then.
    pub person: String,
    /// By which door they came.
    pub door: String,
    /// From where.
    pub address: String,
    /// What was done, such as `app.delete`, or `refused.deploy`.
    pub action: String,
    /// To what kind of thing, such as `app`.
    pub kind: String,
    /// The thing's id.
    pub subject_id: String,
    /// The thing's name at that time.
    pub subject: String,
    /// More about it; never a secret.
    pub detail: String,
    /// The hash that this line and all before it come to.
    pub hash: String,
}

impl AuditLine {
    /// Whether somebody was told no.
    pub fn is_refusal(&self) -> bool {
        self.action.starts_with("refused.")
    }
}

impl AuditLine {
    /// The names of the columns, for [`AuditLine::to_csv`].
    pub fn csv_head() -> String {
        "number,at,team,person,door,address,action,kind,subject_id,subject,detail,hash\r\n".to_owned()
    }

    /// The line as a row of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front.
    pub fn to_csv(&self) -> String {
        let team = self.team.map(|team| team.to_string()).unwrap_or_default();
        let (number, at) = (self.number.to_string(), self.at.to_iso());
        let cells = [
            &number,
            &at,
            &team,
            &self.person,
            &self.door,
            &self.address,
            &self.action,
            &self.kind,
            &self.subject_id,
            &self.subject,
            &self.detail,
            &self.hash,
        ];
        format!("{}\r\n", cells.map(|cell| csv_cell(cell)).join(","))
    }
}

pub(crate) fn csv_cell(text: &str) -> String {
    let disarmed = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    format!("\"{disarmed}{}\"", text.replace('"', "\"\""))
}

/// What of the log is wanted, as it stands in a page's address. What is empty does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// One person, by address.
    pub person: String,
    /// An action such as `app.delete`, or all of a kind: `app`.
    pub action: String,
    /// One app, by name.
    pub app: String,
    /// The first day, such as `2026-11-22`, in UTC.
    pub from: String,
    /// The last day, that day included.
    pub to: String,
    /// Only lines with a smaller number: the next page.
    pub before: String,
}

impl AuditFilter {
    /// The moments that the days mean: from the first until before the second.
    ///
    /// # Errors
    /// A day that is none.
    pub fn period(&self) -> Result<(Timestamp, Timestamp), Invalid> {
        let from = day("from", &self.from)?.unwrap_or(Timestamp(i64::MIN));
        let to = day("to", &self.to)?.map_or(Timestamp(i64::MAX), |day| day.plus_millis(24 * 3600 * 1000));
        Ok((from, to))
    }

    /// The number that lines have to be smaller than.
    pub fn before(&self) -> u64 {
        self.before.trim().parse().unwrap_or(u64::MAX >> 1)
    }

    /// As the query of an address, without what is empty.
    pub fn to_query(&self) -> String {
        let pairs = [
            ("person", &self.person),
            ("action", &self.action),
            ("app", &self.app),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &self.before),
        ];
        let set = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        set.map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
    }
}

pub(crate) fn day(field: &str, text: &str) -> Result<Option<Timestamp>, Invalid> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let moment = Timestamp::from_rfc3339(&format!("{}T00:00:00Z", text.trim()));
    let is_day = |at: &Timestamp| at.to_iso().starts_with(text.trim());
    let found = moment.map(|(at, _)| at).filter(is_day);
    found.map(Some).ok_or_else(|| Invalid::new(field, "Give a day such as 2026-11-22."))
}

fn escaped(value: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte);
    value.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// Where the next page begins, when there is one.
    pub next: Option<u64>,
    /// The team, when the log is of one.
    pub team: Option<crate::Team>,
}

/// What looking through the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainReport {
    /// How many lines are as they were written.
    pub sound: u64,
    /// The hash of the last of them.
    pub head: String,
    /// The first line that is not.
    pub fault: Option<ChainFault>,
}

/// The first line that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainFault {
    /// Its number.
    pub number: u64,
    /// What is wrong.
    pub sentence: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "say \"hi\", ok", "r2: shop"].map(csv_cell);
        assert_eq!(
            cells,
            ["\"'=1+1\"", "\"'+1\"", "\"'-1\"", "\"'@SUM(A1)\"", "\"'\t=1\"", "\"say \"\"hi\"\", ok\"", "\"r2: shop\""]
        );
    }

    #[test]
    fn a_period_includes_its_last_day() {
        let filter = AuditFilter { from: "2024-02-28".into(), to: "2024-02-29".into(), ..AuditFilter::default() };
        let (from, to) = filter.period().expect("two days");
        assert_eq!(
            (from.to_utc().as_str(), to.to_utc().as_str()),
            ("2024-02-28 00:00:00 UTC", "2024-03-01 00:00:00 UTC")
        );
    }

    #[test]
    fn a_day_that_is_none_is_refused_at_its_field() {
        for day in ["yesterday", "2026-02-30", "22.11.2026"] {
            let filter = AuditFilter { to: day.into(), ..AuditFilter::default() };
            assert_eq!(filter.period().expect_err(day).field, "to");
        }
    }

    #[test]
    fn a_filter_is_an_address() {
        let filter = AuditFilter { person: "ada@example.com".into(), app: "a&b=c".into(), ..AuditFilter::default() };
        assert_eq!(filter.to_query(), "person=ada@example.com&app=a%26b%3Dc");
    }
}
