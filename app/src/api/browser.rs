//! The browser's side of asking.

use super::{Answer, ApiError, Result, question::Question, session::Session};
use js_sys::{JsString, Promise};
use leptos::{prelude::window, server_fn::redirect::REDIRECT_HEADER};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams};

/// Sends a question and brings its answer.
pub fn ask<S: Question>(question: String) -> Answer {
    send(S::PATH, question)
}

fn send(path: &'static str, question: String) -> Answer {
    Box::pin(SendWrapper::new(async move {
        let response = post(path, "application/json", &question).await?;
        text(response).await
    }))
}

/// Sends a form as the browser itself would, and returns where the server sends the person next.
pub async fn send_form(form: &HtmlFormElement) -> Result<Option<String>> {
    let typed = FormData::new_with_form(form).and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data));
    let typed = typed.map_err(|_| ApiError::Unreached)?;
    let response = post(&form.action(), "application/x-www-form-urlencoded", &String::from(typed.to_string())).await?;
    let headers = response.headers();
    let next = headers.has(REDIRECT_HEADER).unwrap_or(false).then(|| headers.get("location").ok().flatten()).flatten();
    text(response).await?;
    Ok(next)
}

async fn post(path: &str, kind: &str, body: &str) -> Result<Response> {
    let sent = || -> std::result::Result<Promise, JsValue> {
        let headers = Headers::new()?;
        headers.set("content-type", kind)?;
        headers.set("accept", "application/json")?;
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_headers(&headers);
        request.set_body(&JsString::from(body));
        Ok(window().fetch_with_str_and_init(path, &request))
    };
    let answer = JsFuture::from(sent().map_err(|_| ApiError::Unreached)?).await;
    answer.ok().and_then(|answer| answer.dyn_into().ok()).ok_or(ApiError::Unreached)
}

/// What the server says; a refusal is an error.
async fn text(response: Response) -> Result<String> {
    let promise = response.text().map_err(|_| ApiError::Unreached)?;
    let text = JsFuture::from(promise).await.ok().and_then(|text| text.as_string()).ok_or(ApiError::Unreached)?;
    if response.ok() { Ok(text) } else { Err(serde_json::from_str(&text).unwrap_or(ApiError::Unreached)) }
}

/// Only asked for when the server's page carried nothing.
pub fn session() -> Session {
    Session::unknown()
}

/// The server read the address and handed over what it found.
pub fn refused_before(_path: &str) -> Option<ApiError> {
    None
}

/// The status of a page was the server's to set.
pub fn set_not_found() {}

/// As above.
pub fn set_forbidden() {}

/// Here the text of a field is no markup.
pub fn area_text(text: &str) -> String {
    text.to_owned()
}
