use super::{make::MakeToken, table::TokenTable};
use crate::{
    api::{
        ask,
        tokens::{AppTokens as OfApp, MakeAppToken, WithdrawAppToken},
    },
    live::keep_fresh,
    pages::{apps::ThisApp, loaded::loaded_part},
    ui::{Empty, PageHead, Sending},
};
use domain::{Action, TokenView};
use leptos::prelude::*;

/// The tokens that deploy an app.
#[component]
pub fn AppTokens() -> impl IntoView {
    let this = ThisApp::of_page();
    let Some(now) = this.now() else { return ().into_any() };
    let head = view! { <PageHead title="Tokens" tab=format!("Tokens of {}", this.name())/> };
    if !now.role.may(Action::SeeTokens) {
        return view! { {head}<Empty title="Not for you to see"><p>"Which tokens deploy this app is seen with the role developer."</p></Empty> }.into_any();
    }
    view! {
        {head}
        {loaded_part(move || OfApp { name: this.name() }, move |tokens| view! { <Body this tokens/> }.into_any())}
    }
    .into_any()
}

#[component]
fn Body(this: ThisApp, tokens: Vec<TokenView>) -> impl IntoView {
    let tokens = RwSignal::new(tokens);
    keep_fresh(this.changes, move || OfApp { name: this.name() }, move |fresh| tokens.set(fresh));
    let may = move |action| this.now().is_some_and(|now| now.role.may(action));
    let command = Callback::new(move |console: String| {
        let name = this.name();
        format!(
            "curl -X POST -H \"Authorization: Bearer $SLIPWAY_TOKEN\" -H \"Content-Type: application/json\" \
             -d '{{\"tag\": \"1.0\"}}' {console}/api/v1/apps/{name}/deploys"
        )
    });
    let make = move |form| ask(&MakeAppToken { name: this.name(), form });
    let is_empty = Memo::new(move |_| tokens.read().is_empty());
    let withdraw = Sending::to::<WithdrawAppToken>();
    let can = may(Action::WithdrawToken);
    view! {
        <p class="lead">"With one of these, CI deploys this app and can do nothing else. It works for as long as who made it may deploy."</p>
        {may(Action::MakeToken).then(|| view! { <MakeToken make=Box::new(make) tokens command example="ci"/> })}
        {move || if is_empty.get() {
            view! { <p class="help">"There is no token yet."</p> }.into_any()
        } else {
            view! { <TokenTable tokens withdraw app=this.name() can/> }.into_any()
        }}
    }
    .into_any()
}
