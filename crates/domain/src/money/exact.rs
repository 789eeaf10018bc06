use super::{Currency, Decimal, Money, decimal::BILLION};
use num_bigint::BigInt;

/// A number without any rounding: a fraction of two whole numbers, however long they get.
#[derive(Debug, Clone)]
pub struct Exact {
    above: BigInt,
    /// More than nothing.
    below: BigInt,
}

impl Exact {
    /// So many of which so many are one.
    pub(super) fn of(amount: i128, per_unit: i128) -> Self {
        Self { above: amount.into(), below: per_unit.into() }
    }

    /// Times a decimal.
    #[must_use]
    pub(super) fn times(self, factor: Decimal) -> Self {
        Self { above: self.above * factor.billionths(), below: self.below * BILLION }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        Self { above: self.above * &other.below + &other.above * &self.below, below: self.below * &other.below }
    }

    /// How many of the last of so many decimals it is, half of one rounded up.
    pub fn rounded(&self, decimals: u32) -> i128 {
        let twice = (&self.above * BigInt::from(10).pow(decimals)) * 2 + &self.below;
        i128::try_from(twice / (&self.below * 2)).unwrap_or(i128::MAX)
    }

    /// Rounded to the smallest coin.
    pub fn to_money(&self, currency: Currency) -> Money {
        let coins = self.rounded(u32::from(currency.decimals()));
        Money::coins(i64::try_from(coins).unwrap_or(i64::MAX), currency)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        &self.above * &other.below == &other.above * &self.below
    }
}

impl Eq for Exact {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_coin_is_rounded_up_once() {
        let rounded = |above, below, decimals| Exact::of(above, below).rounded(decimals);
        assert_eq!(
            [rounded(5, 1000, 2), rounded(4999, 1_000_000, 2), rounded(1, 3, 4), rounded(2, 3, 0)],
            [1, 0, 3333, 1]
        );
    }

    #[test]
    fn fractions_add_up_without_loss() {
        let third = Exact::of(1, 3);
        assert_eq!(third.clone().plus(&third).plus(&third), Exact::of(7, 7));
    }

    #[test]
    fn no_amount_is_too_large_to_be_exact() {
        let large = Decimal::from_billionths(i64::MAX);
        let product = (0..6).fold(Exact::of(i128::MAX, 3_600_000), |product, _| product.times(large));
        assert_eq!(product.rounded(0), i128::MAX, "what no money can hold is the most there is");
    }
}
