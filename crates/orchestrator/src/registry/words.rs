//! What is said of a registry that does not give what was asked for.

use super::session::Session;
use crate::Error;
use domain::{Tag, TagView, human_millis};
use reqwest::StatusCode;
use std::time::Duration;

/// Nothing came back.
pub(super) fn no_answer(registry: &str, cause: &str) -> Error {
    let cause = cause.split(" (os error").next().unwrap_or(cause);
    let why = if cause.contains("lookup address") {
        "its name is not known".to_owned()
    } else if cause.contains("certificate") {
        format!("its certificate is not trusted: {cause}")
    } else if cause.contains("InvalidContentType") || cause.contains("corrupt message") {
        "it does not speak HTTPS".to_owned()
    } else {
        cause.to_lowercase()
    };
    Error::Unreachable(format!("{registry} does not answer ({why})."))
}

/// Nothing came back in time.
pub(super) fn too_late(registry: &str, patience: Duration) -> Error {
    let patience = human_millis(i64::try_from(patience.as_millis()).unwrap_or(i64::MAX));
    Error::Unreachable(format!("{registry} does not answer (nothing within {patience})."))
}

/// It says something that no registry says.
pub(super) fn nonsense(registry: &str, what: &str) -> Error {
    Error::Refused(format!("{registry} does not behave as a registry: it answers with {what}."))
}

/// It wants other credentials, or some.
pub(super) fn refused(session: &Session<'_>) -> Error {
    let (registry, path) = (&session.place.registry, &session.place.path);
    Error::NoSuchImage(match session.credentials {
        Some(credentials) => {
            format!("{registry} refuses: wrong credentials, or {} may not pull {path}.", credentials.username)
        }
        None => format!("{registry} shows {path} to nobody without credentials. It is private, or it does not exist."),
    })
}

/// A status that is no success.
pub(super) fn status(session: &Session<'_>, status: StatusCode) -> Error {
    let (registry, path) = (&session.place.registry, &session.place.path);
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => refused(session),
        StatusCode::NOT_FOUND => Error::NoSuchImage(format!("{registry} has no image {path}.")),
        StatusCode::TOO_MANY_REQUESTS => {
            Error::Unreachable(format!("{registry} has answered often enough for now (429); try again later."))
        }
        status if status.is_server_error() => Error::Unreachable(format!("{registry} is not well ({status}).")),
        status => nonsense(registry, &status.to_string()),
    }
}

/// The repository is there, the tag is not. `tags` are those that are, newest first.
pub(crate) fn no_such_tag(tag: &Tag, path: &str, place: &str, tags: &[TagView]) -> Error {
    let newest: Vec<_> = tags.iter().take(3).map(|view| view.tag.as_str()).collect();
    let hint = match newest.as_slice() {
        [] => "it has no tags at all".to_owned(),
        [only] => format!("the only one is {only}"),
        several => format!("the newest are {}", several.join(", ")),
    };
    Error::NoSuchImage(format!("There is no tag {tag} of {path} {place}; {hint}."))
}
