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
        let navigate = navigate.clone();
        spawn_local(async move {
            let outcome = send_form(&form).await;
            // The form may have gone from the page meanwhile.
            if sending.pending.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(next) => {
                    sending.refused.set(None);
                    if let Some(next) = next {
                        navigate(&next, NavigateOptions::default());
                    }
                }
                Err(error) => sending.refused.set(Some(error)),
            }
        });
    };
    view! { <form action=sending.path method="post" on:submit=submit>{children()}</form> }
}
