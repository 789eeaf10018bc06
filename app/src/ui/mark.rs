use leptos::prelude::*;

/// The mark: a hull on its slipway.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path class="mark-hull" d="M3 7h16.5c-.4 4.2-3.3 6.7-7.4 6.7H8.6C5.4 13.7 3.3 11 3 7z"/>
            <path class="mark-way" d="M2 20.5 22 15.5"/>
        </svg>
    }
}
