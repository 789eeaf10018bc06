use crate::live::use_now;
use domain::{Timestamp, human_millis};
use leptos::prelude::*;

/// A moment as its age. The whole moment shows when one rests on it, and stands there until the browser has taken over.
#[component]
pub fn Ago(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    let now = use_now();
    let text = Memo::new(move |_| now.get().map_or_else(|| at.to_short(), |now| at.ago(now)));
    view! { <time class="ago" datetime=at.to_iso() title=at.to_utc()>{text}</time> }
}

/// How long something has been going on, second by second; how long it took, once it has ended.
#[component]
pub fn Elapsed(
    /// When it began.
    since: Timestamp,
    /// How long it took in all, in milliseconds.
    #[prop(optional_no_strip)]
    millis: Option<i64>,
) -> impl IntoView {
    let now = use_now();
    let text = Memo::new(move |_| match (millis, now.get()) {
        (Some(millis), _) => human_millis(millis),
        (None, Some(now)) => format!("{} s", now.millis_since(since).max(0) / 1000),
        (None, None) => String::new(),
    });
    view! { <span class="elapsed">{text}</span> }
}
