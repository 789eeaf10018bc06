use super::fields::Edited;
use crate::{
    api::{ask, read, settings::FindSettings},
    pages::apps::layout::ThisApp,
    ui::{Banner, Tone},
};
use domain::SettingsView;
use leptos::{prelude::*, task::spawn_local};

/// Says that another release became current while somebody edits, and offers to go on from that one. Nothing that was typed
/// goes.
#[component]
pub fn Meanwhile(
    /// Whose settings.
    this: ThisApp,
    /// What the fields were filled from.
    found: RwSignal<SettingsView>,
    /// What stands in them.
    edited: Edited,
) -> impl IntoView {
    let current = this.part(|app| app.current_release().map(|release| (release.number, release.made_by.clone())));
    let other = Memo::new(move |_| current.get().flatten().filter(|(number, _)| *number != found.read().base));
    let move_on = move |_| {
        spawn_local(async move {
            let fresh = ask(&FindSettings { name: this.name() }).await.and_then(|answer| read::<SettingsView>(&answer));
            if let Ok(fresh) = fresh {
                edited.put(edited.typed().moved(&found.read_untracked().typed, &fresh.typed));
                found.set(fresh);
            }
        });
    };
    move || {
        other.get().map(|(number, by)| {
            let base = found.read().base;
            view! {
                <Banner tone=Tone::Warning>
                    <p>{format!("r{number} by {by} is current now; what you see here started from r{base}.")}</p>
                    <p class="banner-ways">
                        <button type="button" class="button quiet small" on:click=move_on>{format!("Go on from r{number}, with what I changed")}</button>
                        <a href=format!("/apps/{}/releases/diff?from={base}&to={number}", this.name())>{format!("Compare r{base} and r{number}")}</a>
                    </p>
                </Banner>
            }
        })
    }
}
