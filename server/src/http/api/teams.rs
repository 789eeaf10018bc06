use super::extract::Sent;
use super::{Answer, Refused, State};
use api::{NewTeam, Team};
use axum::extract::State as Given;
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::{Actor, Role};

/// The teams of the token's person.
#[utoipa::path(get, path = "/teams", tag = "teams", responses((status = 200, body = [Team])))]
pub async fn list(Given(state): Given<State>, Extension(actor): Extension<Actor>) -> Answer<Vec<Team>> {
    let teams = state.platform.teams().list(&actor).await?;
    Ok(Json(teams.own.into_iter().map(Team::from).collect()))
}

/// Makes a team, whose owner is the token's person.
#[utoipa::path(post, path = "/teams", tag = "teams", request_body = NewTeam, responses((status = 201, body = Team)))]
pub async fn create(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    Sent(new): Sent<NewTeam>,
) -> Result<(StatusCode, Json<Team>), Refused> {
    let team = state.platform.teams().create(&actor, &new.name).await?;
    Ok((StatusCode::CREATED, Json(Team::from((team, Role::Owner)))))
}
