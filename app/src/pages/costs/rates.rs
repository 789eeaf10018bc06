use super::{choose_currency::ChooseCurrency, set_rate::SetRateForm};
use crate::{
    api::rates::FindRates,
    live::keep_fresh,
    pages::loaded::loaded,
    ui::{Crumb, Frame, PageHead},
};
use domain::Timestamp;
use domain::money::{Currency, Rate, RateOf, RatesView, Resource};
use leptos::prelude::*;

/// What things cost per unit: what holds now, what will, and what did.
#[component]
pub fn Rates() -> impl IntoView {
    loaded(
        || FindRates {},
        |view: RatesView| {
            let crumbs = vec![Crumb::new("Cost", "/cost"), Crumb::new("Rates", "/cost/rates")];
            view! { <Frame crumbs><PageHead title="Rates"/><Body view/></Frame> }.into_any()
        },
    )
}

#[component]
fn Body(view: RatesView) -> impl IntoView {
    let may_set = view.may_set;
    let (state, saved) = (RwSignal::new(view), RwSignal::new(0));
    keep_fresh(saved.into(), || FindRates {}, move |fresh| state.set(fresh));
    let currency = Memo::new(move |_| state.read().rates.currency);
    move || {
        match currency.get() {
        None => view! { <ChooseCurrency may_set saved/> }.into_any(),
        Some(currency) => view! {
            <p class="lead">{format!("Statements are in {currency}. A rate holds from its day on; what has been priced stays as it was.")}</p>
            {move || view! { <Holding view=state.get() currency/> }}
            {may_set.then(|| view! { <SetRateForm currency saved/> })}
            {move || view! { <History view=state.get() currency/> }}
        }
        .into_any(),
    }
    }
}

/// What holds now. What is metered and has no price stands there too.
#[component]
fn Holding(view: RatesView, currency: Currency) -> impl IntoView {
    let metered = Resource::METERED.map(RateOf::Price);
    let mut all: Vec<_> =
        metered.into_iter().chain([RateOf::Tax]).chain(view.rates.all.iter().map(|rate| rate.of)).collect();
    all.sort_unstable();
    all.dedup();
    let rows = all.into_iter().map(|of| {
        let rate = view.rates.at(of, view.now);
        let nothing = if of == RateOf::Tax { "no tax" } else { "no rate yet" };
        let value = rate.map_or_else(|| nothing.to_owned(), |rate| rate.in_words(Some(currency)));
        let since = rate.map(|rate| format!("since {}", rate.from.to_utc()));
        view! { <tr><th scope="row">{of.to_string()}</th><td>{value}</td><td>{since}</td></tr> }
    });
    view! {
        <section class="stack">
            <h2>"Now"</h2>
            <table class="table costs"><thead><tr><th scope="col">"Of"</th><th scope="col">"Rate"</th><th scope="col">"Since"</th></tr></thead><tbody>{rows.collect_view()}</tbody></table>
        </section>
    }
    .into_any()
}

#[component]
fn History(view: RatesView, currency: Currency) -> impl IntoView {
    if view.rates.all.is_empty() {
        return ().into_any();
    }
    let mut all = view.rates.all;
    all.sort_by_key(|rate| std::cmp::Reverse((rate.from, rate.set_at)));
    view! {
        <section class="stack">
            <h2>"All rates, the newest first"</h2>
            <table class="table costs">
                <thead><tr><th scope="col">"Of"</th><th scope="col">"Rate"</th><th scope="col">"From (UTC)"</th><th scope="col">"Until"</th><th scope="col">"Set by"</th></tr></thead>
                <tbody>{all.into_iter().map(|rate| view! { <Past rate currency/> }).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

#[component]
fn Past(rate: Rate, currency: Currency) -> impl IntoView {
    let moment = |at: Timestamp| at.to_utc().trim_end_matches(" UTC").to_owned();
    view! {
        <tr>
            <th scope="row">{rate.of.to_string()}</th>
            <td>{rate.in_words(Some(currency))}</td>
            <td><span class="narrow help">"from "</span>{moment(rate.from)}</td>
            <td>{rate.until.map(|until| view! { <span class="narrow help">"until "</span>{moment(until)} })}</td>
            <td>{rate.set_by}<span class="help block">{rate.set_at.to_short()}</span></td>
        </tr>
    }
    .into_any()
}
