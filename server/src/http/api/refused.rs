use api::{Code, Problem};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Invalid;
use platform::Error;

/// What a handler answers.
pub type Answer<T> = Result<Json<T>, Refused>;

/// Why it does not, as `application/problem+json`.
#[derive(Debug)]
pub struct Refused(Box<Problem>);

impl Refused {
    /// A refusal with its sentence.
    pub fn new(code: Code, sentence: impl Into<String>) -> Self {
        Self(Box::new(Problem::new(code, sentence)))
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::NotFound { .. } => Code::NotFound,
            Error::Conflict(_) => Code::Conflict,
            Error::Invalid(_) => Code::Invalid,
            Error::Forbidden(_) => Code::Forbidden,
            Error::Unavailable(_) => Code::Unavailable,
            Error::Internal { .. } => Code::Internal,
        };
        let problem = Problem::new(code, error.to_string());
        Self(Box::new(match error {
            Error::Invalid(invalid) => problem.at(invalid.field),
            _ => problem,
        }))
    }
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Self {
        Error::from(invalid).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = self.0.code;
        let mut response = (status, Json(self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match code {
            Code::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"slipway\""));
            }
            Code::TooManyAttempts => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            }
            _ => {}
        }
        response
    }
}
