use crate::api::{ApiError, refused_before, send_form};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// A form's way to one of `api`'s functions: whether it is on it, and why it was refused.
#[derive(Debug, Clone, Copy)]
pub struct Sending {
    path: &'static str,
    /// Whether it is on its way.
    pub pending: RwSignal<bool>,
    /// Why the last one was refused.
    pub refused: RwSignal<Option<ApiError>>,
}

impl Sending {
    /// To this function. A refusal of a form that was sent without scripts stands in the address.
    pub fn to<S: ServerFn>() -> Self {
        Self::to_path(S::PATH)
    }

    fn to_path(path: &'static str) -> Self {
        let refused = SharedValue::new(|| refused_before(path)).into_inner();
        Self { path, pending: RwSignal::new(false), refused: RwSignal::new(refused) }
    }
}

/// A form. Without scripts the browser sends it; with them the page stays and says what came of it.
#[component]
pub fn Form(
    /// Its way.
    sending: Sending,
    /// Its fields and its button.
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let submit = move |event: web_sys::SubmitEvent| {
        let form = event_target::<web_sys::HtmlFormElement>(&event);
        event.prevent_default();
        sending.pending.set(true);
        let (navigate, place) = (navigate.clone(), place());
        spawn_local(async move {
            let outcome = send_form(&form).await;
            // What the form did may have taken it from the page before its answer came: nothing is left to be told then. Where to go
            // next still counts, unless the person has gone elsewhere meanwhile.
            sending.pending.try_set(false);
            sending.refused.try_set(outcome.as_ref().err().cloned());
            if let (Ok(Some(next)), true) = (outcome, place == self::place()) {
                navigate(&next, NavigateOptions::default());
            }
        });
    };
    view! { <form action=sending.path method="post" on:submit=submit>{children()}</form> }
}

/// The page that one is on.
fn place() -> Option<String> {
    window().location().pathname().ok()
}
