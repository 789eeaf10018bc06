use crate::{
    api::{ApiError, apps::CheckAppName, ask, session::Session},
    ui::Field,
};
use domain::AppName;
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long the typing has to rest before the server is asked.
const RESTS: Duration = Duration::from_millis(300);

/// The name of an app to come. Says while one types what would be wrong with it, and which address it gives.
#[component]
pub fn NameField(
    /// What stands in it.
    value: RwSignal<String>,
    /// Why the form was refused.
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let taken = RwSignal::new(None::<(String, String)>);
    let mut ask = debounce(RESTS, move |name: String| {
        spawn_local(async move {
            let refused = ask(&CheckAppName { name: name.clone() }).await.err();
            taken.try_set(refused.filter(|error| *error != ApiError::Unreached).map(|error| (name, error.to_string())));
        });
    });
    Effect::new(move || {
        let name = value.get();
        if name.parse::<AppName>().is_ok() {
            ask(name);
        }
    });
    let live_error = Signal::derive(move || {
        let name = value.read();
        if name.is_empty() {
            return None;
        }
        match name.parse::<AppName>() {
            Err(invalid) => Some(invalid.sentence),
            Ok(_) => taken.get().filter(|(asked, _)| asked == name.as_str()).map(|(_, sentence)| sentence),
        }
    });
    let base = use_context::<Session>().map(|session| session.info.base_address).unwrap_or_default();
    let help = Signal::derive(move || {
        let name = value.read();
        let name = if name.is_empty() { "NAME" } else { name.as_str() };
        format!("Its address: {name}.{base}")
    });
    view! { <Field name="name" field="name" label="Name" value error live_error help required=true example="shop"/> }
}
