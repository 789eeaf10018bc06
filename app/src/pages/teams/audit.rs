use super::layout::ThisTeam;
use crate::pages::audit::AuditLog;
use leptos::prelude::*;

/// Who did what in a team.
#[component]
pub fn Audit() -> impl IntoView {
    let Some(now) = ThisTeam::of_page().now() else { return ().into_any() };
    view! { <AuditLog team=Some(now.team.id)/> }.into_any()
}
