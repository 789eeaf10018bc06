use super::extract::At;
use super::{Answer, Refused, State};
use api::{Comparison, Deploy, Release};
use axum::extract::State as Given;
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::{Action, Actor};

/// The last releases of an app, the newest first; their variables for who may read them.
#[utoipa::path(get, path = "/apps/{name}/releases", tag = "releases", params(("name" = String, Path)),
    responses((status = 200, body = [Release])))]
pub async fn list(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
) -> Answer<Vec<Release>> {
    let overview = state.platform.apps().overview(&actor, &name).await?;
    let shows = overview.role.may(Action::ReadVariables);
    Ok(Json(overview.releases.into_iter().map(|release| Release::of(release, shows)).collect()))
}

/// One release.
#[utoipa::path(get, path = "/apps/{name}/releases/{number}", tag = "releases",
    params(("name" = String, Path), ("number" = u32, Path)), responses((status = 200, body = Release)))]
pub async fn show(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At((name, number)): At<(String, u32)>,
) -> Answer<Release> {
    let (release, shows) = state.platform.releases().find(&actor, &name, number).await?;
    Ok(Json(Release::of(release, shows)))
}

/// What two releases do not have in common. Values of variables only for who may read them.
#[utoipa::path(get, path = "/apps/{name}/releases/{number}/diff/{other}", tag = "releases",
    params(("name" = String, Path), ("number" = u32, Path), ("other" = u32, Path)), responses((status = 200, body = Comparison)))]
pub async fn diff(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At((name, from, to)): At<(String, u32, u32)>,
) -> Answer<Comparison> {
    Ok(Json(state.platform.releases().compare(&actor, &name, from, to).await?.into()))
}

/// Brings an earlier release back, image and settings together.
#[utoipa::path(post, path = "/apps/{name}/releases/{number}/rollback", tag = "releases",
    params(("name" = String, Path), ("number" = u32, Path)), responses((status = 202, body = Deploy)))]
pub async fn roll_back(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At((name, number)): At<(String, u32)>,
) -> Result<(StatusCode, Json<Deploy>), Refused> {
    let deploy = state.platform.releases().roll_back(&actor, &name, number).await?;
    Ok((StatusCode::ACCEPTED, Json(deploy.into())))
}
