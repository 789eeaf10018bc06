use leptos::prelude::*;

/// A list of names with their values.
#[component]
pub fn KeyValues(
    /// [`KeyValue`]s.
    children: Children,
) -> impl IntoView {
    view! { <dl class="key-values">{children()}</dl> }
}

/// One of them.
#[component]
pub fn KeyValue(
    /// Its name.
    key: &'static str,
    /// Its value.
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <dt>{key}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
