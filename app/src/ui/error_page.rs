use super::PageHead;
use crate::api::{ApiError, set_not_found};
use leptos::prelude::*;

/// What stands where a page cannot be shown: why, and the way on.
#[component]
pub fn ErrorView(
    /// Why.
    error: ApiError,
) -> impl IntoView {
    if error == ApiError::SignedOut {
        Effect::new(|| {
            let _ = window().location().set_href("/sign-in");
        });
    }
    view! {
        <PageHead title=error.title()/>
        <p class="lead">{error.to_string()}</p>
        <p><a class="button quiet" href="/">"Go home"</a></p>
    }
}

/// For addresses at which nothing is.
#[component]
pub fn NotFound() -> impl IntoView {
    set_not_found();
    view! { <ErrorView error=ApiError::NotFound("There is no page at this address.".to_owned())/> }
}
