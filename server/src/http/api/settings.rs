use super::extract::{At, Sent};
use super::{Refused, State};
use api::{Code, Deploy, Settings, SettingsChange};
use axum::extract::State as Given;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use domain::Actor;

/// The settings that a change would start from. The `ETag` names the release that has them.
#[utoipa::path(get, path = "/apps/{name}/settings", tag = "settings", params(("name" = String, Path)),
    responses((status = 200, body = Settings)))]
pub async fn show(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
) -> Result<impl IntoResponse, Refused> {
    let (release, shows) = state.platform.settings().current(&actor, &name).await?;
    let settings = Settings::of(release.number, &release.settings, shows);
    Ok(([(header::ETAG, tag(release.number))], Json(settings)))
}

/// Makes a release with changed settings and begins to bring it into traffic. With `If-Match` only if they are still those.
#[utoipa::path(patch, path = "/apps/{name}/settings", tag = "settings", request_body = SettingsChange,
    params(("name" = String, Path), ("If-Match" = Option<String>, Header)), responses((status = 202, body = Deploy)))]
pub async fn change(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
    headers: HeaderMap,
    Sent(change): Sent<SettingsChange>,
) -> Result<(StatusCode, Json<Deploy>), Refused> {
    let base = base(&state, &actor, &name, &headers).await?;
    let reason = change.reason.clone().unwrap_or_default();
    let deploy = state.platform.settings().apply(&actor, &name, base, change.into(), &reason).await?;
    Ok((StatusCode::ACCEPTED, Json(deploy.into())))
}

/// The release that a change starts from: the current one, which is the one that `If-Match` names if it is there.
pub async fn base(state: &State, actor: &Actor, name: &str, headers: &HeaderMap) -> Result<u32, Refused> {
    let current = state.platform.settings().find(actor, name).await?.base;
    match headers.get(header::IF_MATCH) {
        Some(wanted) if wanted != "*" && wanted.as_bytes() != tag(current).as_bytes() => {
            let sentence = format!("r{current} is current now. Look at its settings and try again.");
            Err(Refused::new(Code::PreconditionFailed, sentence))
        }
        _ => Ok(current),
    }
}

fn tag(number: u32) -> String {
    format!("\"r{number}\"")
}
