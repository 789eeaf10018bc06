use super::bearer::end_of;
use super::extract::{At, Sent};
use super::{Answer, Refused, State};
use api::{App, AppDetail, Deploy, NewApp};
use axum::extract::State as Given;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use domain::{Actor, ProjectId};
use futures::StreamExt as _;

/// The apps of the person's teams.
#[utoipa::path(get, path = "/apps", tag = "apps", responses((status = 200, body = [App])))]
pub async fn list(Given(state): Given<State>, Extension(actor): Extension<Actor>) -> Answer<Vec<App>> {
    let home = state.platform.home(&actor).await?;
    Ok(Json(home.apps().cloned().map(App::from).collect()))
}

/// Makes an app and begins its first deploy, or does neither.
#[utoipa::path(post, path = "/apps", tag = "apps", request_body = NewApp, responses((status = 202, body = Deploy)))]
pub async fn create(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    Sent(new): Sent<NewApp>,
) -> Result<(StatusCode, Json<Deploy>), Refused> {
    let project: ProjectId =
        new.project_id.parse().map_err(|_| platform::Error::not_found("project", &new.project_id))?;
    let deploy = state.platform.apps().create(&actor, project, new.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(deploy.into())))
}

/// An app with what runs of it.
#[utoipa::path(get, path = "/apps/{name}", tag = "apps", params(("name" = String, Path)), responses((status = 200, body = AppDetail)))]
pub async fn show(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
) -> Answer<AppDetail> {
    Ok(Json(state.platform.apps().overview(&actor, &name).await?.into()))
}

/// Deletes an app. Its address stops to answer at once.
#[utoipa::path(delete, path = "/apps/{name}", tag = "apps", params(("name" = String, Path)), responses((status = 204)))]
pub async fn remove(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
) -> Result<StatusCode, Refused> {
    state.platform.apps().delete(&actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Server-sent events: `ready` when one should look, `change` when something of the app is different now. They carry no
/// content; what one may see is asked for at its own address.
#[utoipa::path(get, path = "/apps/{name}/events", tag = "apps", params(("name" = String, Path)),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
pub async fn events(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
) -> Result<impl IntoResponse, Refused> {
    let scope = state.platform.scope(&actor, Some(&name)).await?;
    let events = crate::http::live::events(&state, scope).take_until(end_of(&state, &actor));
    Ok(crate::http::live::stream(events))
}
