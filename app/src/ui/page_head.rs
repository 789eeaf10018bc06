use leptos::prelude::*;
use leptos_meta::Title;

/// The name of the page, and at its right the one main action.
#[component]
pub fn PageHead(
    /// What the page is about.
    #[prop(into)]
    title: String,
    /// The title in the browser's tab, when the heading alone does not say enough there.
    #[prop(optional, into)]
    tab: Option<String>,
    /// The main action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=tab.unwrap_or_else(|| title.clone())/>
        <div class="page-head">
            <h1>{title}</h1>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
