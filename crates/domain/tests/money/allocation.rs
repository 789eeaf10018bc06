use crate::fixtures::app;
use domain::money::{Held, Money, allocate};
use proptest::prelude::*;

fn money(coins: i64) -> Money {
    Money::coins(coins, "EUR".parse().expect("a currency"))
}

fn held(memory: u64, cpu: u64) -> Held {
    Held { memory, cpu }
}

#[test]
fn idle_is_a_line_of_its_own_and_all_lines_are_the_invoice() {
    let portions = allocate(money(10_000), held(400, 400), &[(app(1), held(100, 100)), (app(2), held(100, 0))]);
    let told: Vec<_> = portions.iter().map(|portion| (portion.app, portion.amount.to_string())).collect();
    let expected = [(Some(app(1)), "25.00 EUR"), (Some(app(2)), "12.50 EUR"), (None, "62.50 EUR")];
    assert_eq!(told, expected.map(|(app, amount)| (app, amount.to_owned())));
}

#[test]
fn a_coin_that_cannot_be_shared_goes_to_who_lost_most_by_rounding() {
    let thirds = [(app(1), held(1, 1)), (app(2), held(1, 1)), (app(3), held(1, 1))];
    let coins: Vec<_> = allocate(money(100), held(3, 3), &thirds).iter().map(|p| p.amount.in_coins()).collect();
    assert_eq!(coins, [34, 33, 33, 0]);
}

#[test]
fn without_apps_everything_is_idle() {
    assert_eq!(allocate(money(100), held(0, 0), &[]).iter().map(|p| p.amount.in_coins()).collect::<Vec<_>>(), [100]);
}

proptest! {
    #[test]
    fn an_allocation_comes_to_the_invoice_to_the_coin(
        coins in 0_i64..1_000_000_000_000,
        memory in 0_u64..1 << 60,
        cpu in 0_u64..1 << 60,
        apps in prop::collection::vec((0_u64..1 << 55, 0_u64..1 << 55), 0..40),
    ) {
        let apps: Vec<_> = apps.into_iter().zip(1..).map(|((memory, cpu), id)| (app(id), held(memory, cpu))).collect();
        let portions = allocate(money(coins), held(memory, cpu), &apps);
        prop_assert_eq!(portions.len(), apps.len() + 1);
        prop_assert!(portions.iter().all(|portion| portion.amount.micros >= 0));
        prop_assert_eq!(portions.iter().map(|portion| portion.amount.in_coins()).sum::<i64>(), coins);
    }
}
