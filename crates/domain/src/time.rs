use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01 UTC. Who needs the present one is handed a clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `millis` milliseconds later (earlier when negative).
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0 + millis)
    }

    /// Milliseconds from `earlier` until this moment; negative when it lies in this moment's future.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// `2026-11-22 18:04:05 UTC`, by the civil-from-days algorithm (Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms").
    pub fn to_utc(self) -> String {
        let seconds = self.0.div_euclid(1000);
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", second / 3600, second / 60 % 60, second % 60)
    }

    /// Reads a moment as engines and registries write it (RFC 3339: `2026-11-22T18:31:56.546473829Z`), with the
    /// nanoseconds within its millisecond.
    pub fn from_rfc3339(text: &str) -> Option<(Self, u32)> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let (fraction, zone) = split_fraction(text.get(19..)?);
        let nanos = format!("{fraction:0<9}").get(..9)?.parse::<u32>().ok()?;
        let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        let millis = (seconds - zone_seconds(zone)?) * 1000 + i64::from(nanos / 1_000_000);
        Some((Self(millis), nanos % 1_000_000))
    }

    /// `2026-11-22T18:04:05.678Z`, as HTML and JSON write moments.
    pub fn to_iso(self) -> String {
        let utc = self.to_utc();
        format!("{}T{}.{:03}Z", &utc[..10], &utc[11..19], self.0.rem_euclid(1000))
    }

    /// `22 Nov 18:04`, in UTC, for a narrow column.
    pub fn to_short(self) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let utc = self.to_utc();
        let month = utc[5..7].parse::<usize>().ok().and_then(|month| MONTHS.get(month - 1)).unwrap_or(&"");
        format!("{} {month} {}", utc[8..10].trim_start_matches('0'), &utc[11..16])
    }

    /// How long before `now` this was, as people say it: `just now`, `5 min ago`, `3 h ago`, `2 d ago`.
    pub fn ago(self, now: Self) -> String {
        match now.millis_since(self) / 1000 {
            ..10 => "just now".to_owned(),
            s @ 10..60 => format!("{s} s ago"),
            s @ 60..3600 => format!("{} min ago", s / 60),
            s @ 3600..86_400 => format!("{} h ago", s / 3600),
            s => format!("{} d ago", s / 86_400),
        }
    }
}

/// The digits after the point, and what comes behind them.
fn split_fraction(text: &str) -> (&str, &str) {
    let Some(fraction) = text.strip_prefix('.') else { return ("", text) };
    let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
    fraction.split_at(end)
}

/// How far a zone such as `Z` or `+01:30` is ahead of UTC.
fn zone_seconds(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if zone.strip_prefix('-').is_some() { -1 } else { 1 };
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    Some(sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60))
}

/// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(Timestamp(0).to_utc(), "1970-01-01 00:00:00 UTC");
        assert_eq!(Timestamp(1_709_210_096_789).to_utc(), "2024-02-29 12:34:56 UTC");
        assert_eq!(Timestamp(-1).to_utc(), "1969-12-31 23:59:59 UTC");
    }

    #[test]
    fn moments_of_engines_are_read() {
        let read = |text: &str| Timestamp::from_rfc3339(text);
        assert_eq!(read("1970-01-01T00:00:00Z"), Some((Timestamp(0), 0)));
        assert_eq!(read("2024-02-29T12:34:56.789123456Z"), Some((Timestamp(1_709_210_096_789), 123_456)));
        assert_eq!(read("2024-02-29T14:04:56.7+01:30"), Some((Timestamp(1_709_210_096_700), 0)));
        assert_eq!(read("2024-02-29T11:34:56-01:00"), Some((Timestamp(1_709_210_096_000), 0)));
        for bad in ["", "2024-02-29", "2024-02-29T12:34:56", "yesterday, at about noon"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for day in (-700_000..800_000).step_by(37) {
            let moment = Timestamp(day * 86_400_000);
            let text = moment.to_utc().replace(" UTC", "Z").replace(' ', "T");
            if !text.starts_with('-') {
                assert_eq!(Timestamp::from_rfc3339(&text), Some((moment, 0)), "{text}");
            }
        }
    }

    #[test]
    fn moments_have_a_short_and_a_machine_form() {
        assert_eq!(Timestamp(1_709_210_096_789).to_iso(), "2024-02-29T12:34:56.789Z");
        assert_eq!(Timestamp(1_709_210_096_789).to_short(), "29 Feb 12:34");
        assert_eq!(Timestamp(0).to_short(), "1 Jan 00:00");
    }

    #[test]
    fn ages_use_the_largest_whole_unit() {
        let now = Timestamp(1_000_000_000);
        let ages = [3_000, 42_000, 300_000, 7_200_000, 200_000_000].map(|ms| now.plus_millis(-ms).ago(now));
        assert_eq!(ages, ["just now", "42 s ago", "5 min ago", "2 h ago", "2 d ago"]);
    }
}
