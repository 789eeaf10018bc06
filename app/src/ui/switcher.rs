use super::{Dialog, DialogRef, Icon, Shape};
use crate::api::{ask, home::MyHome, read};
use domain::Home;
use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Somewhere to go: word, what it is, address.
type Place = (String, String, String);

/// The way to everything by a few letters: a button in the top bar, Ctrl+K or Cmd+K anywhere.
#[component]
pub fn Switcher() -> impl IntoView {
    let handle = DialogRef::new();
    let (places, typed, at) =
        (RwSignal::new(Vec::<Place>::new()), RwSignal::new(String::new()), RwSignal::new(0_usize));
    let input = NodeRef::<html::Input>::new();
    let open = move || {
        typed.set(String::new());
        at.set(0);
        handle.open();
        spawn_local(async move {
            if let Ok(home) = ask(&MyHome {}).await.and_then(|home| read(&home)) {
                places.try_set(of_home(&home));
            }
        });
    };
    Effect::new(move || {
        let keys = window_event_listener(ev::keydown, move |key| {
            if key.key() == "k" && (key.ctrl_key() || key.meta_key()) {
                key.prevent_default();
                open();
            }
        });
        on_cleanup(move || keys.remove());
    });
    let found = Memo::new(move |_| matching(&places.read(), &typed.read()));
    let go = use_navigate();
    let press = move |key: web_sys::KeyboardEvent| {
        let last = found.read().len().saturating_sub(1);
        match key.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" => {
                if let Some((_, _, href)) = found.read().get(at.get()) {
                    handle.close();
                    go(href, leptos_router::NavigateOptions::default());
                }
            }
            _ => return,
        }
        key.prevent_default();
    };
    view! {
        <button type="button" class="button quiet jump scripted" on:click=move |_| open()>
            <Icon shape=Shape::Search/><span>"Go to"</span><kbd>"Ctrl K"</kbd>
        </button>
        <Dialog handle title=Signal::stored("Go to".to_owned())>
            <input
                node_ref=input class="switcher-input" type="text" autofocus placeholder="App or project" aria-label="App or project"
                autocomplete="off" spellcheck="false" prop:value=typed on:keydown=press
                on:input:target=move |event| { typed.set(event.target().value()); at.set(0); }
            />
            <ul class="switcher-list">
                {move || found.get().into_iter().enumerate().map(|(index, (word, kind, href))| view! {
                    <li><a href=href class:at=move || at.get() == index on:click=move |_| handle.close()>
                        <strong>{word}</strong><span>{kind}</span>
                    </a></li>
                }).collect_view()}
            </ul>
            {move || (found.read().is_empty() && !typed.read().is_empty()).then(|| view! { <p class="help">"Nothing is called so."</p> })}
        </Dialog>
    }
    .into_any()
}

fn of_home(home: &Home) -> Vec<Place> {
    let apps = home.apps().map(|card| {
        (card.app.name.to_string(), format!("app in {}", card.project.name), format!("/apps/{}", card.app.name))
    });
    let projects = home.projects.iter().map(|overview| {
        let project = &overview.project;
        (project.name.to_string(), format!("project of {}", overview.team.name), format!("/projects/{}", project.id))
    });
    apps.chain(projects).collect()
}

fn matching(places: &[Place], typed: &str) -> Vec<Place> {
    let typed = typed.trim().to_ascii_lowercase();
    places.iter().filter(|(word, kind, _)| word.contains(&typed) || kind.contains(&typed)).take(12).cloned().collect()
}
