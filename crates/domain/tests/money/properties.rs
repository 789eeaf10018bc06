use crate::fixtures::{app, at, priced_at, put, rates, usage};
use domain::Timestamp;
use domain::money::{Exact, Interval, Line, Period, Rates, price};
use proptest::prelude::*;

/// Where all of it happens: 90 days around two ends of a month, with changes of every kind in it.
const DAYS: i64 = 90;

fn begin() -> Timestamp {
    at("2026-01-15")
}

fn whole() -> Period {
    Period { from: begin(), to: begin().plus_millis(DAYS * 86_400_000) }
}

/// Prices, an exchange rate and a tax that change at different times, one of them with an awkward number.
fn awkward() -> Rates {
    let mut rates = rates(
        "GBP",
        &[
            priced_at("exchange", "0.793117", "USD", "", "2020-01-01"),
            priced_at("memory", "0.0123457", "USD", "37.5", "2020-01-01"),
            priced_at("cpu", "0.07", "GBP", "", "2020-01-01"),
        ],
    );
    let now = at("2026-01-10");
    put(&mut rates, priced_at("memory", "0.0111111", "USD", "40", "2026-02-10"), now);
    put(&mut rates, priced_at("exchange", "0.81", "USD", "", "2026-03-03"), now);
    put(&mut rates, priced_at("tax", "20", "", "", "2026-02-20"), now);
    rates
}

prop_compose! {
    fn interval()(
        which in 1_u128..4, number in 1_u32..4, replicas in 1_u32..50, memory in 16_u64..65_536, cpu in 10_u64..16_000,
        from in 0..DAYS * 86_400_000, lasts in 1..40 * 86_400_000_i64, is_open in any::<bool>(),
    ) -> Interval {
        let from = begin().plus_millis(from);
        Interval {
            app: app(which), release: domain::ReleaseId::NIL, number, node: String::new(), replicas, memory, cpu, from,
            to: from.plus_millis(lasts), is_open,
        }
    }
}

fn intervals() -> impl Strategy<Value = Vec<Interval>> {
    prop::collection::vec(interval(), 1..12)
}

fn lines(intervals: &[Interval], period: Period) -> Vec<Line> {
    price(usage(intervals), &awkward(), period)
}

fn total(lines: &[Line]) -> Option<Exact> {
    lines.iter().map(|line| line.exact().expect("it has a price").1).reduce(|sum, cost| sum.plus(&cost))
}

/// The money on all lines, in the smallest coin.
fn coins(lines: &[Line]) -> i64 {
    lines.iter().map(|line| line.cost.as_ref().expect("it has a price").gross.in_coins()).sum()
}

fn sum(one: Option<Exact>, other: Option<Exact>) -> Option<Exact> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.plus(&other)),
        (one, other) => one.or(other),
    }
}

/// An interval in two, at a part of its length.
fn split(interval: &Interval, per_mille: i64) -> [Interval; 2] {
    let middle = interval.from.plus_millis(interval.millis() * per_mille / 1000);
    [Interval { to: middle, is_open: false, ..interval.clone() }, Interval { from: middle, ..interval.clone() }]
}

proptest! {
    #[test]
    fn time_adds_up_wherever_it_is_cut(intervals in intervals(), cut in 0..DAYS * 86_400_000) {
        let middle = begin().plus_millis(cut);
        let before = lines(&intervals, Period { to: middle, ..whole() });
        let after = lines(&intervals, Period { from: middle, ..whole() });
        prop_assert_eq!(sum(total(&before), total(&after)), total(&lines(&intervals, whole())));
    }

    #[test]
    fn months_add_up_to_the_coin(intervals in intervals()) {
        let whole = whole();
        let cuts = [whole.from, at("2026-02-01"), at("2026-03-01"), at("2026-04-01"), whole.to];
        let months: Vec<_> = cuts.windows(2).flat_map(|w| lines(&intervals, Period { from: w[0], to: w[1] })).collect();
        prop_assert_eq!(coins(&months), coins(&lines(&intervals, whole)));
    }

    #[test]
    fn apps_add_up_to_the_coin(intervals in intervals()) {
        let of_one = |which| lines(&intervals.iter().filter(|i| i.app == app(which)).cloned().collect::<Vec<_>>(), whole());
        let one_by_one: Vec<_> = (1..4).flat_map(of_one).collect();
        prop_assert_eq!(one_by_one, lines(&intervals, whole()));
    }

    #[test]
    fn splitting_and_merging_changes_nothing(intervals in intervals(), parts in prop::collection::vec(0_i64..=1000, 12)) {
        let pieces: Vec<_> = intervals.iter().zip(parts).flat_map(|(interval, part)| split(interval, part)).collect();
        prop_assert_eq!(lines(&pieces, whole()), lines(&intervals, whole()));
    }

    #[test]
    fn the_order_of_reports_changes_nothing(intervals in intervals()) {
        let reversed: Vec<_> = intervals.iter().rev().cloned().collect();
        prop_assert_eq!(lines(&reversed, whole()), lines(&intervals, whole()));
    }

    #[test]
    fn replicas_together_cost_what_they_cost_one_by_one(interval in interval()) {
        let single = Interval { replicas: 1, ..interval.clone() };
        let singles = vec![single; interval.replicas as usize];
        prop_assert_eq!(lines(&singles, whole()), lines(&[interval], whole()));
    }

    #[test]
    fn a_forecast_is_what_comes_when_nothing_changes(intervals in intervals()) {
        let end = whole().to;
        let forecast: Vec<_> = intervals.iter().map(|interval| interval.going_on_until(end)).collect();
        // The end has come: what was open was seen up to it, the rest as it was.
        let live: Vec<_> = intervals.iter().map(|interval| Interval { to: if interval.is_open { interval.to.max(end) } else { interval.to }, ..interval.clone() }).collect();
        prop_assert_eq!(lines(&forecast, whole()), lines(&live, whole()));
        prop_assert!(coins(&lines(&intervals, whole())) <= coins(&lines(&forecast, whole())));
    }

    #[test]
    fn a_new_name_or_release_splits_no_line(intervals in intervals()) {
        let renamed: Vec<_> = intervals.iter().zip(10..).map(|(interval, number)| Interval { number, node: "other".to_owned(), ..interval.clone() }).collect();
        prop_assert_eq!(lines(&renamed, whole()), lines(&intervals, whole()));
    }

    #[test]
    fn a_rounded_line_is_half_a_coin_from_the_exact_one_at_most(intervals in intervals()) {
        for line in lines(&intervals, whole()) {
            let exact = line.exact().expect("it has a price").1.rounded(9);
            let rounded = i128::from(line.cost.expect("it has a price").gross.in_coins()) * 10_000_000;
            prop_assert!((exact - rounded).abs() <= 5_000_000);
        }
    }

    /// A clock that was set back makes ends that lie before their beginnings; they count for nothing.
    #[test]
    fn what_ends_before_it_began_costs_nothing(interval in interval(), back in 0_i64..1_000_000) {
        let turned = Interval { to: interval.from.plus_millis(-back), ..interval };
        prop_assert_eq!(lines(&[turned], whole()), []);
    }
}
