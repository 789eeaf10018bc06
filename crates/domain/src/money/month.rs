use crate::{Invalid, Timestamp, time::days_from_civil};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

const NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAY: i64 = 86_400_000;

/// A month in UTC, which has no daylight saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    /// Months since January of the year 0.
    index: i32,
}

impl Month {
    /// The month that a moment is in.
    pub fn of(at: Timestamp) -> Self {
        let text = at.to_utc();
        text[..7].parse().unwrap_or(Self { index: 1970 * 12 })
    }

    /// Its first moment.
    pub fn start(self) -> Timestamp {
        Timestamp(days_from_civil(i64::from(self.year()), i64::from(self.number()), 1) * DAY)
    }

    /// The first moment of the next one.
    pub fn end(self) -> Timestamp {
        self.next().start()
    }

    /// How long it lasts, in milliseconds.
    pub fn millis(self) -> i64 {
        self.end().millis_since(self.start())
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { index: self.index + 1 }
    }

    /// The one before it.
    #[must_use]
    pub const fn before(self) -> Self {
        Self { index: self.index - 1 }
    }

    /// As people say it: `May 2026`.
    pub fn in_words(self) -> String {
        let place = usize::try_from(self.index.rem_euclid(12)).unwrap_or_default();
        format!("{} {}", NAMES[place], self.year())
    }

    const fn year(self) -> i32 {
        self.index.div_euclid(12)
    }

    const fn number(self) -> i32 {
        self.index.rem_euclid(12) + 1
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let read = || {
            let (year, month) = text.trim().split_once('-')?;
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let fits = year.len() == 4 && month.len() == 2 && digits(year) && digits(month);
            let (year, month) = fits.then_some((year.parse::<i32>().ok()?, month.parse::<i32>().ok()?))?;
            (1970..=9998).contains(&year).then_some(())?;
            (1..=12).contains(&month).then_some(Self { index: year * 12 + month - 1 })
        };
        read().ok_or_else(|| Invalid::new("month", "Give a month such as 2026-11."))
    }
}

impl TryFrom<String> for Month {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    #[test]
    fn months_have_their_days_leap_days_too() {
        let days = |text: &str| month(text).millis() / DAY;
        assert_eq!(["2024-02", "2026-02", "2100-02", "2026-05", "2026-11"].map(days), [29, 28, 28, 31, 30]);
    }

    #[test]
    fn a_moment_is_in_its_month() {
        let may = month("2026-05");
        assert_eq!(Month::of(may.start()), may);
        assert_eq!(Month::of(may.end().plus_millis(-1)), may);
        assert_eq!(Month::of(may.end()), month("2026-06"));
        assert_eq!((may.in_words().as_str(), may.before().to_string().as_str()), ("May 2026", "2026-04"));
        assert_eq!((month("2026-12").next(), month("2026-01").before()), (month("2027-01"), month("2025-12")));
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["", "2026", "2026-13", "2026-00", "2026-5", "05-2026", "2026-05-01", "1969-12", "+026-01"] {
            assert_eq!(text.parse::<Month>().expect_err(text).field, "month");
        }
    }
}
