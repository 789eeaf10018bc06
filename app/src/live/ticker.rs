use domain::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// The present, second by second. It is not there while the server renders and until the browser has taken over, so that
/// both write the same page.
#[derive(Debug, Clone, Copy)]
pub struct Ticker(RwSignal<Option<Timestamp>>);

impl Ticker {
    /// Starts to tick for the whole console.
    pub fn provide() {
        let ticker = Self(RwSignal::new(None));
        provide_context(ticker);
        Effect::new(move || {
            ticker.tick();
            let interval = set_interval_with_handle(move || ticker.tick(), Duration::from_secs(1));
            on_cleanup(move || {
                if let Ok(interval) = interval {
                    interval.clear();
                }
            });
        });
    }

    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for 285,000 years")]
    fn tick(self) {
        self.0.set(Some(Timestamp(js_sys::Date::now() as i64)));
    }
}

/// The present, once the browser has taken over.
pub fn use_now() -> Signal<Option<Timestamp>> {
    use_context::<Ticker>().map_or_else(|| Signal::stored(None), |ticker| ticker.0.into())
}
