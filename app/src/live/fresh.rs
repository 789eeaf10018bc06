use crate::api::{Answer, ApiError, Question, ask, read};
use leptos::{prelude::*, task::spawn_local};

/// Asks again whenever `changes` counts up, and puts the answer in place where it differs. Returns why the last answer is
/// missing: what is on the page is then the last that was known.
pub fn keep_fresh<S: Question>(
    changes: Signal<u32>,
    question: impl Fn() -> S + Send + Sync + 'static,
    put: impl Fn(S::Output) + Send + Sync + 'static,
) -> Signal<Option<ApiError>> {
    let put = move |answer: &str| read(answer).map(&put);
    follow(changes, Box::new(move || ask(&question())), Box::new(put))
}

type Put = Box<dyn Fn(&str) -> Result<(), ApiError> + Send + Sync>;

/// Not generic on purpose: one page's way of staying true is every page's.
fn follow(changes: Signal<u32>, ask: Box<dyn Fn() -> Answer + Send + Sync>, put: Put) -> Signal<Option<ApiError>> {
    let trouble = RwSignal::new(None);
    let put = StoredValue::new(put);
    let (newest, known) = (StoredValue::new(0), StoredValue::new(String::new()));
    Effect::new(move |before: Option<u32>| {
        let version = changes.get();
        if before.is_none_or(|before| before == version) {
            return version;
        }
        let answer = ask();
        spawn_local(async move {
            let answer = answer.await;
            // Answers may overtake each other, and an older one says nothing new. None comes to a page that has gone.
            if newest.try_get_value().is_none_or(|newest| newest >= version) {
                return;
            }
            newest.set_value(version);
            let outcome = answer.and_then(|answer| {
                if known.with_value(|known| *known == answer) {
                    return Ok(());
                }
                put.with_value(|put| put(&answer))?;
                known.set_value(answer);
                Ok(())
            });
            trouble.set(outcome.err());
        });
        version
    });
    trouble.into()
}
