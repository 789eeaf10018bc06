use super::{Icon, Shape};
use leptos::prelude::*;
use std::time::Duration;

/// How long a toast stays.
const STAYS: Duration = Duration::from_secs(5);

/// Sentences that say that something was done, for a moment.
#[derive(Debug, Clone, Copy)]
pub struct Toaster(RwSignal<Vec<(u32, String)>>, StoredValue<u32>);

impl Toaster {
    /// Begins with none.
    pub fn provide() {
        provide_context(Self(RwSignal::new(Vec::new()), StoredValue::new(0)));
    }

    /// Says something.
    pub fn say(self, sentence: impl Into<String>) {
        self.1.update_value(|last| *last += 1);
        let key = self.1.get_value();
        self.0.write().push((key, sentence.into()));
        set_timeout(
            move || {
                self.0.try_update(|toasts| toasts.retain(|(k, _)| *k != key));
            },
            STAYS,
        );
    }
}

/// Where to say something.
pub fn use_toasts() -> Toaster {
    use_context().unwrap_or_else(|| Toaster(RwSignal::new(Vec::new()), StoredValue::new(0)))
}

/// The corner in which they show.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = use_toasts().0;
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || toasts.get().into_iter().map(|(_, sentence)| view! { <p class="toast"><Icon shape=Shape::Check/>{sentence}</p> }).collect_view()}
        </div>
    }
}
