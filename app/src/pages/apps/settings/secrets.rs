use super::reveal::{RevealDialog, Revealing};
use crate::{
    api::ApiError,
    pages::apps::layout::ThisApp,
    ui::{Ago, Icon, Select, Shape},
};
use domain::{Action, Delivery, SecretView, TypedSecret};
use leptos::prelude::*;

/// What is about to change, by name. Values go from here to the server and never come back.
type Changes = RwSignal<Vec<TypedSecret>>;

/// The secrets: written, rotated and taken away, never shown.
#[component]
pub fn SecretsField(
    /// Whose.
    this: ThisApp,
    /// As they are.
    found: Signal<Vec<SecretView>>,
    /// What is about to change.
    changes: Changes,
    /// Why the form was refused.
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let may_reveal = this.now().is_some_and(|now| now.role.may(Action::RevealSecret));
    let revealing = Revealing::new();
    let wrong = Memo::new(move |_| error.with(|error| error.as_ref().and_then(|error| error.at("secrets"))));
    let is_known = move |name: &str| found.read().iter().any(|secret| secret.name == name);
    let fresh = Memo::new(move |_| {
        changes.read().iter().filter(|change| !is_known(&change.name)).map(|c| c.name.clone()).collect::<Vec<_>>()
    });
    view! {
        <ul class="variables secrets">
            <For each=move || found.get() key=|secret| (secret.name.clone(), secret.set_at) let(secret)>
                <Row secret changes revealing=may_reveal.then_some(revealing)/>
            </For>
            <For each=move || fresh.get() key=Clone::clone let(name)><Fresh name changes/></For>
            {move || (found.read().is_empty() && fresh.read().is_empty()).then(|| view! { <li class="nothing">"None is set."</li> })}
            <NewSecret found changes/>
        </ul>
        <p class="field-error" role="alert">{wrong}</p>
        {move || changes.get().into_iter().enumerate().map(|(at, change)| {
            let name = move |field: &str| format!("settings[secrets][{at}][{field}]");
            view! {
                <input type="hidden" name=name("name") value=change.name/>
                <input type="hidden" name=name("value") value=change.value/>
                <input type="hidden" name=name("delivery") value=change.delivery/>
                <input type="hidden" name=name("remove") value=change.remove/>
            }
        }).collect_view()}
        <RevealDialog this revealing/>
    }
}

/// Changes what is about to happen to a secret; what would change nothing is no change.
fn put(changes: Changes, name: &str, delivery: Option<Delivery>, change: impl FnOnce(&mut TypedSecret)) {
    changes.update(|changes| {
        let at = changes.iter().position(|change| change.name == name);
        let unchanged = || TypedSecret {
            name: name.to_owned(),
            delivery: delivery.unwrap_or_default().as_str().to_owned(),
            ..Default::default()
        };
        let mut secret = at.map_or_else(unchanged, |at| changes.remove(at));
        change(&mut secret);
        let is_nothing = secret.value.is_empty()
            && secret.remove.is_empty()
            && delivery.is_none_or(|delivery| delivery.as_str() == secret.delivery);
        if !is_nothing {
            changes.insert(at.unwrap_or(changes.len()), secret);
        }
    });
}

