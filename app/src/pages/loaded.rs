use crate::{
    api::{self, Answer, ApiError, Question},
    ui::{ErrorView, Frame, Skeleton},
};
use leptos::prelude::*;
use std::sync::Arc;

/// Makes a view of an answer, or of why there is none.
type Show = Arc<dyn Fn(api::Result<String>) -> AnyView + Send + Sync>;

/// A page that needs an answer of the server: `show` makes the whole page of it. Until it is there the frame stands already;
/// what was there before a later answer stays.
pub fn loaded<S: Question>(
    question: impl Fn() -> S + Send + Sync + 'static,
    show: impl Fn(S::Output) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let refuse = |error| view! { <Frame><ErrorView error/></Frame> }.into_any();
    let wait = || view! { <Frame><Skeleton lines=6/></Frame> }.into_any();
    transition(Box::new(move || as_text(&question())), api::ask_text::<S>, shown::<S>(show, refuse), wait)
}

/// The same for a part of a page whose frame stands.
pub fn loaded_part<S: Question>(
    question: impl Fn() -> S + Send + Sync + 'static,
    show: impl Fn(S::Output) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let refuse = |error| view! { <ErrorView error/> }.into_any();
    let wait = || view! { <Skeleton lines=6/> }.into_any();
    transition(Box::new(move || as_text(&question())), api::ask_text::<S>, shown::<S>(show, refuse), wait)
}

fn as_text<S: Question>(question: &S) -> String {
    serde_json::to_string(question).unwrap_or_default()
}

fn shown<S: Question>(
    show: impl Fn(S::Output) -> AnyView + Send + Sync + 'static,
    refuse: fn(ApiError) -> AnyView,
) -> Show {
    Arc::new(move |answer| answer.and_then(|answer| api::read(&answer)).map_or_else(refuse, &show))
}

/// Not generic on purpose: one page's way of waiting is every page's.
fn transition(
    question: Box<dyn Fn() -> String + Send + Sync>,
    ask: fn(String) -> Answer,
    show: Show,
    wait: fn() -> AnyView,
) -> AnyView {
    let answer = Resource::new(question, ask);
    let content = move || {
        let show = show.clone();
        Suspend::new(async move { show(answer.await) })
    };
    view! { <Transition fallback=wait>{content}</Transition> }.into_any()
}
