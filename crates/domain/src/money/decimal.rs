use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many decimals a [`Decimal`] keeps.
const PLACES: usize = 9;

/// Billionths in one.
pub const BILLION: i64 = 1_000_000_000;

/// A number that is not negative, with at most nine decimals, kept exactly: a price, a tax, an exchange rate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decimal(i64);

impl Decimal {
    /// One.
    pub const ONE: Self = Self(BILLION);

    /// So many billionths; nothing of what is negative.
    pub fn from_billionths(billionths: i64) -> Self {
        Self(billionths.max(0))
    }

    /// In billionths.
    pub const fn billionths(self) -> i64 {
        self.0
    }

    /// Reads what people type, digit by digit: `0.01`, `12`, `0,5`.
    ///
    /// # Errors
    /// What is no number, is negative, has more than nine decimals, or more than six digits before them.
    pub fn typed(field: &str, text: &str) -> Result<Self, Invalid> {
        let text = text.trim().replace(',', ".");
        if text.starts_with('-') {
            return Err(Invalid::new(field, "This cannot be negative."));
        }
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
            return Err(Invalid::new(field, "Give a number such as 0.01."));
        }
        if decimals.len() > PLACES || whole.len() > 6 {
            return Err(Invalid::new(field, "Give at most nine decimals, and less than a million."));
        }
        let billionths = format!("{whole}{decimals:0<PLACES$}").parse();
        billionths.map(Self).map_err(|_| Invalid::new(field, "Give a number such as 0.01."))
    }

    /// With at most so many decimals, for tables; the rest is rounded off.
    pub fn short(self, decimals: u32) -> String {
        let step = 10_i64.pow(9 - decimals.min(9));
        Self(self.0.saturating_add(step / 2) / step * step).padded(decimals as usize)
    }

    fn padded(self, least: usize) -> String {
        let (whole, rest) = (self.0 / BILLION, format!("{:09}", self.0 % BILLION));
        let rest = rest.trim_end_matches('0');
        if rest.is_empty() && least == 0 { whole.to_string() } else { format!("{whole}.{rest:0<least$}") }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.padded(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_kept_exactly_and_shown_as_it_was_typed() {
        for text in ["0.01", "12", "0.000000001", "999999.999999999", "0", "1.5"] {
            assert_eq!(Decimal::typed("price", text).expect(text).to_string(), text);
        }
        assert_eq!(Decimal::typed("price", " 0,5 "), Decimal::typed("price", "0.5"));
        assert_eq!(Decimal::typed("price", ".5").map(Decimal::billionths), Ok(500_000_000));
    }

    #[test]
    fn what_cannot_be_a_price_is_refused_at_its_field() {
        for text in ["-1", "", ".", "1e3", "free", "0.0000000001", "1000000", "1 000", "+1"] {
            assert_eq!(Decimal::typed("price", text).expect_err(text).field, "price");
        }
        assert_eq!(Decimal::typed("price", "-0.01").expect_err("negative").sentence, "This cannot be negative.");
    }

    #[test]
    fn tables_have_a_fixed_number_of_decimals() {
        let short = |text: &str, decimals| Decimal::typed("q", text).expect("a number").short(decimals);
        assert_eq!([short("1.2345", 3), short("2", 3), short("0.9996", 3)], ["1.235", "2.000", "1.000"]);
    }
}
