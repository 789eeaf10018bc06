use super::extract::Sent;
use super::{Answer, Refused, State};
use api::{NewProject, Project};
use axum::extract::State as Given;
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::{Actor, TeamId};

/// The projects of the person's teams.
#[utoipa::path(get, path = "/projects", tag = "projects", responses((status = 200, body = [Project])))]
pub async fn list(Given(state): Given<State>, Extension(actor): Extension<Actor>) -> Answer<Vec<Project>> {
    let home = state.platform.home(&actor).await?;
    let projects = home.projects.into_iter().map(|shown| Project::of(shown.project, &shown.team, shown.role));
    Ok(Json(projects.collect()))
}

/// Makes a project in a team.
#[utoipa::path(post, path = "/projects", tag = "projects", request_body = NewProject, responses((status = 201, body = Project)))]
pub async fn create(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    Sent(new): Sent<NewProject>,
) -> Result<(StatusCode, Json<Project>), Refused> {
    let team: TeamId = new.team_id.parse().map_err(|_| platform::Error::not_found("team", &new.team_id))?;
    let project = state.platform.projects().create(&actor, team, &new.name).await?;
    let made = state.platform.projects().overview(&actor, project.id).await?;
    Ok((StatusCode::CREATED, Json(Project::of(made.project, &made.team, made.role))))
}
