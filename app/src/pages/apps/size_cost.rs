use crate::{api::costs::FindSizeCost, pages::loaded::loaded_part};
use domain::money::{Size, SizeCost};
use leptos::prelude::*;

/// What the size that stands in a form costs, before anything is pressed.
#[component]
pub fn SizeCostLine(replicas: RwSignal<String>, memory: RwSignal<String>, cpu: RwSignal<String>) -> impl IntoView {
    let size = move || Size { replicas: replicas.get(), memory: memory.get(), cpu: cpu.get() };
    // A new app has none.
    let before = Some(untrack(size)).filter(|before| *before != Size::default());
    loaded_part(move || FindSizeCost { size: size(), before: before.clone() }, |cost| told(&cost).into_any())
}

fn told(cost: &SizeCost) -> Option<AnyView> {
    let (now, before) = (cost.cost?, cost.before);
    let was = before.filter(|before| before.gross != now.gross).map(|before| format!(", instead of {}", before.gross));
    let gap = now.has_gaps.then_some("For some of it there is no rate.");
    Some(
        view! {
            <p class="help size-cost"><strong>{now.gross.to_string()}</strong>" with tax in 30 days"{was}". "{gap}</p>
        }
        .into_any(),
    )
}
