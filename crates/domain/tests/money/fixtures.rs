use domain::money::{Interval, Line, Month, NewRate, Period, Rate, RateForm, RateOf, Rates, Usage, price};
use domain::{AppId, RateId, ReleaseId, Timestamp};
use uuid::Uuid;

/// A moment in UTC, such as `2026-05-01` or `2026-05-01T12:00:00`.
pub fn at(text: &str) -> Timestamp {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { format!("{text}Z") };
    Timestamp::from_rfc3339(&whole).expect("a moment").0
}

pub fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

pub fn period(from: &str, to: &str) -> Period {
    Period { from: at(from), to: at(to) }
}

pub fn app(number: u128) -> AppId {
    AppId::new(Uuid::from_u128(number))
}

/// Replicas of one app for a while.
pub fn ran(replicas: u32, memory: u64, cpu: u64, from: &str, to: &str) -> Interval {
    Interval {
        app: app(1),
        release: ReleaseId::NIL,
        number: 1,
        node: "n1".to_owned(),
        replicas,
        memory,
        cpu,
        from: at(from),
        to: at(to),
        is_open: false,
    }
}

/// Rates as somebody sets them one after the other, a long time before they count.
pub fn rates(currency: &str, set: &[RateForm]) -> Rates {
    let mut rates = Rates { currency: Some(currency.parse().expect("a currency")), all: Vec::new() };
    for form in set {
        put(&mut rates, form.clone(), at("2020-01-01"));
    }
    rates
}

/// Sets one more rate, as the platform does.
pub fn put(rates: &mut Rates, form: RateForm, now: Timestamp) {
    let new = NewRate::try_from(form).expect("a rate");
    let place = rates.place(&new, now).expect("it has a place");
    rates.all.retain(|rate| Some(rate.id) != place.replaces);
    if let Some(ends) = rates.all.iter_mut().find(|rate| Some(rate.id) == place.ends) {
        ends.until = Some(place.from);
    }
    rates.all.push(Rate {
        id: RateId::new(Uuid::from_u128(rates.all.len() as u128 + 1)),
        of: new.of,
        value: new.value,
        currency: new.currency,
        share: new.share,
        from: place.from,
        until: place.until,
        set_by: "fin@example.com".to_owned(),
        set_at: now,
    });
    no_two_hold_at_once(rates);
}

fn no_two_hold_at_once(rates: &Rates) {
    let of = |of: RateOf| rates.all.iter().filter(move |rate| rate.of == of);
    for rate in &rates.all {
        assert_eq!(of(rate.of).filter(|other| other.holds_at(rate.from)).count(), 1, "{rates:#?}");
    }
}

pub fn priced_at(of: &str, value: &str, currency: &str, share: &str, from: &str) -> RateForm {
    let [of, value, currency, share, from] = [of, value, currency, share, from].map(str::to_owned);
    RateForm { of, value, currency, share, from }
}

/// Memory only: CPU costs nothing, and somebody has said so.
pub fn memory_at(price: &str, currency: &str, share: &str) -> [RateForm; 2] {
    [priced_at("memory", price, currency, share, "2020-01-01"), priced_at("cpu", "0", currency, "", "2020-01-01")]
}

pub fn usage<'a>(intervals: impl IntoIterator<Item = &'a Interval>) -> Vec<Usage> {
    intervals.into_iter().flat_map(Interval::usage).collect()
}

/// What all lines come to before and after tax, with so many decimals. Every line has to have a price.
pub fn exact(lines: &[Line], decimals: u32) -> (i128, i128) {
    let all: Vec<_> = lines.iter().map(|line| line.exact().expect("it has a price")).collect();
    let (net, gross) = all.iter().skip(1).fold(all[0].clone(), |(net, gross), (n, g)| (net.plus(n), gross.plus(g)));
    (net.rounded(decimals), gross.rounded(decimals))
}

/// The lines as a person reads them: what, how much, and the cost with tax.
pub fn told(lines: &[Line]) -> Vec<String> {
    let cost = |line: &Line| match &line.cost {
        Ok(cost) => cost.gross.to_string(),
        Err(gap) => format!("{gap:?}"),
    };
    lines
        .iter()
        .map(|line| format!("{} {} {} {}: {}", line.month, line.of.as_str(), line.units(), line.of.unit(), cost(line)))
        .collect()
}

pub fn of_month(intervals: &[Interval], rates: &Rates, text: &str) -> Vec<Line> {
    price(usage(intervals), rates, month(text).into())
}
