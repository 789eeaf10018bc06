use domain::Invalid;
use leptos::{
    prelude::FromServerFnError,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a page did not get what it asked for. Made from `platform`'s error, so that nothing internal reaches a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// Nobody is signed in, or no longer.
    #[error("You are not signed in any more.")]
    SignedOut,
    /// It is not there, or not for this person.
    #[error("{0}")]
    NotFound(String),
    /// Something stands in the way now.
    #[error("{0}")]
    Conflict(String),
    /// A field cannot be accepted.
    #[error(transparent)]
    Invalid(Invalid),
    /// The person's role does not allow it.
    #[error("{0}")]
    Forbidden(String),
    /// A part that is needed does not answer.
    #[error("{0}")]
    Unavailable(String),
    /// A defect; the sentence names the incident.
    #[error("{0}")]
    Internal(String),
    /// The server is of another version than the page.
    #[error("The console has been updated since this page was opened. Reload it.")]
    Outdated,
    /// The console itself was not reached, or answered something that this page does not understand.
    #[error("The console did not answer. Check your connection and try again.")]
    Unreached,
}

/// The outcome of asking.
pub type Result<T> = std::result::Result<T, ApiError>;

impl ApiError {
    /// What stands above the sentence on a page of its own.
    pub fn title(&self) -> &'static str {
        match self {
            Self::SignedOut => "Signed out",
            Self::NotFound(_) => "Not found",
            Self::Conflict(_) => "Not now",
            Self::Invalid(_) => "Not accepted",
            Self::Forbidden(_) => "Not allowed",
            Self::Unavailable(_) | Self::Unreached => "Not available",
            Self::Outdated => "Updated",
            Self::Internal(_) => "Something broke",
        }
    }

    /// The sentence that belongs at a field of a form.
    pub fn at(&self, field: &str) -> Option<String> {
        match self {
            Self::Invalid(invalid) if invalid.field == field => Some(invalid.sentence.clone()),
            _ => None,
        }
    }

    /// The sentence that belongs above a form with these fields: everything that is not shown at one of them.
    pub fn beside(&self, fields: &[&str]) -> Option<String> {
        match self {
            Self::Invalid(invalid) if fields.contains(&invalid.field.as_str()) => None,
            other => Some(other.to_string()),
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        leptos::logging::debug_warn!("{error}");
        Self::Unreached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_stands_at_its_field_or_above_the_form_but_not_twice() {
        let error = ApiError::Invalid(Invalid::new("tag", "Name the tag."));
        assert_eq!((error.at("tag").as_deref(), error.at("image")), (Some("Name the tag."), None));
        assert_eq!(error.beside(&["image", "tag"]), None);
        assert_eq!(error.beside(&["image"]).as_deref(), Some("Name the tag."));
        assert_eq!(ApiError::Conflict("Later.".into()).beside(&["tag"]).as_deref(), Some("Later."));
    }
}
