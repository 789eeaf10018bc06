use super::extract::{At, Sent};
use super::{Answer, Refused, State};
use api::{MadeToken, NewToken, Token};
use axum::extract::State as Given;
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::{Actor, TokenId};

/// The tokens that deploy an app.
#[utoipa::path(get, path = "/apps/{name}/tokens", tag = "tokens", params(("name" = String, Path)),
    responses((status = 200, body = [Token])))]
pub async fn of_app(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
) -> Answer<Vec<Token>> {
    let tokens = state.platform.tokens().of_app(&actor, &name).await?;
    Ok(Json(tokens.into_iter().map(Token::from).collect()))
}

/// Makes a token that deploys an app and nothing else. Its text is in this answer only. It ends with the token it was made with.
#[utoipa::path(post, path = "/apps/{name}/tokens", tag = "tokens", params(("name" = String, Path)), request_body = NewToken,
    responses((status = 201, body = MadeToken)))]
pub async fn make_for_app(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
    Sent(new): Sent<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), Refused> {
    let made = state.platform.tokens().make_for_app(&actor, &name, new.into()).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Lets a token of an app work no longer.
#[utoipa::path(delete, path = "/apps/{name}/tokens/{id}", tag = "tokens",
    params(("name" = String, Path), ("id" = String, Path)), responses((status = 204)))]
pub async fn withdraw_of_app(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At((name, id)): At<(String, TokenId)>,
) -> Result<StatusCode, Refused> {
    state.platform.tokens().withdraw_of_app(&actor, &name, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The person's own tokens. They are made in the console.
#[utoipa::path(get, path = "/me/tokens", tag = "tokens", responses((status = 200, body = [Token])))]
pub async fn own(Given(state): Given<State>, Extension(actor): Extension<Actor>) -> Answer<Vec<Token>> {
    let tokens = state.platform.tokens().own(&actor).await?;
    Ok(Json(tokens.into_iter().map(Token::from).collect()))
}

/// Lets one of the person's own tokens work no longer, this one too if it is meant, and those that were made with it.
#[utoipa::path(delete, path = "/me/tokens/{id}", tag = "tokens", params(("id" = String, Path)), responses((status = 204)))]
pub async fn withdraw_own(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(id): At<TokenId>,
) -> Result<StatusCode, Refused> {
    state.platform.tokens().withdraw_own(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
