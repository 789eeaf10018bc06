//! The one function that prices: for what is running now, for a statement, and for a forecast.

use super::{Currency, Decimal, Exact, Money, Month, RateOf, Rates, Resource, Usage};
use crate::{AppId, Timestamp};
use std::collections::BTreeMap;

/// From one moment until before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last.
    pub to: Timestamp,
}

impl From<Month> for Period {
    fn from(month: Month) -> Self {
        Self { from: month.start(), to: month.end() }
    }
}

/// Everything that turns an amount into money, besides the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// For one unit.
    pub price: Decimal,
    /// In which currency that is.
    pub currency: Currency,
    /// What the platform adds, as a part.
    pub share: Decimal,
    /// How much of the statement's currency one of the price's is.
    pub exchange: Decimal,
    /// As a part.
    pub tax: Decimal,
}

/// Why an amount has no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nobody has set one for that time.
    Price,
    /// The price is in a currency that could not be exchanged at that time.
    Exchange(Currency),
}

/// What an app had of a resource in one month, on the same terms all along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which app.
    pub app: AppId,
    /// Of what.
    pub of: Resource,
    /// In which month.
    pub month: Month,
    /// How much: of the smallest amount, for a millisecond where it is held. Exact.
    pub quantity: i128,
    /// The first moment of it.
    pub from: Timestamp,
    /// The moment after the last of it.
    pub to: Timestamp,
    /// What it costs. Where there is no rate the line says so, and is not free.
    pub cost: Result<Cost, Gap>,
}

/// What a line costs: rounded here, once, to the smallest coin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// How it came about.
    pub terms: Terms,
    /// Without tax.
    pub net: Money,
    /// With tax.
    pub gross: Money,
}

impl Line {
    /// In units of the resource, such as GiB-hours, for showing.
    pub fn units(&self) -> Decimal {
        let billionths = Exact::of(self.quantity, self.of.per_unit(self.month)).rounded(9);
        Decimal::from_billionths(i64::try_from(billionths).unwrap_or(i64::MAX))
    }

    /// What it costs, without tax and with it, before anything is rounded.
    pub fn exact(&self) -> Option<(Exact, Exact)> {
        let cost = self.cost.as_ref().ok()?;
        let net = cost.terms.of(Exact::of(self.quantity, self.of.per_unit(self.month)));
        let gross =
            net.clone().times(Decimal::from_billionths(Decimal::ONE.billionths() + cost.terms.tax.billionths()));
        Some((net, gross))
    }
}

impl Terms {
    fn of(&self, units: Exact) -> Exact {
        let with_share = Decimal::from_billionths(Decimal::ONE.billionths() + self.share.billionths());
        units.times(self.price).times(with_share).times(self.exchange)
    }
}

/// Prices usage within a period: a line for each app, resource, month and change of the terms. The lines are the same
/// whatever the intervals are cut into, and in whatever order they come.
pub fn price(usage: impl IntoIterator<Item = Usage>, rates: &Rates, period: Period) -> Vec<Line> {
    let mut spans: BTreeMap<Resource, Spans> = BTreeMap::new();
    let mut lines: BTreeMap<(AppId, Resource, usize), Line> = BTreeMap::new();
    for usage in usage {
        let spans = spans.entry(usage.of).or_insert_with(|| Spans::of(usage.of, rates, period));
        for (group, span, from, to) in spans.cut(&usage) {
            let quantity =
                i128::from(usage.amount) * if usage.of.is_held() { i128::from(to.millis_since(from)) } else { 1 };
            let line = lines.entry((usage.app, usage.of, group)).or_insert_with(|| Line {
                app: usage.app,
                of: usage.of,
                month: span.month,
                quantity: 0,
                from,
                to,
                cost: Err(Gap::Price),
            });
            line.quantity += quantity;
            line.from = line.from.min(from);
            line.to = line.to.max(to);
            line.cost = span.terms.map(|terms| Cost { terms, net: zero(terms.currency), gross: zero(terms.currency) });
        }
    }
    let mut lines: Vec<_> = lines.into_values().filter(|line| line.quantity > 0).collect();
    for line in &mut lines {
        round(line, rates.currency);
    }
    lines
}

const fn zero(currency: Currency) -> Money {
    Money::zero(currency)
}

/// The one place where a line is rounded.
fn round(line: &mut Line, currency: Option<Currency>) {
    let (Some((net, gross)), Some(currency)) = (line.exact(), currency) else { return };
    if let Ok(cost) = &mut line.cost {
        cost.net = net.to_money(currency);
        cost.gross = gross.to_money(currency);
    }
}

/// A time in which nothing about a resource's price changes.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Timestamp,
    to: Timestamp,
    month: Month,
    terms: Result<Terms, Gap>,
    /// The first span of the same month on the same terms.
    group: usize,
}

/// A period, cut wherever something changes.
struct Spans(Vec<Span>);

impl Spans {
    fn of(resource: Resource, rates: &Rates, period: Period) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        let cuts = cuts(resource, rates, period);
        for pair in cuts.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let (month, terms) = (Month::of(from), terms(resource, rates, from));
            let same = spans.iter().position(|span| span.month == month && span.terms == terms);
            spans.push(Span { from, to, month, terms, group: same.unwrap_or(spans.len()) });
        }
        Self(spans)
    }

    /// The parts of a usage, each with the span that it lies in.
    fn cut(&self, usage: &Usage) -> impl Iterator<Item = (usize, Span, Timestamp, Timestamp)> {
        let Usage { of, from, to, .. } = *usage;
        let first = self.0.partition_point(|span| span.to <= from);
        let parts = self.0[first..].iter().take_while(move |span| span.from < to.max(from.plus_millis(1)));
        parts.filter_map(move |span| {
            if of.is_held() {
                let (from, to) = (from.max(span.from), to.min(span.to));
                return (from < to).then_some((span.group, *span, from, to));
            }
            (span.from <= from && from < span.to).then_some((span.group, *span, from, from.plus_millis(1)))
        })
    }
}

/// The moments at which a period is cut, both ends included.
fn cuts(resource: Resource, rates: &Rates, period: Period) -> Vec<Timestamp> {
    let mut cuts = vec![period.from, period.to];
    let mut month = Month::of(period.from).next();
    while month.start() < period.to {
        cuts.push(month.start());
        month = month.next();
    }
    let about = |of: RateOf| !matches!(of, RateOf::Price(other) if other != resource);
    for rate in rates.all.iter().filter(|rate| about(rate.of)) {
        cuts.extend([Some(rate.from), rate.until].into_iter().flatten());
    }
    cuts.retain(|at| (period.from..=period.to).contains(at));
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

fn terms(resource: Resource, rates: &Rates, at: Timestamp) -> Result<Terms, Gap> {
    let rate = rates.at(RateOf::Price(resource), at).ok_or(Gap::Price)?;
    let currency = rate.currency.ok_or(Gap::Price)?;
    let exchange = rates.exchange_at(currency, at).ok_or(Gap::Exchange(currency))?;
    let tax = rates.at(RateOf::Tax, at).map(|rate| rate.value).unwrap_or_default();
    Ok(Terms { price: rate.value, currency, share: rate.share, exchange, tax })
}
