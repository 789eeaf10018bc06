//! I2, by trying every order in which two threads can meet: the same source as the product's, on loom's atomics.

use loom::{sync::Arc, thread};

mod atomic {
    pub use loom::sync::atomic::{AtomicU64, Ordering};
}

#[path = "../src/claims.rs"]
mod claims;

use atomic::{AtomicU64, Ordering};
use claims::{Bar, Claims};

fn answered() -> Arc<Claims> {
    let claims = Arc::new(Claims::new());
    claims.unbar(Bar::Unanswered);
    claims
}

#[test]
fn i2_nothing_is_claimed_after_a_drained_endpoint_was_seen_idle() {
    // Three changes of thread at the wrong moment find what there is to find (and a fourth takes minutes).
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let claims = answered();
        let stopped = Arc::new(AtomicU64::new(0));
        let visitors: Vec<_> = (0..2)
            .map(|_| {
                let (claims, stopped) = (claims.clone(), stopped.clone());
                thread::spawn(move || {
                    if claims.claim() {
                        assert_eq!(stopped.load(Ordering::SeqCst), 0, "a request runs on a task that was told to stop");
                        claims.release();
                    }
                })
            })
            .collect();
        claims.bar(Bar::Draining);
        if claims.in_flight() == 0 {
            stopped.store(1, Ordering::SeqCst);
        }
        for visitor in visitors {
            visitor.join().expect("the visitor found all in order");
        }
    });
}

#[test]
fn no_claim_is_forgotten_or_counted_twice() {
    loom::model(|| {
        let claims = answered();
        let other = claims.clone();
        let visitor = thread::spawn(move || other.claim());
        let mine = claims.claim();
        let theirs = visitor.join().expect("the other visitor claims");
        assert!(mine && theirs);
        assert_eq!(claims.in_flight(), 2);
        claims.release();
        claims.release();
        assert_eq!(claims.load_if_open(), Some(0));
    });
}

#[test]
fn one_bar_taken_away_leaves_the_other() {
    loom::model(|| {
        let claims = answered();
        claims.bar(Bar::Draining);
        let other = claims.clone();
        let failing = thread::spawn(move || other.bar(Bar::Unanswered));
        claims.unbar(Bar::Draining);
        failing.join().expect("the other thread bars it");
        assert!(!claims.claim() && claims.is_barred(Bar::Unanswered));
    });
}
