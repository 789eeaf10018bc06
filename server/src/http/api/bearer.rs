use super::Refused;
use super::attempts::Attempts;
use crate::http::{State, sessions};
use api::Code;
use axum::extract::{Request, State as Given};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Actor, Origin, Secret};
use std::sync::Arc;
use std::time::Duration;

/// Longer than any token.
const LONGEST: usize = 200;

/// Lets through who comes with a token that works, and puts the actor beside the request. A token counts in its header only:
/// addresses stand in histories and logs.
pub async fn require(
    Given((state, attempts)): Given<(State, Arc<Attempts>)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let (address, now) = (sessions::address(request.headers()).to_owned(), state.clock.now());
    if attempts.are_too_many(&address, now) {
        let sentence = "Too many tokens that do not work came from this address. Wait a minute.";
        return Err(Refused::new(Code::TooManyAttempts, sentence));
    }
    let Some(token) = token(request.headers()) else {
        let sentence = "Send a token as “Authorization: Bearer slipway_…”.";
        return Err(Refused::new(Code::Unauthorized, sentence));
    };
    let origin = Origin { door: "api".to_owned(), address: address.clone(), session: None };
    let Some(actor) = state.platform.tokens().actor(&token, origin).await? else {
        attempts.count(&address, now);
        let sentence =
            "This token does not work: it is unknown, withdrawn, too old, or who made it may not do this any more.";
        return Err(Refused::new(Code::Unauthorized, sentence));
    };
    request.extensions_mut().insert(actor);
    Ok(next.run(request).await)
}

fn token(headers: &HeaderMap) -> Option<Secret<String>> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (values.next()?.to_str().ok()?, values.next()) else { return None };
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    let is_one = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= LONGEST;
    is_one.then(|| Secret::new(token.to_owned()))
}

/// Waits until what was opened with the actor's rights has to end: they are different now, or the token is too old.
pub fn end_of(state: &State, actor: &Actor) -> impl Future<Output = ()> + Send + use<> {
    let left = actor.token.as_ref().map_or(0, |token| token.expires_at.millis_since(state.clock.now()));
    let expiry = tokio::time::sleep(Duration::from_millis(u64::try_from(left).unwrap_or_default()));
    let rights = state.platform.live().rights_change(actor.behind());
    async move {
        tokio::select! {
            () = expiry => {}
            () = rights => {}
        }
    }
}
