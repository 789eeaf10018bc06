use super::extract::{At, Sent};
use super::{Answer, Refused, State};
use api::{Deploy, Secret, SecretValue};
use axum::extract::State as Given;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use domain::{Actor, SecretChange, SecretTo, SettingsForm};

/// The secrets of an app without their values, for who may read variables; for others there are none.
#[utoipa::path(get, path = "/apps/{name}/secrets", tag = "secrets", params(("name" = String, Path)),
    responses((status = 200, body = [Secret])))]
pub async fn list(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
) -> Answer<Vec<Secret>> {
    let (release, shows) = state.platform.settings().current(&actor, &name).await?;
    Ok(Json(release.settings.secrets.iter().filter(|_| shows).map(Secret::from).collect()))
}

/// Gives a secret a new value, in a release of its own.
#[utoipa::path(put, path = "/apps/{name}/secrets/{secret}", tag = "secrets", request_body = SecretValue,
    params(("name" = String, Path), ("secret" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 202, body = Deploy)))]
pub async fn set(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At((name, secret)): At<(String, String)>,
    headers: HeaderMap,
    Sent(value): Sent<SecretValue>,
) -> Result<(StatusCode, Json<Deploy>), Refused> {
    let reason = value.reason.clone().unwrap_or_default();
    apply(&state, &actor, &name, &headers, value.of(secret)?, &reason).await
}

/// Takes a secret away, in a release of its own.
#[utoipa::path(delete, path = "/apps/{name}/secrets/{secret}", tag = "secrets",
    params(("name" = String, Path), ("secret" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 202, body = Deploy)))]
pub async fn unset(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At((name, secret)): At<(String, String)>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<Deploy>), Refused> {
    let change = SecretChange { name: secret, to: SecretTo::Gone };
    apply(&state, &actor, &name, &headers, change, "").await
}

async fn apply(
    state: &State,
    actor: &Actor,
    name: &str,
    headers: &HeaderMap,
    change: SecretChange,
    reason: &str,
) -> Result<(StatusCode, Json<Deploy>), Refused> {
    let base = super::settings::base(state, actor, name, headers).await?;
    let form = SettingsForm { secrets: vec![change], ..SettingsForm::default() };
    let deploy = state.platform.settings().apply(actor, name, base, form, reason).await?;
    Ok((StatusCode::ACCEPTED, Json(deploy.into())))
}
