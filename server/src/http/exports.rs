//! Apps to take away, as a file for plain `docker compose`.

use super::State;
use axum::Extension;
use axum::extract::{Path, State as Given};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Actor, ProjectId};
use platform::{Error, Result};

/// One app.
pub async fn of_app(Given(state): Given<State>, Path(name): Path<String>, actor: Option<Extension<Actor>>) -> Response {
    let Some(Extension(actor)) = actor else { return StatusCode::UNAUTHORIZED.into_response() };
    answer(state.platform.apps().export(&actor, &name).await)
}

/// All apps of a project.
pub async fn of_project(
    Given(state): Given<State>,
    Path(id): Path<ProjectId>,
    actor: Option<Extension<Actor>>,
) -> Response {
    let Some(Extension(actor)) = actor else { return StatusCode::UNAUTHORIZED.into_response() };
    answer(state.platform.projects().export(&actor, id).await)
}

fn answer(file: Result<String>) -> Response {
    let file = match file {
        Ok(file) => file,
        Err(error) => return (status(&error), error.to_string()).into_response(),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/yaml"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"compose.yaml\""),
        // It holds the values of variables.
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, file).into_response()
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
