use super::{Currency, Decimal, NewRate, Rate, RateOf};
use crate::{Invalid, RateId, Timestamp};
use serde::{Deserialize, Serialize};

/// Everything that prices usage: the statement's currency and all rates there ever were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// In which currency statements are; none until it is chosen.
    pub currency: Option<Currency>,
    /// By what they are of, then by time.
    pub all: Vec<Rate>,
}

/// Where a new rate goes among those of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The first moment for which it holds.
    pub from: Timestamp,
    /// The moment after the last.
    pub until: Option<Timestamp>,
    /// The one that ends when it begins.
    pub ends: Option<RateId>,
    /// The one that it stands in for, which never held.
    pub replaces: Option<RateId>,
}

impl Rates {
    /// The rate of something at a moment.
    pub fn at(&self, of: RateOf, at: Timestamp) -> Option<&Rate> {
        self.all.iter().find(|rate| rate.of == of && rate.holds_at(at))
    }

    /// How much of the statement's currency one of another is at a moment.
    pub(super) fn exchange_at(&self, from: Currency, at: Timestamp) -> Option<Decimal> {
        if self.currency == Some(from) {
            return Some(Decimal::ONE);
        }
        self.at(RateOf::Exchange(from), at).map(|rate| rate.value)
    }

    /// Where a new rate goes, so that no two hold at once and nothing that was priced changes. What has had no rate so far
    /// may get one for the past.
    ///
    /// # Errors
    /// It would change the past, or its currency cannot be exchanged.
    pub fn place(&self, new: &NewRate, now: Timestamp) -> Result<Place, Invalid> {
        let from = new.from.unwrap_or(now);
        self.check_currency(new, from)?;
        let same = || self.all.iter().filter(|rate| rate.of == new.of);
        if let Some(there) = same().find(|rate| rate.holds_at(from)) {
            return replace(there, from, now);
        }
        if new.of == RateOf::Tax && self.was_priced(from, now) {
            let sentence =
                "Prices have held without a tax for that time. What has been priced stays: begin now or later.";
            return Err(Invalid::new("from", sentence));
        }
        let until = same().map(|rate| rate.from).filter(|begin| *begin > from).min();
        Ok(Place { from, until, ends: None, replaces: None })
    }

    /// Whether there was a price at some time from one moment until before another. Without a tax it was complete.
    fn was_priced(&self, from: Timestamp, to: Timestamp) -> bool {
        let holds = |rate: &Rate| rate.from < to && rate.until.is_none_or(|until| until > from);
        from < to && self.all.iter().any(|rate| matches!(rate.of, RateOf::Price(_)) && holds(rate))
    }

    fn check_currency(&self, new: &NewRate, from: Timestamp) -> Result<(), Invalid> {
        let Some(statement) = self.currency else {
            return Err(Invalid::new("currency", "Say first in which currency statements are."));
        };
        if new.of == RateOf::Exchange(statement) {
            let sentence = format!("Statements are in {statement}: there is nothing to exchange.");
            return Err(Invalid::new("currency", sentence));
        }
        match new.currency {
            Some(currency) if self.exchange_at(currency, from).is_none() => {
                let day = &from.to_iso()[..10];
                let sentence =
                    format!("There is no exchange rate from {currency} to {statement} on {day}. Set that first.");
                Err(Invalid::new("currency", sentence))
            }
            _ => Ok(()),
        }
    }
}

/// One rate holds at the moment from which another is wanted.
fn replace(there: &Rate, from: Timestamp, now: Timestamp) -> Result<Place, Invalid> {
    if from < now {
        let since = there.from.to_utc();
        let sentence =
            format!("There is a rate for that time, since {since}. What has been priced stays: begin now or later.");
        return Err(Invalid::new("from", sentence));
    }
    let is_same_moment = there.from == from;
    if is_same_moment && from <= now {
        return Err(Invalid::new("from", "A rate begins at this very moment already."));
    }
    Ok(Place {
        from,
        until: there.until,
        ends: (!is_same_moment).then_some(there.id),
        replaces: is_same_moment.then_some(there.id),
    })
}
