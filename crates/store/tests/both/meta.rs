use crate::databases::on_both;
use crate::fixtures::{committed, sixteen};
use std::collections::BTreeSet;

on_both! {
    async fn a_value_is_what_was_put_last(db) {
        let store = db.open().await;
        assert_eq!(store.meta().get("k").await.expect("read"), None);
        committed!(store, meta.put("k", "one")).expect("put");
        committed!(store, meta.put("k", "two")).expect("put");
        assert_eq!(store.meta().get("k").await.expect("read").as_deref(), Some("two"));
    }

    async fn sixteen_who_set_a_value_at_first_start_agree_on_it(db) {
        let store = db.open().await;
        let values = sixteen(|n| {
            let store = store.clone();
            async move { committed!(store, meta.put_if_absent("id", &n.to_string())).expect("put") }
        });
        let mut values: BTreeSet<_> = values.await.into_iter().collect();
        assert_eq!(values.len(), 1);
        assert_eq!(store.meta().get("id").await.expect("read"), values.pop_first());
    }

    async fn sixteen_who_count_at_once_get_sixteen_numbers(db) {
        let store = db.open().await;
        assert_eq!(store.counters().get("table").await.expect("read"), 0);
        let numbers = sixteen(|_| {
            let store = store.clone();
            async move { committed!(store, counters.next("table")).expect("counted") }
        });
        assert_eq!(numbers.await.into_iter().collect::<BTreeSet<_>>(), (1..=16).collect());
        assert_eq!(committed!(store, counters.next("other")).expect("counted"), 1);
        assert_eq!(store.counters().get("table").await.expect("read"), 16);
    }
}
