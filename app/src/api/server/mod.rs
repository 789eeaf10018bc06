//! The server's side of asking.

mod door;

use super::{Answer, ApiError, Result, question::Question, session::Session};
pub use door::Door;
use leptos::{prelude::use_context, server::ServerActionError, server_fn::error::ServerFnUrlError};
use leptos_axum::ResponseOptions;

/// Runs the function itself.
pub fn ask<S: Question>(question: String) -> Answer {
    Box::pin(async move {
        let question: S = serde_json::from_str(&question).map_err(|_| ApiError::Unreached)?;
        let answer = question.run_body().await?;
        domain::compact::write(&answer).map_err(|_| ApiError::Unreached)
    })
}

/// Forms are sent by browsers.
pub async fn send_form(_form: &web_sys::HtmlFormElement) -> Result<Option<String>> {
    Err(ApiError::Unreached)
}

/// What the request says.
pub fn session() -> Session {
    let person = use_context::<Option<domain::Actor>>().flatten().map(|actor| actor.person);
    match use_context::<platform::Platform>() {
        Some(platform) => Session { info: platform.info(), person },
        None => Session::unknown(),
    }
}

/// Why a form for this function was refused that a browser without scripts has sent: it stands in the address.
pub fn refused_before(path: &str) -> Option<ApiError> {
    let before = use_context::<ServerActionError>().filter(|refused| refused.path() == path)?;
    Some(ServerFnUrlError::<ApiError>::decode_err(before.err()))
}

/// Answers that nothing is at this address.
pub fn set_not_found() {
    set_status(axum::http::StatusCode::NOT_FOUND);
}

/// Answers that this is not for the one who asks.
pub fn set_forbidden() {
    set_status(axum::http::StatusCode::FORBIDDEN);
}

fn set_status(status: axum::http::StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// What has to be written between the tags of a `textarea` for it to hold this text: Leptos writes its content as it is, and
/// browsers pass over a first new line. Where there is no text, Leptos writes a blank, which it needs to find the place again.
pub fn area_text(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

#[cfg(test)]
mod tests {
    /// A variable's value ended the field, and the rest of it was part of the page.
    #[test]
    fn the_text_of_a_field_stays_in_the_field_regression() {
        let text = super::area_text("\nA='</textarea><script>alert(1)</script>&lt;'");
        assert_eq!(text, "\n\nA='&lt;/textarea>&lt;script>alert(1)&lt;/script>&amp;lt;'");
    }
}
