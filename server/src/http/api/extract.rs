//! What a request carries, read so that whatever is wrong with it is answered as any other refusal.

use super::Refused;
use api::Code;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The parts of the address. What cannot be a name or an id names nothing.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let found = Path::from_request_parts(parts, state).await;
        found.map(|Path(at)| Self(at)).map_err(|_| Refused::new(Code::NotFound, "Nothing is called that."))
    }
}

/// What stands behind the address.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let found = Query::from_request_parts(parts, state).await;
        found.map(|Query(asked)| Self(asked)).map_err(|why| Refused::new(Code::Invalid, why.body_text()))
    }
}

/// The body, which is JSON.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let read = Json::from_request(request, state).await;
        read.map(|Json(sent)| Self(sent)).map_err(|why: JsonRejection| match why.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refused::new(Code::TooLarge, "The body is larger than 2 MiB."),
            _ => Refused::new(Code::Invalid, why.body_text()),
        })
    }
}
