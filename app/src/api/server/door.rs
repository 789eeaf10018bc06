//! The server's side of every function here: who asks, of what, and how a refusal looks in HTTP.

use crate::api::{ApiError, Result};
use axum::http::{Method, StatusCode, header::ACCEPT, request::Parts};
use domain::Actor;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use platform::{Error, Platform};

/// Taken from the context on the first line of a function, never after an `await`.
pub struct Door {
    /// What can be done.
    pub platform: Platform,
    /// Who asks.
    pub actor: Actor,
    status: Status,
}

impl Door {
    /// Opens for somebody who is signed in.
    pub fn open() -> Result<Self> {
        let status = Status::take();
        match (use_context::<Platform>(), use_context::<Option<Actor>>().flatten()) {
            (Some(platform), Some(actor)) => Ok(Self { platform, actor, status }),
            _ => Err(status.refuse(ApiError::SignedOut)),
        }
    }

    /// Shapes what `platform` says.
    pub fn answer<T>(&self, outcome: std::result::Result<T, impl Into<Error>>) -> Result<T> {
        outcome.map_err(|error| self.status.refuse(ApiError::from(error.into())))
    }
}

/// Sets the status of the answer, where that is ours to set.
struct Status(Option<ResponseOptions>);

impl Status {
    /// A form that a browser without WebAssembly posts is answered by a redirect back to it, which has to stay one.
    fn take() -> Self {
        let is_plain_form = use_context::<Parts>().is_some_and(|parts| {
            let accepts = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok());
            parts.method != Method::GET && accepts.is_some_and(|value| value.contains("text/html"))
        });
        Self(use_context::<ResponseOptions>().filter(|_| !is_plain_form))
    }

    fn refuse(&self, error: ApiError) -> ApiError {
        if let Some(response) = &self.0 {
            response.set_status(status(&error));
        }
        error
    }
}

fn status(error: &ApiError) -> StatusCode {
    match error {
        ApiError::SignedOut => StatusCode::UNAUTHORIZED,
        ApiError::NotFound(_) => StatusCode::NOT_FOUND,
        ApiError::Conflict(_) => StatusCode::CONFLICT,
        ApiError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::Forbidden(_) => StatusCode::FORBIDDEN,
        ApiError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Internal(_) | ApiError::Outdated | ApiError::Unreached => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let sentence = error.to_string();
        match error {
            Error::NotFound { .. } => Self::NotFound(sentence),
            Error::Conflict(_) => Self::Conflict(sentence),
            Error::Invalid(invalid) => Self::Invalid(invalid),
            Error::Forbidden(_) => Self::Forbidden(sentence),
            Error::Unavailable(_) => Self::Unavailable(sentence),
            Error::Internal { .. } => Self::Internal(sentence),
        }
    }
}
