use crate::api::{ApiError, area_text};
use leptos::prelude::*;

/// One line to fill in, with its label, its help, and what is wrong with it.
#[component]
pub fn Field(
    /// What it is called in the form that is sent.
    name: &'static str,
    /// What it is called in refusals.
    field: &'static str,
    /// What it is called on the page.
    label: &'static str,
    /// What stands in it, and what it is bound to.
    value: RwSignal<String>,
    /// What is useful to know before filling it in.
    #[prop(optional, into)]
    help: Signal<String>,
    /// Why the form was refused.
    #[prop(optional, into)]
    error: Signal<Option<ApiError>>,
    /// What is wrong with it before it is sent.
    #[prop(optional, into)]
    live_error: Signal<Option<String>>,
    /// The unit, behind it.
    #[prop(optional)]
    unit: Option<&'static str>,
    /// What kind of keys a phone shows.
    #[prop(default = "text")]
    keys: &'static str,
    /// What kind of input it is.
    #[prop(default = "text")]
    kind: &'static str,
    /// An example.
    #[prop(optional, into)]
    example: Option<String>,
    /// What it has to look like, as a pattern of HTML.
    #[prop(optional, into)]
    pattern: Option<String>,
    /// Whether it may stay empty.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let wrong = Memo::new(move |_| live_error.get().or_else(|| error.with(|e| e.as_ref().and_then(|e| e.at(field)))));
    let (id, help_id, error_id) = (format!("field-{field}"), format!("help-{field}"), format!("error-{field}"));
    let described = format!("{help_id} {error_id}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="input" class:with-unit=unit.is_some()>
                <input
                    id=id type=kind name=name inputmode=keys autocomplete="off" autocapitalize="off" spellcheck="false"
                    placeholder=example pattern=pattern required=required aria-describedby=described
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    value=value.get_untracked() prop:value=value on:input:target=move |event| value.set(event.target().value())
                />
                {unit.map(|unit| view! { <span class="unit">{unit}</span> })}
            </div>
            <p class="help" id=help_id>{help}</p>
            <p class="field-error" id=error_id role="alert">{wrong}</p>
        </div>
    }
}

/// Several lines to fill in.
#[component]
pub fn Area(
    /// What it is called in the form that is sent.
    name: &'static str,
    /// What it is called in refusals.
    field: &'static str,
    /// What it is called on the page.
    label: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// What is useful to know before filling it in.
    #[prop(optional, into)]
    help: Option<String>,
    /// Why the form was refused.
    #[prop(optional, into)]
    error: Signal<Option<ApiError>>,
    /// An example.
    #[prop(optional)]
    example: &'static str,
) -> impl IntoView {
    let wrong = Memo::new(move |_| error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    let (id, help_id, error_id) = (format!("field-{field}"), format!("help-{field}"), format!("error-{field}"));
    let described = format!("{help_id} {error_id}");
    let value = area_text(&value);
    view! {
        <div class="field wide">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id name=name rows="5" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder=example
                aria-describedby=described aria-invalid=move || wrong.with(Option::is_some).then_some("true")
            >{value}</textarea>
            <p class="help" id=help_id>{help}</p>
            <p class="field-error" id=error_id role="alert">{wrong}</p>
        </div>
    }
}
