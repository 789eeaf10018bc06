use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why something was not done, in one word that does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// No token, or one that does not work. 401.
    Unauthorized,
    /// The token's person has no role for it, or a deploy token is asked for more than to deploy. 403.
    Forbidden,
    /// It is not there, or not for whom the token stands for. 404.
    NotFound,
    /// There is such an address, but not for this method. 405.
    MethodNotAllowed,
    /// Something stands in the way now; a later try may work. 409.
    Conflict,
    /// What `If-Match` names is not current any more. 412.
    PreconditionFailed,
    /// The body is larger than 2 MiB. 413.
    TooLarge,
    /// What was sent cannot be accepted; `field` says where. 422.
    Invalid,
    /// Too many requests with tokens that do not work came from this address. 429.
    TooManyAttempts,
    /// A defect; `detail` names the incident. 500.
    Internal,
    /// A part that is needed does not answer. 503.
    Unavailable,
}

impl Code {
    /// The status of HTTP that goes with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::PreconditionFailed => 412,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::TooManyAttempts => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// In a few words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Unauthorized => "Not signed in",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Not for this method",
            Self::Conflict => "Not now",
            Self::PreconditionFailed => "Changed meanwhile",
            Self::TooLarge => "Too large",
            Self::Invalid => "Not accepted",
            Self::TooManyAttempts => "Too many attempts",
            Self::Internal => "Something broke",
            Self::Unavailable => "Not available",
        }
    }
}

/// A refusal, as `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// For programs.
    pub code: Code,
    /// The status of HTTP.
    pub status: u16,
    /// What kind of refusal it is, for people.
    pub title: String,
    /// What is wrong and what to do, for people.
    pub detail: String,
    /// Which field of the request cannot be accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Problem {
    /// A refusal with its sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, status: code.status(), title: code.title().to_owned(), detail: detail.into(), field: None }
    }

    /// The same about one field of the request.
    #[must_use]
    pub fn at(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }
}
