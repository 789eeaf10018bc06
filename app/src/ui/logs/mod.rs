//! A log that is read while it is written.

mod bar;
mod book;
mod row;

use crate::{
    live::Stream,
    ui::{Icon, Shape},
};
use bar::LogBar;
use book::{Book, Shown};
use domain::{LogFilter, LogLine, Timestamp};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;
use send_wrapper::SendWrapper;

/// The log of an app: its last lines, then new ones as they come. It follows until somebody scrolls up or pauses.
#[component]
pub fn LogView(
    /// Where the stream of lines is.
    #[prop(into)]
    stream: Signal<String>,
    /// The lines of the page as the server renders it.
    first: Vec<LogLine>,
    /// The places of the replicas.
    #[prop(into)]
    replicas: Signal<Vec<u32>>,
) -> impl IntoView {
    let filter = use_filter();
    let shown = Shown { follows: RwSignal::new(true), held: RwSignal::new(0) };
    let wraps = RwSignal::new(false);
    let list = NodeRef::<html::Div>::new();
    // Nothing stands in it on the server, which may drop it on another thread than the one that made it.
    let book = StoredValue::new(None::<SendWrapper<Book>>);
    let with_book = move |act: &dyn Fn(&Book)| {
        book.with_value(|book| {
            if let Some(book) = book {
                act(book);
            }
        });
    };
    Effect::new(move || open(&stream.get(), list, shown, filter.get_untracked(), book));
    Effect::new(move || {
        let filter = filter.get();
        with_book(&|book| book.narrow(filter.clone()));
    });
    let rows = rendered(&first, &filter.get_untracked());
    let follow = move |follows: bool| with_book(&|book| book.follow(follows));
    view! {
        <div class="log">
            <LogBar filter replicas shown wraps on_follow=follow/>
            <div class="log-lines" class:wraps=wraps node_ref=list tabindex="0" role="log" aria-label="Log lines" aria-live="off"
                inner_html=rows on:scroll=move |_| with_book(&Book::scrolled)></div>
            <button type="button" class="button log-more" hidden=move || shown.held.get() == 0 on:click=move |_| follow(true)>
                <Icon shape=Shape::Chevron/>{move || new_lines(shown.held.get())}
            </button>
        </div>
    }
}

/// Opens the stream at this address in place of the one before; both go with the page.
fn open(
    url: &str,
    list: NodeRef<html::Div>,
    shown: Shown,
    filter: LogFilter,
    slot: StoredValue<Option<SendWrapper<Book>>>,
) {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for 285,000 years")]
    let book = Book::new(list, shown, filter, Timestamp(js_sys::Date::now() as i64));
    let (beginning, taking) = (book.clone(), book.clone());
    slot.set_value(Some(SendWrapper::new(book)));
    let stream = Stream::open(url).map(|stream| {
        stream.on("ready", move |_| beginning.begin()).on("lines", move |lines| {
            if let Ok(lines) = serde_json::from_str(&lines) {
                taking.take(lines);
            }
        })
    });
    StoredValue::new_local(stream);
}

fn use_filter() -> Memo<LogFilter> {
    let query = use_query_map();
    Memo::new(move |_| {
        let query = query.read();
        LogFilter::from_query(query.get("text"), query.get("stream").as_deref(), query.get("replica").as_deref())
    })
}

fn rendered(lines: &[LogLine], filter: &LogFilter) -> String {
    let mut html = String::new();
    for line in lines.iter().filter(|line| filter.shows(line)) {
        row::write_row(&mut html, line, 0);
    }
    html
}

fn new_lines(count: usize) -> String {
    match count {
        1 => "1 new line".to_owned(),
        // The book keeps no more than this.
        5_000.. => "5,000 new lines and more".to_owned(),
        n => format!("{n} new lines"),
    }
}
