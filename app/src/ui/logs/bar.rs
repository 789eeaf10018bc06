use super::book::Shown;
use crate::ui::{Icon, Select, Shape};
use domain::{LogFilter, LogStream};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use std::time::Duration;

/// How long the typing has to rest before the address changes.
const RESTS: Duration = Duration::from_millis(150);

/// Which lines are shown, and whether new ones are. The choice is the page's address; without scripts it is a plain form.
#[component]
pub fn LogBar(
    /// What the address says.
    filter: Memo<LogFilter>,
    /// The replicas that can be chosen, by place.
    replicas: Signal<Vec<u32>>,
    /// Whether lines are followed.
    shown: Shown,
    /// Whether long lines are broken.
    wraps: RwSignal<bool>,
    /// Follows or stops to.
    #[prop(into)]
    on_follow: Callback<bool>,
) -> impl IntoView {
    let narrow = use_narrow(filter);
    let mut type_text = debounce(RESTS, move |text: String| narrow(LogFilter { text, ..filter.get_untracked() }));
    let choose_stream =
        move |word: String| narrow(LogFilter { stream: LogStream::named(&word), ..filter.get_untracked() });
    let choose_replica = move |slot: String| narrow(LogFilter { replica: slot.parse().ok(), ..filter.get_untracked() });
    view! {
        <form class="log-bar" method="get" on:submit=move |event| event.prevent_default()>
            <label class="log-search">
                <span class="unseen">"Text"</span>
                <Icon shape=Shape::Search/>
                <input type="search" name="text" placeholder="Lines that contain" autocomplete="off" spellcheck="false"
                    value=filter.get_untracked().text on:input:target=move |event| type_text(event.target().value())/>
            </label>
            <Select label="Output" name="stream" options=streams() on_choice=choose_stream
                value=Signal::derive(move || filter.read().stream.map(LogStream::as_str).unwrap_or_default().to_owned())/>
            <Select label="Replica" name="replica" options=Signal::derive(move || slots(&replicas.read())) on_choice=choose_replica
                value=Signal::derive(move || filter.read().replica.map(|slot| slot.to_string()).unwrap_or_default())/>
            <label class="check scripted"><input type="checkbox" prop:checked=wraps on:change:target=move |event| wraps.set(event.target().checked())/>"Wrap"</label>
            <button type="submit" class="button quiet scriptless">"Show"</button>
            <button type="button" class="button quiet scripted" aria-pressed=move || (!shown.follows.get()).to_string()
                on:click=move |_| on_follow.run(!shown.follows.get_untracked())>
                {move || if shown.follows.get() { view! { <Icon shape=Shape::Pause/>"Pause" } } else { view! { <Icon shape=Shape::Play/>"Follow" } }}
            </button>
        </form>
    }
}

fn streams() -> Vec<(String, String)> {
    [("", "Both"), ("stdout", "stdout"), ("stderr", "stderr")]
        .map(|(key, word)| (key.to_owned(), word.to_owned()))
        .to_vec()
}

fn slots(replicas: &[u32]) -> Vec<(String, String)> {
    let all = (String::new(), "All".to_owned());
    std::iter::once(all).chain(replicas.iter().map(|slot| (slot.to_string(), slot.to_string()))).collect()
}

/// Puts a filter into the address, in place of the one that stands there.
fn use_narrow(filter: Memo<LogFilter>) -> impl Fn(LogFilter) + Copy + Send + Sync + 'static {
    let (navigate, path) = (StoredValue::new(use_navigate()), use_location().pathname);
    move |wanted: LogFilter| {
        if wanted != filter.get_untracked() {
            let address = format!("{}{}", path.get_untracked(), wanted.to_query());
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&address, options));
        }
    }
}
