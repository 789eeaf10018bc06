use super::set_rate::count_success;
use crate::{
    api::rates::ChooseCurrency as Choose,
    pages::parts::Refusal,
    ui::{Empty, Field, Form, Sending, Submit},
};
use leptos::prelude::*;

/// Before the first rate: in which currency statements are.
#[component]
pub fn ChooseCurrency(may_set: bool, saved: RwSignal<u32>) -> impl IntoView {
    let choose = Sending::to::<Choose>();
    let currency = RwSignal::new(String::new());
    count_success(choose, saved);
    if !may_set {
        return view! { <Empty title="No rates yet"><p>"Finance, or an admin of the platform, sets them."</p></Empty> }
            .into_any();
    }
    view! {
        <Empty title="No rates yet">
            <p>"Say first in which currency statements are. It stays so; prices may be in others, with an exchange rate."</p>
            <Refusal error=choose.refused fields=&["currency"]/>
            <Form sending=choose>
                <div class="form">
                    <Field name="currency" field="currency" label="Currency" value=currency error=choose.refused required=true example="EUR" help="Its code of three letters."/>
                    <div class="form-end"><Submit pending=choose.pending>"Choose currency"</Submit></div>
                </div>
            </Form>
        </Empty>
    }
    .into_any()
}
