use super::{Currency, Decimal, Resource};
use crate::{Invalid, RateId, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a rate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateOf {
    /// The price of one unit.
    Price(Resource),
    /// How much of the statement's currency one of this currency is.
    Exchange(Currency),
    /// The tax on everything.
    Tax,
}

impl RateOf {
    /// Its word in the database and in forms: `memory`, `exchange:USD`, `tax`.
    pub fn key(self) -> String {
        match self {
            Self::Price(resource) => resource.as_str().to_owned(),
            Self::Exchange(from) => format!("exchange:{from}"),
            Self::Tax => "tax".to_owned(),
        }
    }

    /// What has this word.
    pub fn named(word: &str) -> Option<Self> {
        match word.split_once(':') {
            Some(("exchange", currency)) => currency.parse().ok().map(Self::Exchange),
            Some(_) => None,
            None if word == "tax" => Some(Self::Tax),
            None => Resource::named(word).map(Self::Price),
        }
    }
}

impl fmt::Display for RateOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Price(resource) => write!(f, "{} per {}", resource.label(), resource.unit()),
            Self::Exchange(from) => write!(f, "One {from}"),
            Self::Tax => f.write_str("Tax"),
        }
    }
}

/// A price, an exchange rate or a tax, and the time for which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Never changes.
    pub id: RateId,
    /// What it says.
    pub of: RateOf,
    /// How much: a price, an exchange rate, or a part (0.2 is 20 % of tax).
    pub value: Decimal,
    /// In which currency a price is.
    pub currency: Option<Currency>,
    /// What the platform itself adds to a price, as a part: 0.4 is 40 %.
    pub share: Decimal,
    /// The first moment for which it holds.
    pub from: Timestamp,
    /// The moment after the last, if an end is known.
    pub until: Option<Timestamp>,
    /// Who set it, by their address.
    pub set_by: String,
    /// When.
    pub set_at: Timestamp,
}

impl Rate {
    /// Whether it holds at a moment.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// As people say it: `0.01 USD + 40 %`, `0.8 GBP`, `20 %`.
    pub fn in_words(&self, statement: Option<Currency>) -> String {
        let money = |currency: Option<Currency>| {
            let currency = currency.map(|currency| format!(" {currency}")).unwrap_or_default();
            format!("{}{currency}", self.value)
        };
        match self.of {
            RateOf::Price(_) if self.share == Decimal::default() => money(self.currency),
            RateOf::Price(_) => format!("{} + {}", money(self.currency), percent(self.share)),
            RateOf::Exchange(_) => money(statement),
            RateOf::Tax => percent(self.value),
        }
    }
}

/// A part as people say it: `20 %`.
pub fn percent(part: Decimal) -> String {
    format!("{} %", Decimal::from_billionths(part.billionths().saturating_mul(100)))
}

/// A rate as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateForm {
    /// See [`RateOf::key`]. For an exchange rate `exchange`: the currency stands beside.
    pub of: String,
    /// A price or an exchange rate as a number, a tax in per cent.
    pub value: String,
    /// Of a price: in which it is. Of an exchange rate: from which it is.
    pub currency: String,
    /// Of a price, in per cent; empty is none.
    pub share: String,
    /// The day from which it holds, such as `2026-12-01`, in UTC; empty is now.
    pub from: String,
}

/// A rate that is to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRate {
    /// See [`Rate::of`].
    pub of: RateOf,
    /// See [`Rate::value`].
    pub value: Decimal,
    /// See [`Rate::currency`].
    pub currency: Option<Currency>,
    /// See [`Rate::share`].
    pub share: Decimal,
    /// See [`Rate::from`]; none is now.
    pub from: Option<Timestamp>,
}

impl TryFrom<RateForm> for NewRate {
    type Error = Invalid;
    fn try_from(form: RateForm) -> Result<Self, Invalid> {
        let of = match form.of.as_str() {
            "exchange" => Some(RateOf::Exchange(form.currency.parse()?)),
            other => RateOf::named(other),
        };
        let of = of.ok_or_else(|| Invalid::new("of", "Choose what the rate is of."))?;
        let value = match of {
            RateOf::Tax => part("value", &form.value)?,
            _ => Decimal::typed("value", &form.value)?,
        };
        if matches!(of, RateOf::Exchange(_)) && value == Decimal::default() {
            return Err(Invalid::new("value", "An exchange rate is more than nothing."));
        }
        let currency = if matches!(of, RateOf::Price(_)) { Some(form.currency.parse()?) } else { None };
        let share = if currency.is_some() && !form.share.trim().is_empty() {
            part("share", &form.share)?
        } else {
            Decimal::default()
        };
        Ok(Self { of, value, currency, share, from: crate::audit::day("from", &form.from)? })
    }
}

/// Per cents as typed, as a part of one.
fn part(field: &str, percents: &str) -> Result<Decimal, Invalid> {
    let percents = Decimal::typed(field, percents)?;
    if percents.billionths() % 10_000_000 != 0 || percents > Decimal::from_billionths(1000 * super::decimal::BILLION) {
        return Err(Invalid::new(field, "Give per cents with at most two decimals, up to 1000."));
    }
    Ok(Decimal::from_billionths(percents.billionths() / 100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(of: &str, value: &str, currency: &str, share: &str) -> Result<NewRate, Invalid> {
        let text = |text: &str| text.to_owned();
        RateForm { of: text(of), value: text(value), currency: text(currency), share: text(share), from: text("") }
            .try_into()
    }

    #[test]
    fn a_form_becomes_a_rate() {
        let price = form("memory", "0.01", "usd", "40").expect("a price");
        assert_eq!((price.of, price.value.to_string().as_str()), (RateOf::Price(Resource::Memory), "0.01"));
        assert_eq!(
            (price.currency.map(|c| c.to_string()).as_deref(), price.share.to_string().as_str()),
            (Some("USD"), "0.4")
        );
        let tax = form("tax", "20", "", "").expect("a tax");
        assert_eq!((tax.of, tax.value.to_string().as_str(), tax.currency), (RateOf::Tax, "0.2", None));
        let exchange = form("exchange", "0.8", "USD", "").expect("an exchange rate");
        assert_eq!(exchange.of.key(), "exchange:USD");
        assert_eq!(RateOf::named("exchange:USD"), Some(exchange.of));
    }

    #[test]
    fn a_rate_that_cannot_be_is_refused_at_its_field() {
        let field = |form: Result<NewRate, Invalid>| form.expect_err("refused").field;
        assert_eq!(field(form("gold", "1", "USD", "")), "of");
        assert_eq!(field(form("memory", "-0.01", "USD", "")), "value");
        assert_eq!(field(form("memory", "0.01", "", "")), "currency");
        assert_eq!(field(form("memory", "0.01", "USD", "-40")), "share");
        assert_eq!(field(form("exchange", "0", "USD", "")), "value");
        assert_eq!(field(form("tax", "20.001", "", "")), "value");
        let day = RateForm { of: "tax".into(), value: "1".into(), from: "2026-02-30".into(), ..RateForm::default() };
        assert_eq!(NewRate::try_from(day).expect_err("no day").field, "from");
    }
}
