use super::{parts::month_of_page, statement::StatementView};
use crate::{
    api::costs::FindTeamCost,
    pages::{loaded::loaded_part, teams::ThisTeam},
    ui::PageHead,
};
use leptos::prelude::*;

/// What a team pays for a month, by app.
#[component]
pub fn OfTeam() -> impl IntoView {
    let Some(now) = ThisTeam::of_page().now() else { return ().into_any() };
    let (team, month) = (now.team.id, month_of_page());
    let csv = move || format!("/teams/{team}/cost/export/statement.csv?month={}", month.get());
    view! {
        <PageHead title="Cost" tab=format!("Cost of {}", now.team.name)>
            <a class="button quiet" rel="external" download href=csv>"CSV"</a>
        </PageHead>
        {loaded_part(
            move || FindTeamCost { team, month: month.get() },
            move |statement| view! { <StatementView statement base=format!("/teams/{team}/cost") what="App"/> }.into_any(),
        )}
    }
    .into_any()
}
