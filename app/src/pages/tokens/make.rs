use crate::{
    api::{Answer, ApiError, read},
    pages::parts::Refusal,
    ui::{Banner, Copyable, Field, Submit, Tone},
};
use domain::{NewToken, TokenForm, TokenView};
use leptos::{prelude::*, task::spawn_local};

/// For how many days a token can work, and how that is said.
const LIVES: [(u64, &str); 4] = [(30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "a year")];
const USUAL: u64 = 90;

/// What sends the form.
pub type Make = Box<dyn Fn(TokenForm) -> Answer + Send + Sync>;

/// The form for a token to come. Its text is shown once, here: it goes through no address and no list.
#[component]
pub fn MakeToken(
    /// What sends the form.
    make: Make,
    /// The list that the new one joins.
    tokens: RwSignal<Vec<TokenView>>,
    /// What one does with it: a command, given where the console is.
    command: Callback<String, String>,
    /// An example of a name.
    example: &'static str,
) -> impl IntoView {
    let (name, days) = (RwSignal::new(String::new()), RwSignal::new(USUAL));
    let (pending, refused) = (RwSignal::new(false), RwSignal::new(None::<ApiError>));
    let (fresh, make) = (RwSignal::new(None::<NewToken>), StoredValue::new(make));
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        pending.set(true);
        let form = TokenForm { name: name.get_untracked(), days: Some(days.get_untracked()) };
        let answer = make.with_value(|make| make(form));
        spawn_local(async move {
            let outcome = answer.await.and_then(|answer| read::<NewToken>(&answer));
            if pending.try_set(false).is_some() {
                return;
            }
            refused.set(outcome.as_ref().err().cloned());
            if let Ok(new) = outcome {
                name.set(String::new());
                tokens.update(|tokens| {
                    let state = domain::TokenState::Works;
                    tokens.retain(|shown| shown.token.id != new.token.id);
                    tokens.push(TokenView { token: new.token.clone(), state });
                });
                fresh.set(Some(new));
            }
        });
    };
    view! {
        <section class="card stack">
            <h2>"New token"</h2>
            {move || fresh.get().map(|new| view! { <Made new command/> })}
            <Refusal error=refused fields=&["name"]/>
            <form on:submit=send>
                <div class="row-form invite">
                    <Field name="name" field="name" label="Name" value=name error=refused required=true example/>
                    <div class="field">
                        <label for="token-days">"Works for"</label>
                        <select id="token-days" on:change:target=move |event| days.set(event.target().value().parse().unwrap_or(USUAL))>
                            {LIVES.into_iter().map(|(value, word)| view! { <option value=value.to_string() selected=value == USUAL>{word}</option> }).collect_view()}
                        </select>
                    </div>
                    <Submit pending>"Make token"</Submit>
                </div>
            </form>
            <noscript><p class="help">"Making a token takes JavaScript: its text is shown on this page and goes through no address."</p></noscript>
        </section>
    }
    .into_any()
}

/// The token's text, this once, and what one does with it.
#[component]
fn Made(new: NewToken, command: Callback<String, String>) -> impl IntoView {
    let console = window().location().origin().unwrap_or_default();
    let command = command.run(console);
    view! {
        <Banner tone=Tone::Well>
            <p>{format!("{} is made. Take its text now: it is shown only this once.", new.token.name)}</p>
            <p><Copyable text=new.text/></p>
            <p>"With the text in the variable "<code>"SLIPWAY_TOKEN"</code>":"</p>
            <p><Copyable text=command/></p>
        </Banner>
    }
}
