use crate::databases::on_both;
use crate::fixtures::{after, committed, rate_id, sixteen};
use domain::money::{Decimal, Rate, RateOf, Resource};
use store::Error;

fn rate(of: RateOf, from: i64) -> Rate {
    Rate {
        id: rate_id(),
        of,
        value: Decimal::from_billionths(10_000_001),
        currency: Some("USD".parse().expect("a currency")),
        share: Decimal::from_billionths(400_000_000),
        from: after(from),
        until: None,
        set_by: "fin@example.com".to_owned(),
        set_at: after(0),
    }
}

on_both! {
    async fn rates_come_back_as_they_were_set(db) {
        let store = db.open().await;
        assert_eq!(store.rates().all().await.expect("read"), domain::money::Rates::default());
        let usd = "USD".parse().expect("a currency");
        let all = [
            Rate { currency: None, until: Some(after(90)), ..rate(RateOf::Exchange(usd), 10) },
            rate(RateOf::Price(Resource::Memory), 10),
            Rate { currency: None, ..rate(RateOf::Tax, 10) },
        ];
        for rate in &all {
            committed!(store, rates.insert(rate)).expect("set");
        }
        assert_eq!(store.rates().all().await.expect("read").all, all);
    }

    async fn of_one_thing_only_one_rate_begins_at_a_moment(db) {
        let store = db.open().await;
        committed!(store, rates.insert(&rate(RateOf::Tax, 10))).expect("set");
        let again = committed!(store, rates.insert(&rate(RateOf::Tax, 10)));
        assert!(matches!(again, Err(Error::Conflict("rate"))), "{again:?}");
    }

    async fn a_rate_ends_once_and_never_later(db) {
        let store = db.open().await;
        let tax = rate(RateOf::Tax, 10);
        committed!(store, rates.insert(&tax)).expect("set");
        assert!(!committed!(store, rates.end(tax.id, after(10))).expect("tried"), "it would never have held");
        assert!(committed!(store, rates.end(tax.id, after(50))).expect("ended"));
        assert!(!committed!(store, rates.end(tax.id, after(60))).expect("tried"));
        assert_eq!(store.rates().all().await.expect("read").all[0].until, Some(after(50)));
    }

    async fn only_what_has_not_begun_can_be_withdrawn(db) {
        let store = db.open().await;
        let tax = rate(RateOf::Tax, 10);
        committed!(store, rates.insert(&tax)).expect("set");
        assert!(!committed!(store, rates.withdraw(tax.id, after(10))).expect("tried"));
        assert!(committed!(store, rates.withdraw(tax.id, after(9))).expect("withdrawn"));
        assert_eq!(store.rates().all().await.expect("read").all, []);
    }

    async fn statements_have_the_currency_that_was_chosen_first(db) {
        let store = db.open().await;
        let chosen = sixteen(|n| {
            let store = store.clone();
            let currency = if n % 2 == 0 { "EUR" } else { "USD" }.parse().expect("a currency");
            async move { committed!(store, rates.put_currency(currency)).expect("chosen") }
        });
        let mut chosen = chosen.await;
        chosen.dedup();
        let kept = store.rates().all().await.expect("read").currency.map(|currency| currency.to_string());
        assert_eq!((chosen.len(), kept.as_ref()), (1, chosen.first()));
    }
}
