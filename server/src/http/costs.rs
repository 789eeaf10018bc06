//! Statements to take away.

use super::State;
use axum::Extension;
use axum::extract::{Path, Query, State as Given};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Actor, TeamId};
use platform::Error;
use serde::Deserialize;

/// What stands behind the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Empty for the one that is running.
    #[serde(default)]
    month: String,
}

/// The company's.
pub async fn of_company(
    state: Given<State>,
    Path(format): Path<String>,
    asked: Query<Asked>,
    actor: Option<Extension<Actor>>,
) -> Response {
    export(state, None, &format, asked, actor).await
}

/// A team's.
pub async fn of_team(
    state: Given<State>,
    Path((team, format)): Path<(TeamId, String)>,
    asked: Query<Asked>,
    actor: Option<Extension<Actor>>,
) -> Response {
    export(state, Some(team), &format, asked, actor).await
}

async fn export(
    Given(state): Given<State>,
    team: Option<TeamId>,
    format: &str,
    Query(asked): Query<Asked>,
    actor: Option<Extension<Actor>>,
) -> Response {
    let Some(Extension(actor)) = actor else { return StatusCode::UNAUTHORIZED.into_response() };
    match state.platform.costs().csv(&actor, team, &asked.month).await {
        Ok(csv) if format == "statement.csv" => attachment(csv),
        Ok(_) | Err(Error::NotFound { .. }) => StatusCode::NOT_FOUND.into_response(),
        Err(Error::Forbidden(refusal)) => (StatusCode::FORBIDDEN, refusal.to_string()).into_response(),
        Err(Error::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, invalid.to_string()).into_response(),
        Err(other) => (StatusCode::SERVICE_UNAVAILABLE, other.to_string()).into_response(),
    }
}

fn attachment(csv: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"statement.csv\""),
    ];
    (headers, csv).into_response()
}
