use leptos::prelude::*;

/// One step on the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// What it is called.
    pub label: String,
    /// Where it is.
    pub href: String,
}

impl Crumb {
    /// A step.
    pub fn new(label: impl ToString, href: impl ToString) -> Self {
        Self { label: label.to_string(), href: href.to_string() }
    }
}

/// The way to this page: team, project, app. On a phone only the last stays.
#[component]
pub fn Crumbs(
    /// From the top.
    #[prop(into)]
    steps: Signal<Vec<Crumb>>,
) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <ol>
                {move || steps.get().into_iter().map(|step| view! {
                    <li><a href=step.href>{step.label}</a></li>
                }).collect_view()}
            </ol>
        </nav>
    }
}
