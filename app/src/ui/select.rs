use leptos::prelude::*;

/// A choice among few.
#[component]
pub fn Select(
    /// What it is called on the page.
    label: &'static str,
    /// Values and their words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The value that is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// What happens on a choice.
    #[prop(into)]
    on_choice: Callback<String>,
    /// What it is called in a form that is sent.
    #[prop(optional)]
    name: &'static str,
) -> impl IntoView {
    view! {
        <label class="select">
            <span>{label}</span>
            <select name=name on:change:target=move |event| on_choice.run(event.target().value())>
                {move || options.get().into_iter().map(|(key, word)| {
                    let is_chosen = key == value.get();
                    view! { <option value=key selected=is_chosen>{word}</option> }
                }).collect_view()}
            </select>
        </label>
    }
}
