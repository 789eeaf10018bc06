use super::Stream;
use leptos::{ev, prelude::*};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// Changes that come within this time are looked at together.
const TOGETHER: Duration = Duration::from_millis(100);

/// Whether the person is signing out from here.
static IS_LEAVING: AtomicBool = AtomicBool::new(false);

/// The person signs out from this page. Its stream hears at once that their session is over, and the page, which is about to go, must
/// not ask any more: it would be refused.
pub fn leave() {
    IS_LEAVING.store(true, Ordering::Relaxed);
}

/// What a page wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Nothing yet.
    Nothing,
    /// Everything the person may see.
    Everything,
    /// One app, by name.
    App(String),
}

/// Counts up whenever something that the page shows may be different. Nothing is heard while the tab is hidden; when it
/// shows again, it counts up once.
pub fn use_changes(about: impl Fn() -> About + Send + Sync + 'static) -> Signal<u32> {
    let version = RwSignal::new(0);
    let is_waiting = StoredValue::new(false);
    let count_up = move |_| {
        if is_waiting.try_update_value(|waiting| !std::mem::replace(waiting, true)) == Some(true) {
            set_timeout(
                move || {
                    is_waiting.try_set_value(false);
                    if !IS_LEAVING.load(Ordering::Relaxed) {
                        version.try_update(|version| *version += 1);
                    }
                },
                TOGETHER,
            );
        }
    };
    let is_visible = use_visibility();
    Effect::new(move || {
        let url = match about() {
            About::Nothing => return,
            About::Everything => "/live".to_owned(),
            About::App(name) => format!("/live?app={name}"),
        };
        if is_visible.get() {
            let stream = Stream::open(&url).map(|stream| stream.on("ready", count_up).on("change", count_up));
            StoredValue::new_local(stream);
        }
    });
    version.into()
}

/// Whether the tab is in front.
fn use_visibility() -> Signal<bool> {
    let is_visible = RwSignal::new(true);
    Effect::new(move || {
        let listener = window_event_listener(ev::visibilitychange, move |_| is_visible.set(!document().hidden()));
        on_cleanup(move || listener.remove());
    });
    is_visible.into()
}
