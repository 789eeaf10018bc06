use crate::fixtures::{app, at, exact, memory_at, month, of_month, period, priced_at, put, ran, rates, told, usage};
use domain::money::{Gap, Interval, Rates, Resource, Usage, price};

/// The rates of the first cases: 0.01 USD per GiB-hour, a share of 40 %, 0.8 GBP per USD, 20 % tax.
fn gov_uk() -> Rates {
    let [memory, cpu] = memory_at("0.01", "USD", "40");
    let from = "2020-01-01";
    rates("GBP", &[priced_at("exchange", "0.8", "USD", "", from), memory, cpu, priced_at("tax", "20", "", "", from)])
}

#[test]
fn one_gib_for_thirty_days() {
    let lines = of_month(&[ran(1, 1024, 500, "2026-11-01", "2026-12-01")], &gov_uk(), "2026-11");
    assert_eq!(exact(&lines, 12), (8_064_000_000_000, 9_676_800_000_000));
    assert_eq!(told(&lines), ["2026-11 memory 720 GiB-hour: 9.68 GBP", "2026-11 cpu 360 vCPU-hour: 0.00 GBP"]);
    let net: Vec<_> = lines.iter().map(|line| line.cost.as_ref().expect("priced").net.to_string()).collect();
    assert_eq!(net, ["8.06 GBP", "0.00 GBP"]);
}

#[test]
fn two_of_512_mib_over_31_days() {
    let lines = of_month(&[ran(2, 512, 0, "2026-05-01", "2026-06-01")], &gov_uk(), "2026-05");
    assert_eq!(exact(&lines, 12), (8_332_800_000_000, 9_999_360_000_000));
    assert_eq!(told(&lines), ["2026-05 memory 744 GiB-hour: 10.00 GBP"]);
}

#[test]
fn ninety_seconds_of_one_gib() {
    let rates = rates("USD", &memory_at("0.01", "USD", "40"));
    let lines = of_month(&[ran(1, 1024, 0, "2026-05-01T10:00:00", "2026-05-01T10:01:30")], &rates, "2026-05");
    assert_eq!(exact(&lines, 12), (350_000_000, 350_000_000));
}

#[test]
fn a_database_with_its_disk_over_one_may() {
    let from = "2020-01-01";
    let set = [
        priced_at("exchange", "0.8", "USD", "", from),
        priced_at("service", "0.041", "USD", "", from),
        priced_at("disk", "0.133", "USD", "", from),
        priced_at("tax", "20", "", "", from),
    ];
    let held = |of, amount| Usage { app: app(1), of, amount, from: at("2026-05-01"), to: at("2026-06-01") };
    let used = [held(Resource::Service, 1), held(Resource::Disk, 100 * 1024)];
    let lines = price(used, &rates("GBP", &set), month("2026-05").into());
    assert_eq!(exact(&lines, 5).1, 4_205_184);
    assert_eq!(exact(&lines, 2).1, 4_205, "42.05 GBP");
    // A month of a disk is a month, however long it is.
    let february = price(used, &rates("GBP", &set), period("2026-02-01", "2026-06-01"));
    assert_eq!(told(&february).iter().filter(|line| line.contains("disk 100 GiB-month")).count(), 1, "{february:?}");
}

#[test]
fn a_leap_day_is_a_day() {
    let rates = rates("USD", &memory_at("1", "USD", ""));
    let all_year = [ran(1, 1024, 0, "2028-01-01", "2029-01-01")];
    assert_eq!(told(&of_month(&all_year, &rates, "2028-02")), ["2028-02 memory 696 GiB-hour: 696.00 USD"]);
    let year = price(usage(&all_year), &rates, period("2028-01-01", "2029-01-01"));
    assert_eq!((year.len(), exact(&year, 0).0), (12, 366 * 24));
}

/// On 29 March 2026 clocks in Europe go forward; the day has 24 hours all the same.
#[test]
fn there_is_no_daylight_saving() {
    let lines =
        of_month(&[ran(1, 1024, 0, "2026-03-29", "2026-03-30")], &rates("EUR", &memory_at("1", "EUR", "")), "2026-03");
    assert_eq!(told(&lines), ["2026-03 memory 24 GiB-hour: 24.00 EUR"]);
}

