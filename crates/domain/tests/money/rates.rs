use crate::fixtures::{at, memory_at, priced_at, put, rates};
use domain::Invalid;
use domain::money::{NewRate, Place, RateForm, RateOf, Rates, Resource};

fn place(rates: &Rates, form: RateForm, now: &str) -> Result<Place, Invalid> {
    rates.place(&NewRate::try_from(form).expect("a rate"), at(now))
}

fn memory(price: &str, from: &str) -> RateForm {
    priced_at("memory", price, "USD", "", from)
}

#[test]
fn a_new_price_ends_the_one_before_it() {
    let mut rates = rates("USD", &memory_at("0.01", "USD", ""));
    put(&mut rates, memory("0.02", "2026-06-01"), at("2026-05-20"));
    let price = |when: &str| rates.at(RateOf::Price(Resource::Memory), at(when)).map(|rate| rate.value.to_string());
    assert_eq!(price("2026-05-31T23:59:59").as_deref(), Some("0.01"));
    assert_eq!(price("2026-06-01").as_deref(), Some("0.02"));
    assert_eq!(rates.all.len(), 3, "history is kept");
}

#[test]
fn what_has_been_priced_is_not_priced_again() {
    let rates = rates("USD", &memory_at("0.01", "USD", ""));
    let refused = place(&rates, memory("0.02", "2026-05-01"), "2026-05-20").expect_err("it is the past");
    assert_eq!(refused.field, "from");
    assert!(refused.sentence.contains("What has been priced stays"), "{refused}");
    assert!(place(&rates, memory("0.02", ""), "2026-05-20").is_ok(), "from now on");
}

#[test]
fn what_had_no_price_may_get_one_up_to_the_first() {
    let rates = rates("USD", &[memory("0.01", "2026-05-10")]);
    let place = place(&rates, memory("0.02", "2026-05-01"), "2026-05-20").expect("a gap");
    assert_eq!((place.from, place.until, place.ends), (at("2026-05-01"), Some(at("2026-05-10")), None));
}

/// Without a tax a price is complete, and not a gap that may be filled.
#[test]
fn a_tax_does_not_come_over_what_has_been_priced_without_one() {
    let mut rates = rates("USD", &[memory("0.01", "2026-05-10")]);
    let tax = |from: &str| priced_at("tax", "20", "", "", from);
    let refused = place(&rates, tax("2026-05-15"), "2026-05-20").expect_err("it would change the past");
    assert_eq!(refused.field, "from");
    assert!(place(&rates, tax("2026-05-01"), "2026-05-20").is_err(), "it would go on over what was priced");
    assert!(place(&rates, tax("2026-05-01"), "2026-05-05").is_ok(), "nothing had a price then");
    put(&mut rates, tax(""), at("2026-05-20"));
    assert!(rates.at(RateOf::Tax, at("2026-05-20")).is_some());
}

#[test]
fn a_rate_that_has_not_begun_can_be_set_anew() {
    let mut rates = rates("USD", &memory_at("0.01", "USD", ""));
    put(&mut rates, memory("20", "2026-06-01"), at("2026-05-20"));
    put(&mut rates, memory("0.02", "2026-06-01"), at("2026-05-21"));
    let at_june = rates.at(RateOf::Price(Resource::Memory), at("2026-06-01")).expect("a rate");
    assert_eq!((at_june.value.to_string().as_str(), rates.all.len()), ("0.02", 3));
}

#[test]
fn a_rate_between_two_ends_where_the_later_begins() {
    let mut rates = rates("USD", &memory_at("0.01", "USD", ""));
    put(&mut rates, memory("0.03", "2026-07-01"), at("2026-05-20"));
    put(&mut rates, memory("0.02", "2026-06-01"), at("2026-05-20"));
    let values = ["2026-05-31", "2026-06-15", "2026-07-01"].map(|day| {
        rates.at(RateOf::Price(Resource::Memory), at(day)).map(|rate| rate.value.to_string()).unwrap_or_default()
    });
    assert_eq!(values, ["0.01", "0.02", "0.03"]);
}

#[test]
fn a_currency_without_an_exchange_rate_is_refused() {
    let mut rates = rates("GBP", &[]);
    let refused = place(&rates, memory("0.01", "2026-06-01"), "2026-05-20").expect_err("no exchange rate");
    assert_eq!(refused.sentence, "There is no exchange rate from USD to GBP on 2026-06-01. Set that first.");
    put(&mut rates, priced_at("exchange", "0.8", "USD", "", "2026-06-01"), at("2026-05-20"));
    assert!(place(&rates, memory("0.01", "2026-06-01"), "2026-05-20").is_ok());
    assert!(place(&rates, memory("0.01", ""), "2026-05-20").is_err(), "not yet");
    let own = place(&rates, priced_at("exchange", "1", "GBP", "", ""), "2026-05-20");
    assert_eq!(own.expect_err("there is nothing to exchange").field, "currency");
}

#[test]
fn before_statements_have_a_currency_there_are_no_rates() {
    assert_eq!(place(&Rates::default(), memory("0.01", ""), "2026-05-20").expect_err("no currency").field, "currency");
}
