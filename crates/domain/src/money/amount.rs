use super::Currency;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Millionths in one.
const MICROS: i64 = 1_000_000;

/// An amount of money in millionths of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Millionths: `1_500_000` is 1.50 EUR.
    pub micros: i64,
    /// In which currency.
    pub currency: Currency,
}

impl Money {
    /// Nothing.
    pub const fn zero(currency: Currency) -> Self {
        Self { micros: 0, currency }
    }

    /// So many of the currency's smallest coins.
    pub fn coins(coins: i64, currency: Currency) -> Self {
        Self { micros: coins.saturating_mul(coin(currency)), currency }
    }

    /// How many of the smallest coins it is, without what is left of one.
    pub fn in_coins(self) -> i64 {
        self.micros / coin(self.currency)
    }

    /// Both together. They are of one currency: a statement has only one.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        debug_assert_eq!(self.currency, other.currency, "a statement has one currency");
        Self { micros: self.micros.saturating_add(other.micros), ..self }
    }

    /// What is left of it without the other.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { micros: other.micros.saturating_neg(), ..other })
    }

    /// The bare number as CSV and JSON have it: `1234.50`.
    pub fn to_number(self) -> String {
        self.digits("")
    }

    fn digits(self, separator: &str) -> String {
        let decimals = usize::from(self.currency.decimals());
        let sign = if self.micros < 0 { "-" } else { "" };
        let coins = self.in_coins().unsigned_abs();
        let one = 10_u64.pow(u32::from(self.currency.decimals()));
        let whole = grouped(coins / one, separator);
        if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{:0decimals$}", coins % one) }
    }
}

/// Millionths in the smallest coin.
fn coin(currency: Currency) -> i64 {
    MICROS / 10_i64.pow(u32::from(currency.decimals()))
}

fn grouped(number: u64, separator: &str) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.digits(","), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(micros: i64, currency: &str) -> Money {
        Money { micros, currency: currency.parse().expect("a currency") }
    }

    #[test]
    fn money_is_written_with_the_decimals_of_its_currency() {
        assert_eq!(money(1_234_567_890_000, "EUR").to_string(), "1,234,567.89 EUR");
        assert_eq!(money(999_000_000, "JPY").to_string(), "999 JPY");
        assert_eq!(money(1_005_000, "KWD").to_string(), "1.005 KWD");
        assert_eq!(money(-50_000, "USD").to_string(), "-0.05 USD");
        assert_eq!(money(1_234_500_000, "USD").to_number(), "1234.50");
    }

    #[test]
    fn coins_and_money_are_the_same() {
        for currency in ["EUR", "JPY", "KWD"] {
            let currency = currency.parse().expect("a currency");
            assert_eq!(Money::coins(12_345, currency).in_coins(), 12_345);
        }
        assert_eq!(Money::coins(150, "EUR".parse().expect("a currency")).to_string(), "1.50 EUR");
    }
}
