//! What all pages of costs show.

use crate::ui::{Banner, Empty, Tone};
use domain::money::{Span, Total};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The month that stands in the address; empty for the one that is running.
pub fn month_of_page() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get("month").unwrap_or_default())
}

/// Which month it is, and the way to its neighbours.
#[component]
pub fn Months(span: Span, base: String) -> impl IntoView {
    let link = |month: domain::money::Month| format!("{base}?month={month}");
    let (before, next) = (span.month.before(), span.month.next());
    let next = (!span.is_running).then(|| (link(next), next.in_words()));
    view! {
        <nav class="months" aria-label="Months">
            <a class="button quiet small" href=link(before)>{before.in_words()}</a>
            <h2 aria-current="date">{span.month.in_words()}</h2>
            {next.map(|(href, name)| view! { <a class="button quiet small" href=href>{name}</a> })}
        </nav>
    }
}

/// The number that the page is about, and what is to be known of it.
#[component]
pub fn Figures(span: Span, total: Option<Total>, forecast: Option<Total>) -> impl IntoView {
    let Some(total) = total else { return ().into_any() };
    let word = if span.is_running { "So far, with tax" } else { "With tax" };
    let until = span.until.to_short();
    view! {
        <dl class="figures">
            <div class="main"><dt>{word}</dt><dd>{total.gross.to_string()}</dd></div>
            {forecast.map(|forecast| view! { <div><dt>"The whole month, if nothing changes"</dt><dd>{forecast.gross.to_string()}</dd></div> })}
            <div><dt>"Without tax"</dt><dd>{total.net.to_string()}</dd></div>
            <div><dt>"Tax"</dt><dd>{total.tax().to_string()}</dd></div>
        </dl>
        {span.is_running.then(|| view! { <p class="help">{format!("Provisional: the month is running. Counted until {until} UTC.")}</p> })}
        {total.has_gaps.then(|| view! { <Banner tone=Tone::Warning>"For some of it there is no rate. It is listed, and missing in the sum."</Banner> })}
    }
    .into_any()
}

/// What stands there while usage cannot be priced.
#[component]
pub fn NoRates(may_set_rates: bool) -> impl IntoView {
    view! {
        <Empty title="No rates yet">
            <p>"What runs is written down, and gets its price as soon as there are rates."</p>
            {if may_set_rates {
                view! { <a class="button primary" href="/cost/rates">"Set rates"</a> }.into_any()
            } else {
                view! { <p>"Finance, or an admin of the platform, sets them."</p> }.into_any()
            }}
        </Empty>
    }
}
