use crate::{
    api::rates::SetRate,
    pages::parts::Refusal,
    ui::{Field, Form, Select, Sending, Submit},
};
use domain::money::{Currency, RateOf, Resource};
use leptos::prelude::*;

/// The fields that say by themselves why they were refused.
const FIELDS: &[&str] = &["value", "currency", "share", "from"];

/// A rate to come. Which fields there are depends on what it is of.
#[component]
pub fn SetRateForm(currency: Currency, saved: RwSignal<u32>) -> impl IntoView {
    let set = Sending::to::<SetRate>();
    let error = set.refused;
    count_success(set, saved);
    let of = RwSignal::new(RateOf::Price(Resource::Memory).key());
    let (value, from, share) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let other = RwSignal::new(currency.to_string());
    let prices = Resource::METERED.map(|of| (RateOf::Price(of).key(), RateOf::Price(of).to_string()));
    let others = [("tax".to_owned(), "Tax".to_owned()), ("exchange".to_owned(), "Exchange rate".to_owned())];
    let options: Vec<_> = prices.into_iter().chain(others).collect();
    let help = Signal::derive(move || match of.get().as_str() {
        "tax" => "In per cent, of everything.".to_owned(),
        "exchange" => format!("How much {currency} one of the currency beside is."),
        _ => "For one unit. 0 is free; without a rate there is no price at all.".to_owned(),
    });
    let (is_tax, is_price) = (move || of.get() == "tax", move || !["tax", "exchange"].contains(&of.get().as_str()));
    view! {
        <section class="card stack">
            <h2>"Set a rate"</h2>
            <Refusal error fields=FIELDS/>
            <Form sending=set>
                <div class="form">
                    <Select label="Of" name="rate[of]" options=Signal::stored(options) value=of on_choice=move |key| of.set(key)/>
                    <div class="field-grid">
                        <Field name="rate[value]" field="value" label="Rate" value error keys="decimal" example="0.01" required=true help/>
                        <div hidden=is_tax><Field name="rate[currency]" field="currency" label="Currency" value=other error example="USD"/></div>
                        <div hidden=move || !is_price()><Field name="rate[share]" field="share" label="Platform share" value=share error keys="decimal" unit="%" example="0" help="What the platform adds."/></div>
                        <Field name="rate[from]" field="from" label="From" value=from error example="2026-12-01" help="A day in UTC. Empty: from now on."/>
                    </div>
                    <div class="form-end"><Submit pending=set.pending>"Set rate"</Submit></div>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

/// Counts up whenever a form was sent and not refused.
pub fn count_success(sending: Sending, saved: RwSignal<u32>) {
    Effect::new(move |was_pending: Option<bool>| {
        let is_pending = sending.pending.get();
        // Whether it was refused is known by now: an effect runs after everything that changed it.
        if was_pending == Some(true) && !is_pending && sending.refused.with_untracked(Option::is_none) {
            saved.update(|saved| *saved += 1);
        }
        is_pending
    });
}