#[test]
fn a_price_change_at_midnight_cuts_to_the_millisecond() {
    let mut rates = rates("USD", &memory_at("0.01", "USD", ""));
    put(&mut rates, priced_at("memory", "0.02", "USD", "", "2026-05-16"), at("2026-05-01"));
    let lines = of_month(&[ran(1, 1024, 0, "2026-05-15T23:00:00", "2026-05-16T01:00:00")], &rates, "2026-05");
    assert_eq!(told(&lines), ["2026-05 memory 1 GiB-hour: 0.01 USD", "2026-05 memory 1 GiB-hour: 0.02 USD"]);
    assert_eq!((lines[0].to, lines[1].from), (at("2026-05-16"), at("2026-05-16")));
}

#[test]
fn a_deploy_over_the_end_of_a_month_is_in_both_and_doubled_in_none() {
    let rates = rates("USD", &memory_at("1", "USD", ""));
    let old = ran(1, 1024, 0, "2026-05-31T00:00:00", "2026-06-01T00:30:00");
    let new = Interval { number: 2, ..ran(1, 1024, 0, "2026-05-31T23:30:00", "2026-06-01T12:00:00") };
    let both = [old, new];
    assert_eq!(told(&of_month(&both, &rates, "2026-05")), ["2026-05 memory 24.5 GiB-hour: 24.50 USD"]);
    assert_eq!(told(&of_month(&both, &rates, "2026-06")), ["2026-06 memory 12.5 GiB-hour: 12.50 USD"]);
    assert_eq!(exact(&price(usage(&both), &rates, period("2026-05-01", "2026-07-01")), 1), (370, 370));
}

#[test]
fn currencies_round_to_their_own_coins() {
    let used = [ran(1, 1024, 0, "2026-05-01T00:00:00", "2026-05-01T00:20:00")];
    let third = |currency: &str| told(&of_month(&used, &rates(currency, &memory_at("2", currency, "")), "2026-05"));
    assert_eq!(third("JPY"), ["2026-05 memory 0.333333333 GiB-hour: 1 JPY"]);
    assert_eq!(third("EUR"), ["2026-05 memory 0.333333333 GiB-hour: 0.67 EUR"]);
    assert_eq!(third("KWD"), ["2026-05 memory 0.333333333 GiB-hour: 0.667 KWD"]);
}

#[test]
fn a_day_without_a_rate_is_an_error_line_and_not_free() {
    let rates = rates(
        "USD",
        &[priced_at("memory", "1", "USD", "", "2026-05-02"), priced_at("cpu", "0", "USD", "", "2020-01-01")],
    );
    let lines = of_month(&[ran(1, 1024, 0, "2026-05-01", "2026-05-03")], &rates, "2026-05");
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (lines[0].cost.as_ref(), lines[0].from, lines[0].to),
        (Err(&Gap::Price), at("2026-05-01"), at("2026-05-02"))
    );
    assert_eq!(told(&lines)[1], "2026-05 memory 24 GiB-hour: 24.00 USD");
}

#[test]
fn a_day_without_an_exchange_rate_is_an_error_line_too() {
    let mut rates = gov_uk();
    rates
        .all
        .iter_mut()
        .filter(|rate| rate.of.key() == "exchange:USD")
        .for_each(|rate| rate.until = Some(at("2026-05-02")));
    let lines = of_month(&[ran(1, 1024, 0, "2026-05-01", "2026-05-03")], &rates, "2026-05");
    let usd = "USD".parse().expect("a currency");
    assert_eq!(
        (told(&lines)[0].as_str(), &lines[1].cost),
        ("2026-05 memory 24 GiB-hour: 0.32 GBP", &Err(Gap::Exchange(usd)))
    );
}

#[test]
fn what_is_used_up_at_a_moment_counts_at_that_moment() {
    let from = "2026-05-01";
    let set = [priced_at("requests", "0.0000002", "USD", "", from), priced_at("egress", "0.09", "USD", "", from)];
    let counted =
        |of, amount| Usage { app: app(1), of, amount, from: at("2026-05-31T23:59:59"), to: at("2026-06-01T00:01:00") };
    let used = [counted(Resource::Requests, 10_000_000), counted(Resource::Egress, 3 << 30)];
    let rates = rates("USD", &set);
    assert_eq!(
        told(&price(used, &rates, month("2026-05").into())),
        ["2026-05 egress 3 GiB: 0.27 USD", "2026-05 requests 10000000 request: 2.00 USD"]
    );
    assert_eq!(price(used, &rates, month("2026-06").into()), []);
}

#[test]
fn without_a_currency_nothing_has_a_price() {
    let lines = of_month(&[ran(1, 1024, 0, "2026-05-01", "2026-05-03")], &Rates::default(), "2026-05");
    assert_eq!(lines.iter().map(|line| line.cost.clone()).collect::<Vec<_>>(), [Err(Gap::Price)]);
}
