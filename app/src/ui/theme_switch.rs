use super::{Icon, Shape};
use leptos::prelude::*;

const CHOICES: [(&str, &str, Shape); 3] =
    [("system", "As the system", Shape::Screen), ("light", "Light", Shape::Sun), ("dark", "Dark", Shape::Moon)];

/// Light, dark, or as the system has it. The choice is kept by this browser; `public/theme.js` applies it before the
/// first paint of the next page.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let chosen = RwSignal::new("system".to_owned());
    Effect::new(move || {
        if let Some(kept) = storage().and_then(|storage| storage.get_item("theme").ok().flatten()) {
            chosen.set(kept);
        }
    });
    let choose = move |theme: &'static str| {
        chosen.set(theme.to_owned());
        apply(theme);
    };
    view! {
        <fieldset class="segments">
            <legend class="unseen">"Theme"</legend>
            {CHOICES.map(|(value, word, shape)| view! {
                <label title=word>
                    <input type="radio" name="theme" value=value prop:checked=move || chosen.get() == value on:change=move |_| choose(value)/>
                    <Icon shape/>
                    <span class="unseen">{word}</span>
                </label>
            }).collect_view()}
        </fieldset>
    }
}

fn apply(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = match theme {
            "system" => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme),
        };
    }
    if let Some(storage) = storage() {
        let _ = storage.set_item("theme", theme);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
