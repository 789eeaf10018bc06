//! The audit log to take away, exactly as a page's filter leaves it.

use super::State;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State as Given};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Actor, AuditFilter, AuditLine, TeamId};
use futures::{StreamExt, stream};
use platform::{AuditLines, Error};

/// Everything of the platform.
pub async fn of_platform(
    state: Given<State>,
    Path(format): Path<String>,
    filter: Query<AuditFilter>,
    actor: Option<Extension<Actor>>,
) -> Response {
    export(state, None, &format, filter, actor).await
}

/// What concerns a team.
pub async fn of_team(
    state: Given<State>,
    Path((team, format)): Path<(TeamId, String)>,
    filter: Query<AuditFilter>,
    actor: Option<Extension<Actor>>,
) -> Response {
    export(state, Some(team), &format, filter, actor).await
}

async fn export(
    Given(state): Given<State>,
    team: Option<TeamId>,
    format: &str,
    Query(filter): Query<AuditFilter>,
    actor: Option<Extension<Actor>>,
) -> Response {
    let Some(Extension(actor)) = actor else { return StatusCode::UNAUTHORIZED.into_response() };
    match state.platform.audit().export(&actor, team, &filter).await {
        Ok(lines) if format == "audit.csv" => attachment("text/csv; charset=utf-8", "audit.csv", csv(lines)),
        Ok(lines) if format == "audit.json" => attachment("application/json", "audit.json", json(lines)),
        Ok(_) | Err(Error::NotFound { .. }) => StatusCode::NOT_FOUND.into_response(),
        Err(Error::Forbidden(refusal)) => (StatusCode::FORBIDDEN, refusal.to_string()).into_response(),
        Err(Error::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, invalid.to_string()).into_response(),
        Err(other) => (StatusCode::SERVICE_UNAVAILABLE, other.to_string()).into_response(),
    }
}

fn attachment(kind: &'static str, name: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

fn csv(lines: AuditLines) -> Body {
    let head = stream::once(async { Ok(AuditLine::csv_head()) });
    let rows = lines.map(|lines| lines.map(|lines| lines.iter().map(AuditLine::to_csv).collect::<String>()));
    Body::from_stream(head.chain(rows))
}

fn json(lines: AuditLines) -> Body {
    let rows = lines.enumerate().map(|(part, lines)| {
        let lines = lines?;
        let rows = lines.iter().enumerate().map(|(row, line)| {
            let before = if part + row == 0 { "" } else { ",\n" };
            format!("{before}{}", serde_json::to_string(line).unwrap_or_default())
        });
        Ok::<_, Error>(rows.collect::<String>())
    });
    let (begin, end) = (stream::once(async { Ok("[".to_owned()) }), stream::once(async { Ok("]\n".to_owned()) }));
    Body::from_stream(begin.chain(rows).chain(end))
}
