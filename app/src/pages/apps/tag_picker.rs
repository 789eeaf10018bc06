use crate::{
    api::{ApiError, ask, images::ImageTags, read},
    ui::{Ago, Icon, Shape},
};
use domain::{Repository, TagView, human_bytes};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long the typing has to rest before the registry is asked.
const RESTS: Duration = Duration::from_millis(400);

/// What is known of an image's tags.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    /// No image is named yet.
    Nothing,
    /// They are on their way.
    Asking,
    /// Newest first.
    Tags(Vec<TagView>),
    /// Why they are not known.
    Refused(ApiError),
}

/// The tags of an image, newest first, to press one. It has its size from the start, so that nothing moves when they come.
#[component]
pub fn TagPicker(
    /// The image.
    image: RwSignal<String>,
    /// Where the pressed tag goes.
    tag: RwSignal<String>,
) -> impl IntoView {
    let known = RwSignal::new(Known::Nothing);
    let wanted = RwSignal::new(image.get_untracked());
    let mut settle = debounce(RESTS, move |image| wanted.set(image));
    Effect::new(move || settle(image.get()));
    Effect::new(move || {
        let name = wanted.get().trim().to_owned();
        if name.parse::<Repository>().is_err() {
            known.set(Known::Nothing);
            return;
        }
        known.set(Known::Asking);
        spawn_local(async move {
            let answer = ask(&ImageTags { image: name.clone() }).await.and_then(|tags| read(&tags));
            if wanted.try_get_untracked().is_some_and(|wanted| wanted.trim() == name) {
                known.set(answer.map_or_else(Known::Refused, Known::Tags));
            }
        });
    });
    view! {
        <div class="tags" role="group" aria-label="Tags of the image">
            {move || match known.get() {
                Known::Nothing => note("The image's tags show here, newest first."),
                Known::Asking => note("Asking the registry for tags."),
                Known::Refused(error) => note(&error.to_string()),
                Known::Tags(tags) if tags.is_empty() => note("No tags are known. Type the one you want."),
                Known::Tags(tags) => tags.into_iter().map(|view| view! { <TagRow view tag/> }).collect_view().into_any(),
            }}
        </div>
    }
}

fn note(sentence: &str) -> AnyView {
    view! { <p class="help" role="status">{sentence.to_owned()}</p> }.into_any()
}

#[component]
fn TagRow(view: TagView, tag: RwSignal<String>) -> impl IntoView {
    let name = view.tag.to_string();
    let (wanted, shown) = (name.clone(), name.clone());
    let is_chosen = Memo::new(move |_| tag.read().trim() == wanted);
    view! {
        <button type="button" class="tag" aria-pressed=move || is_chosen.get().to_string() on:click=move |_| tag.set(name.clone())>
            <span class="tag-mark">{move || is_chosen.get().then(|| view! { <Icon shape=Shape::Check/> })}</span>
            <code>{shown}</code>
            <span class="tag-digest">{view.digest.map(|digest| digest.short().to_owned())}</span>
            <span class="tag-size">{view.size.map(human_bytes)}</span>
            <span class="tag-age">{view.made_at.map(|at| view! { <Ago at/> })}</span>
        </button>
    }
}
