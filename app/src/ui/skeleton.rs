use leptos::prelude::*;

/// Stands for lines that are on their way, at their size. It shows only when they take longer than a moment.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            <span class="unseen">"Loading"</span>
            {(0..lines).map(|_| view! { <div></div> }).collect_view()}
        </div>
    }
}
