use super::{parts::month_of_page, statement::StatementView};
use crate::{
    api::costs::FindCompanyCost,
    pages::loaded::loaded_part,
    ui::{Crumb, Frame, PageHead},
};
use leptos::prelude::*;

/// What the company pays for a month, by team.
#[component]
pub fn Company() -> impl IntoView {
    let month = month_of_page();
    let crumbs = vec![Crumb::new("Cost", "/cost")];
    let csv = move || format!("/cost/export/statement.csv?month={}", month.get());
    view! {
        <Frame crumbs>
            <PageHead title="Cost of the platform">
                <a class="button quiet" href="/cost/rates">"Rates"</a>
                <a class="button quiet" rel="external" download href=csv>"CSV"</a>
            </PageHead>
            {loaded_part(
                move || FindCompanyCost { month: month.get() },
                |statement| view! { <StatementView statement base="/cost".to_owned() what="Team"/> }.into_any(),
            )}
        </Frame>
    }
    .into_any()
}