#[component]
fn Row(secret: SecretView, changes: Changes, revealing: Option<Revealing>) -> impl IntoView {
    let SecretView { name, set_by, set_at, delivery } = secret;
    let (shown, name) = (name.clone(), StoredValue::new(name));
    let change = Memo::new(move |_| changes.read().iter().find(|c| name.with_value(|name| *name == c.name)).cloned());
    let rotates = RwSignal::new(false);
    let is_removed = Memo::new(move |_| change.read().as_ref().is_some_and(|change| !change.remove.is_empty()));
    let state = move || match change.get() {
        None => "",
        Some(change) if !change.remove.is_empty() => "removed",
        Some(_) => "changed",
    };
    let edit = move |change: &dyn Fn(&mut TypedSecret)| {
        name.with_value(|name| put(changes, name, Some(delivery), change));
    };
    let given = Signal::derive(move || change.get().map_or_else(|| delivery.as_str().to_owned(), |c| c.delivery));
    view! {
        <li class=move || format!("variable secret {}", state())>
            <code>{shown.clone()}</code>
            <span class="help">"set by "{set_by}", "<Ago at=set_at/></span>
            <Given label=format!("How {shown} is given") value=given on_choice=Callback::new(move |word: String| edit(&|secret| secret.delivery.clone_from(&word)))/>
            <span class="secret-ways">
                <button type="button" class="button quiet small" on:click=move |_| { rotates.update(|it| *it = !*it); edit(&|secret| secret.value.clear()); }>
                    {move || if rotates.get() { "Keep" } else { "Rotate" }}
                </button>
                {revealing.map(|revealing| view! { <button type="button" class="button quiet small" on:click=move |_| revealing.ask(name.get_value())>"Reveal"</button> })}
                <button type="button" class="button bare small" aria-label=move || format!("{} {}", if is_removed.get() { "Keep" } else { "Remove" }, name.get_value())
                    on:click=move |_| edit(&|secret| secret.remove = if secret.remove.is_empty() { "yes".to_owned() } else { String::new() })>
                    {move || view! { <Icon shape=if is_removed.get() { Shape::Back } else { Shape::Cross }/> }}
                </button>
            </span>
            {move || rotates.get().then(|| view! {
                <textarea class="mono" rows="2" autocomplete="off" autocapitalize="off" spellcheck="false" aria-label=format!("New value of {}", name.get_value())
                    placeholder="new value" on:input:target=move |event| { let value = event.target().value(); edit(&|secret| secret.value.clone_from(&value)); }></textarea>
            })}
        </li>
    }
}

/// One that is not there yet.
#[component]
fn Fresh(name: String, changes: Changes) -> impl IntoView {
    let shown = name.clone();
    view! {
        <li class="variable secret added">
            <code>{shown.clone()}</code>
            <span class="help">"new, not applied yet"</span>
            <span></span>
            <span class="secret-ways">
                <button type="button" class="button bare small" aria-label=format!("Remove {shown}") on:click=move |_| changes.update(|changes| changes.retain(|change| change.name != name))>
                    <Icon shape=Shape::Cross/>
                </button>
            </span>
        </li>
    }
}

#[component]
fn NewSecret(found: Signal<Vec<SecretView>>, changes: Changes) -> impl IntoView {
    let (name, value) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let given = RwSignal::new(Delivery::File.as_str().to_owned());
    let typed = Memo::new(move |_| TypedSecret {
        name: name.get().trim().to_owned(),
        value: value.get(),
        delivery: given.get(),
        remove: String::new(),
    });
    let wrong = Memo::new(move |_| {
        let typed = typed.get();
        if typed.name.is_empty() {
            return None;
        }
        if found.read().iter().any(|secret| secret.name == typed.name) {
            return Some(format!("{} is there already; rotate it above.", typed.name));
        }
        domain::SecretChange::try_from(typed).err().map(|invalid| invalid.sentence)
    });
    let add = move |_| {
        let typed = typed.get_untracked();
        if !typed.name.is_empty() && !typed.value.is_empty() && wrong.read_untracked().is_none() {
            put(changes, &typed.name.clone(), None, |secret| *secret = typed);
            name.set(String::new());
            value.set(String::new());
        }
    };
    view! {
        <li class="variable secret new">
            <input type="text" class="mono" aria-label="Name of a new secret" placeholder="NAME" autocomplete="off" autocapitalize="off" spellcheck="false"
                prop:value=name on:input:target=move |event| name.set(event.target().value())/>
            <textarea class="mono" rows="1" aria-label="Value of the new secret" placeholder="value" autocomplete="off" autocapitalize="off" spellcheck="false"
                prop:value=value on:input:target=move |event| value.set(event.target().value())></textarea>
            <Given label="How the new secret is given" value=given on_choice=Callback::new(move |word| given.set(word))/>
            <button type="button" class="button quiet small" on:click=add><Icon shape=Shape::Plus/>"Add secret"</button>
            <p class="field-error" role="alert">{wrong}</p>
        </li>
    }
}

/// As a file, unless somebody wants it otherwise and has read why not.
#[component]
fn Given(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_choice: Callback<String>,
) -> impl IntoView {
    let options = Delivery::ALL.map(|it| (it.as_str().to_owned(), it.as_str().to_owned())).to_vec();
    let warns = move || value.read().as_str() == Delivery::Environment.as_str();
    view! {
        <span class="given" role="group" aria-label=label>
            <Select label="Given as" options value on_choice/>
            {move || warns().then(|| view! { <span class="help warning">"Whoever can inspect the engine sees it."</span> })}
        </span>
    }
}
