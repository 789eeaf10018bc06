use super::{make::MakeToken, table::TokenTable};
use crate::{
    api::{
        ask,
        tokens::{MakeOwnToken, OwnTokens as Own, WithdrawOwnToken},
    },
    live::{About, keep_fresh, use_changes},
    pages::loaded::loaded,
    ui::{Crumb, Frame, PageHead, Sending},
};
use domain::TokenView;
use leptos::prelude::*;

/// The tokens of the person who looks: they may what the person may.
#[component]
pub fn OwnTokens() -> impl IntoView {
    loaded(
        || Own {},
        |tokens| {
            let crumbs = vec![Crumb::new("Tokens", "/me/tokens")];
            view! { <Frame crumbs><Body tokens/></Frame> }.into_any()
        },
    )
}

#[component]
fn Body(tokens: Vec<TokenView>) -> impl IntoView {
    let tokens = RwSignal::new(tokens);
    keep_fresh(use_changes(|| About::Everything), || Own {}, move |fresh| tokens.set(fresh));
    let command = Callback::new(|console: String| {
        format!("curl -H \"Authorization: Bearer $SLIPWAY_TOKEN\" {console}/api/v1/whoami")
    });
    let withdraw = Sending::to::<WithdrawOwnToken>();
    let is_empty = Memo::new(move |_| tokens.read().is_empty());
    view! {
        <PageHead title="Your tokens" tab="Tokens"/>
        <p class="lead">"A script that comes with one of these may what you may. To deploy one app from CI, make a token on the app's own page instead: it can do nothing else."</p>
        <MakeToken make=Box::new(|form| ask(&MakeOwnToken { form })) tokens command example="laptop"/>
        {move || (!is_empty.get()).then(|| view! { <TokenTable tokens withdraw can=true/> })}
        <p class="help">"Tokens that were made with one of these end with it."</p>
    }
    .into_any()
}
