use super::{Icon, Tone};
use domain::{Difference, Side};
use leptos::prelude::*;

/// What is different, one row each: what it was and what it is.
#[component]
pub fn Differences(
    /// In order.
    list: Vec<Difference>,
    /// What has to happen for each of them; nothing is said without it.
    #[prop(optional)]
    needs: &'static str,
) -> impl IntoView {
    let row = move |difference: Difference| {
        let tone = match (&difference.before, &difference.after) {
            (Side::Absent, _) => Tone::Well,
            (_, Side::Absent) => Tone::Broken,
            _ => Tone::Working,
        };
        view! {
            <tr>
                <th scope="row"><code>{difference.part.label().to_owned()}</code></th>
                <td><span class=format!("badge {}", tone.class())><Icon shape=tone.shape()/>{difference.word()}</span></td>
                <td class="before">{side(difference.before)}</td>
                <td class="after">{side(difference.after)}</td>
                {(!needs.is_empty()).then(|| view! { <td class="needs">{needs}</td> })}
            </tr>
        }
    };
    view! {
        <table class="table differences">
            <thead><tr>
                <th scope="col">"What"</th><th scope="col">"Change"</th><th scope="col">"Before"</th><th scope="col">"After"</th>
                {(!needs.is_empty()).then(|| view! { <th scope="col">"Needs"</th> })}
            </tr></thead>
            <tbody>{list.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn side(side: Side) -> AnyView {
    match side {
        Side::Absent => view! { <span class="help">"not set"</span> }.into_any(),
        Side::Masked => view! { <span class="help">"hidden from you"</span> }.into_any(),
        Side::Shown(text) if text.is_empty() => view! { <span class="help">"empty"</span> }.into_any(),
        Side::Shown(text) => view! { <pre>{text}</pre> }.into_any(),
    }
}
