use super::{Compact, Result};
use domain::{NewToken, TokenForm, TokenId, TokenView};
use leptos::{prelude::server, server_fn::codec::Json};

/// The tokens that deploy an app.
#[server(prefix = "/api/console", endpoint = "tokens/of-app", input = Json, output = Compact)]
pub async fn app_tokens(name: String) -> Result<Vec<TokenView>> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.tokens().of_app(&door.actor, &name).await)
}

/// Makes a token that deploys an app. Its text is in this answer and nowhere else, also in no address.
#[server(prefix = "/api/console", endpoint = "tokens/make-for-app", input = Json, output = Compact)]
pub async fn make_app_token(name: String, form: TokenForm) -> Result<NewToken> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.tokens().make_for_app(&door.actor, &name, form).await)
}

/// Lets a token of an app work no longer.
#[server(prefix = "/api/console", endpoint = "tokens/withdraw-of-app")]
pub async fn withdraw_app_token(name: String, id: TokenId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.tokens().withdraw_of_app(&door.actor, &name, id).await)
}

/// One's own tokens.
#[server(prefix = "/api/console", endpoint = "tokens/own", input = Json, output = Compact)]
pub async fn own_tokens() -> Result<Vec<TokenView>> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.tokens().own(&door.actor).await)
}

/// Makes a token that may what one may oneself.
#[server(prefix = "/api/console", endpoint = "tokens/make-own", input = Json, output = Compact)]
pub async fn make_own_token(form: TokenForm) -> Result<NewToken> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.tokens().make_own(&door.actor, form).await)
}

/// Lets one of one's own tokens work no longer.
#[server(prefix = "/api/console", endpoint = "tokens/withdraw-own")]
pub async fn withdraw_own_token(id: TokenId) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.tokens().withdraw_own(&door.actor, id).await)
}
