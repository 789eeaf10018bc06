use leptos::prelude::*;

/// How much of a limit is taken.
#[component]
pub fn Meter(
    /// Of what, for those who do not see it.
    label: &'static str,
    /// How much is taken.
    value: u32,
    /// The limit, in the same unit.
    limit: u32,
) -> impl IntoView {
    let high = limit.saturating_mul(9) / 10;
    view! {
        <meter class="meter" aria-label=label min=0 max=limit high=high optimum=0 value=value>
            {format!("{value} of {limit}")}
        </meter>
    }
}
