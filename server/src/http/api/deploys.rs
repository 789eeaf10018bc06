use super::extract::{Asked, At, Sent};
use super::{Answer, Refused, State};
use api::{Deploy, DeployRequest, Review};
use axum::extract::State as Given;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::{Actor, DeployId};
use serde::Deserialize;

/// The last deploys of an app, the newest first.
#[utoipa::path(get, path = "/apps/{name}/deploys", tag = "deploys", params(("name" = String, Path)),
    responses((status = 200, body = [Deploy])))]
pub async fn list(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
) -> Answer<Vec<Deploy>> {
    let overview = state.platform.apps().overview(&actor, &name).await?;
    Ok(Json(overview.deploys.into_iter().map(Deploy::from).collect()))
}

/// How a deploy shall begin.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct How {
    dry_run: bool,
}

/// Makes a release and begins to bring it into traffic; with `dry_run` only says what would become different. The same
/// request under the same `Idempotency-Key` begins one deploy, for a day.
#[utoipa::path(post, path = "/apps/{name}/deploys", tag = "deploys", request_body = DeployRequest,
    params(("name" = String, Path), ("dry_run" = Option<bool>, Query), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = Deploy), (status = 200, body = Review, description = "of a dry run")))]
pub async fn start(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
    Asked(how): Asked<How>,
    headers: HeaderMap,
    Sent(request): Sent<DeployRequest>,
) -> Result<Response, Refused> {
    let (deploys, key) = (state.platform.deploys(), headers.get("idempotency-key"));
    if how.dry_run {
        return Ok(Json(Review::from(deploys.review(&actor, &name, request.into()).await?)).into_response());
    }
    let deploy = match key {
        Some(key) => deploys.start_once(&actor, &name, request.into(), key.to_str().unwrap_or_default()).await?,
        None => deploys.start(&actor, &name, request.into()).await?,
    };
    Ok((StatusCode::ACCEPTED, Json(Deploy::from(deploy))).into_response())
}

/// One deploy.
#[utoipa::path(get, path = "/apps/{name}/deploys/{id}", tag = "deploys",
    params(("name" = String, Path), ("id" = String, Path)), responses((status = 200, body = Deploy)))]
pub async fn show(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At((name, id)): At<(String, DeployId)>,
) -> Answer<Deploy> {
    Ok(Json(state.platform.deploys().find(&actor, &name, id).await?.into()))
}

/// Asks a deploy to stop: the old release keeps the traffic, or gets it back.
#[utoipa::path(post, path = "/apps/{name}/deploys/{id}/cancel", tag = "deploys",
    params(("name" = String, Path), ("id" = String, Path)), responses((status = 202, body = Deploy)))]
pub async fn cancel(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At((name, id)): At<(String, DeployId)>,
) -> Result<(StatusCode, Json<Deploy>), Refused> {
    state.platform.deploys().cancel(&actor, &name, id).await?;
    let deploy = state.platform.deploys().find(&actor, &name, id).await?;
    Ok((StatusCode::ACCEPTED, Json(deploy.into())))
}
