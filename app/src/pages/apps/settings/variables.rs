use crate::{
    api::{ApiError, area_text},
    ui::{Icon, Shape},
};
use domain::{TypedSettings, Variables};
use leptos::prelude::*;

/// The variables as a table, or as the text of an `.env` file. The text is what counts and what is sent; the table shows
/// and changes it, so that a value is never pressed into a field that cannot hold it.
#[component]
pub fn VariablesField(
    /// The text.
    text: RwSignal<Option<String>>,
    /// What stood there at first.
    found: Signal<TypedSettings>,
    /// Why the form was refused.
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let read = Memo::new(move |_| text.with(|text| Variables::from_env_text(text.as_deref().unwrap_or_default())));
    // What cannot be read has no table.
    let wants_text = RwSignal::new(false);
    let is_text = Memo::new(move |_| wants_text.get() || read.with(Result::is_err));
    let before = Memo::new(move |_| {
        found.with(|found| Variables::from_env_text(found.variables.as_deref().unwrap_or_default())).unwrap_or_default()
    });
    let wrong = Memo::new(move |_| {
        read.with(|read| read.as_ref().err().map(|invalid| invalid.sentence.clone()))
            .or_else(|| error.with(|error| error.as_ref().and_then(|error| error.at("variables"))))
    });
    let value = area_text(&text.read_untracked().clone().unwrap_or_default());
    let count = move || match read.with(|read| read.as_ref().map(Variables::len).unwrap_or_default()) {
        1 => "1 variable".to_owned(),
        n => format!("{n} variables"),
    };
    view! {
        <div class="scripted variables-bar">
            <span class="help">{count}</span>
            <button type="button" class="button quiet small" on:click=move |_| wants_text.update(|wants| *wants = !*wants)>
                {move || if is_text.get() { "Show as a table" } else { "Edit as .env text" }}
            </button>
        </div>
        <div class="scripted" class:gone=is_text><Table text read before/></div>
        <div class="field wide variables-text" class:gone=move || !is_text.get()>
            <label for="field-variables">"Variables as .env text"</label>
            <textarea
                id="field-variables" name="settings[variables]" rows="14" autocomplete="off" autocapitalize="off" spellcheck="false"
                placeholder="NAME=value" aria-describedby="help-variables error-variables"
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || text.get().unwrap_or_default() on:input:target=move |event| text.set(Some(event.target().value()))
            >{value}</textarea>
            <p class="help" id="help-variables">
                "One NAME=value on each line. Paste an .env file as it is: quotes, "<code>"export"</code>", comments and several lines in quotes are understood. What is not listed is not set."
            </p>
        </div>
        <p class="field-error" id="error-variables" role="alert">{wrong}</p>
    }
}

type Parsed = Memo<Result<Variables, domain::Invalid>>;

#[component]
fn Table(text: RwSignal<Option<String>>, read: Parsed, before: Memo<Variables>) -> impl IntoView {
    let put = Callback::new(move |(name, value): (String, Option<String>)| {
        if let Ok(variables) = read.get_untracked()
            && let Ok(changed) = variables.with(&name, value)
        {
            text.set(Some(changed.to_env_text()));
        }
    });
    // Rows stay where they are while one types: those that are removed can be brought back.
    let names = Memo::new(move |_| {
        let mut names: Vec<String> = before.with(|before| before.iter().map(|(name, _)| name.to_owned()).collect());
        if let Ok(now) = &*read.read() {
            names.extend(now.iter().map(|(name, _)| name.to_owned()).filter(|name| before.read().get(name).is_none()));
        }
        names
    });
    let value_of = move |name: &str| read.with(|read| read.as_ref().ok()?.get(name).map(str::to_owned));
    view! {
        <ul class="variables">
            <For each=move || names.get() key=Clone::clone let(name)>
                <Row name=name.clone() value=Memo::new({ let name = name.clone(); move |_| value_of(&name) })
                    before=Memo::new(move |_| before.read().get(&name).map(str::to_owned)) put/>
            </For>
            {move || names.read().is_empty().then(|| view! { <li class="nothing">"None is set. Add one, or paste an .env file as text."</li> })}
            <NewRow read put/>
        </ul>
    }
}

#[component]
fn Row(
    name: String,
    value: Memo<Option<String>>,
    before: Memo<Option<String>>,
    put: Callback<(String, Option<String>)>,
) -> impl IntoView {
    let state = move || match (before.get(), value.get()) {
        (_, None) => "removed",
        (None, _) => "added",
        (before, now) if before != now => "changed",
        _ => "",
    };
    let name = StoredValue::new(name);
    let first = area_text(&value.get_untracked().unwrap_or_default());
    let rows = move || value.get().map_or(1, |value| value.lines().count().clamp(1, 8)).to_string();
    view! {
        <li class=move || format!("variable {}", state())>
            <code>{name.get_value()}</code>
            <textarea class="mono" rows=rows autocomplete="off" autocapitalize="off" spellcheck="false"
                aria-label=format!("Value of {}", name.get_value()) disabled=move || value.read().is_none()
                prop:value=move || value.get().unwrap_or_default()
                on:change:target=move |event| put.run((name.get_value(), Some(event.target().value())))
            >{first}</textarea>
            <span class="help">{state}</span>
            {move || if value.read().is_some() {
                view! {
                    <button type="button" class="button bare small" aria-label=format!("Remove {}", name.get_value()) on:click=move |_| put.run((name.get_value(), None))>
                        <Icon shape=Shape::Cross/>
                    </button>
                }.into_any()
            } else {
                view! {
                    <button type="button" class="button bare small" aria-label=format!("Keep {}", name.get_value()) on:click=move |_| put.run((name.get_value(), before.get_untracked()))>
                        <Icon shape=Shape::Back/>
                    </button>
                }.into_any()
            }}
        </li>
    }
}

#[component]
fn NewRow(read: Parsed, put: Callback<(String, Option<String>)>) -> impl IntoView {
    let (name, value) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = Memo::new(move |_| {
        let name = name.read();
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        if read.with(|read| read.as_ref().is_ok_and(|now| now.get(name).is_some())) {
            return Some(format!("{name} is there already; change its value above."));
        }
        Variables::default().with(name, Some(value.get())).err().map(|invalid| invalid.sentence)
    });
    let add = move || {
        let wanted = name.get_untracked().trim().to_owned();
        if !wanted.is_empty() && wrong.read_untracked().is_none() && read.read_untracked().is_ok() {
            put.run((wanted, Some(value.get_untracked())));
            name.set(String::new());
            value.set(String::new());
        }
    };
    view! {
        <li class="variable new">
            <input type="text" class="mono" aria-label="Name of a new variable" placeholder="NAME" autocomplete="off" autocapitalize="off" spellcheck="false"
                aria-describedby="error-new-variable" prop:value=name on:input:target=move |event| name.set(event.target().value())
                on:keydown=move |event| if event.key() == "Enter" { event.prevent_default(); add(); }/>
            <textarea class="mono" rows="1" aria-label="Value of the new variable" placeholder="value" autocomplete="off" autocapitalize="off" spellcheck="false"
                prop:value=value on:input:target=move |event| value.set(event.target().value())></textarea>
            <button type="button" class="button quiet small" on:click=move |_| add()><Icon shape=Shape::Plus/>"Add"</button>
            <p class="field-error" id="error-new-variable" role="alert">{wrong}</p>
        </li>
    }
}
