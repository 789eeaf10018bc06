use super::{Answer, State};
use api::{Kind, Team, Token, WhoAmI};
use axum::extract::State as Given;
use axum::{Extension, Json};
use domain::{Actor, TokenState};

/// Who the token makes one.
#[utoipa::path(get, path = "/whoami", tag = "whoami", responses((status = 200, body = WhoAmI)))]
pub async fn show(Given(state): Given<State>, Extension(actor): Extension<Actor>) -> Answer<WhoAmI> {
    let token = state.platform.tokens().of_actor(&actor)?;
    let is_person = token.deploys().is_none();
    let teams = if is_person { state.platform.teams().list(&actor).await?.own } else { Vec::new() };
    Ok(Json(WhoAmI {
        kind: if is_person { Kind::Person } else { Kind::DeployToken },
        email: token.made_by.to_string(),
        platform_role: actor.person.platform_role.map(|role| role.as_str().to_owned()),
        teams: teams.into_iter().map(Team::from).collect(),
        token: Token::of(token, TokenState::Works.as_str()),
    }))
}
