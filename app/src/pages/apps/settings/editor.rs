use super::{
    fields::{Edited, FIELDS, Fields},
    meanwhile::Meanwhile,
    review::ReviewCard,
};
use crate::{
    api::{
        ask, read,
        settings::{ApplySettings, ReviewSettings},
    },
    pages::{apps::layout::ThisApp, parts::Refusal},
    ui::{Form, PageHead, Sending},
};
use domain::{Review, SettingsView, TypedSettings};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast as _;

/// The form. Its button asks for a review first; the review has the button that applies.
#[component]
pub fn Editor(this: ThisApp, found: SettingsView) -> impl IntoView {
    let edited = Edited::new(found.typed.clone());
    let found = RwSignal::new(found);
    let apply = Sending::to::<ApplySettings>();
    let (message, reviewed) = (RwSignal::new(String::new()), RwSignal::new(None::<(TypedSettings, Review)>));
    let error = Signal::from(apply.refused);
    let is_changed = Memo::new(move |_| edited.typed() != found.read().typed);
    // A review counts for what was reviewed and nothing else.
    let review = Memo::new(move |_| {
        let review =
            reviewed.get().filter(|(typed, review)| *typed == edited.typed() && review.base == found.read().base);
        review.map(|(_, review)| review)
    });
    let look = move || {
        let (typed, base) = (edited.typed(), found.read_untracked().base);
        apply.pending.set(true);
        spawn_local(async move {
            let question = ReviewSettings { name: this.name(), base, settings: typed.clone() };
            let answer = ask(&question).await.and_then(|answer| read::<Review>(&answer));
            if apply.pending.try_set(false).is_some() {
                return;
            }
            apply.refused.set(answer.as_ref().err().cloned());
            reviewed.set(answer.ok().map(|review| (typed, review)));
            request_animation_frame(|| {
                if let Some(card) = document().get_element_by_id("review") {
                    card.scroll_into_view();
                }
            });
        });
    };
    // Enter in a field asks for the review too, and never applies what nobody has looked at.
    let on_enter = move |event: web_sys::KeyboardEvent| {
        let is_field = event.target().is_some_and(|target| target.dyn_ref::<web_sys::HtmlInputElement>().is_some());
        if event.key() == "Enter" && is_field && !event.default_prevented() && review.read_untracked().is_none() {
            event.prevent_default();
            look();
        }
    };
    let put_back = move |_| {
        edited.put(found.get_untracked().typed);
        apply.refused.set(None);
    };
    view! {
        <PageHead title="Settings" tab=format!("Settings of {}", this.name())/>
        <Meanwhile this found edited/>
        <Form sending=apply>
            <div class="form settings" on:keydown=on_enter>
                <input type="hidden" name="name" value=this.name()/>
                <input type="hidden" name="base" value=move || found.read().base.to_string()/>
                <Fields this edited found error/>
                <Refusal error fields=FIELDS/>
                {move || review.get().map(|review| view! { <ReviewCard this review apply message/> })}
                <div class="form-end settings-end">
                    <button type="button" class="button primary scripted" class:gone=move || review.read().is_some()
                        aria-disabled=move || (!is_changed.get()).to_string() on:click=move |_| look()>"Review changes"</button>
                    <button type="button" class="button quiet scripted" class:gone=move || !is_changed.get() on:click=put_back>"Put back"</button>
                    <button type="submit" class="button primary scriptless">"Apply"</button>
                </div>
            </div>
        </Form>
    }
}
