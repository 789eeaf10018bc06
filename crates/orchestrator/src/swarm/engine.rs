//! The way to the engine: bollard, and a second small client for the two answers that bollard's types would cut short.

use crate::{Error, Result};
use bollard::errors::Error as EngineError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the engine may take for one answer. Nothing that we ask for involves a registry.
const PATIENCE: Duration = Duration::from_secs(20);

/// One engine, reached through its socket.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    docker: bollard::Docker,
    plain: reqwest::Client,
    socket: PathBuf,
}

impl Engine {
    /// Finds out which version of the API both sides speak.
    pub(super) async fn connect(socket: &Path) -> Result<Self> {
        let unreachable = |cause: &dyn std::fmt::Display| Error::Unreachable(does_not_answer(socket, cause));
        let path = socket.to_str().ok_or_else(|| unreachable(&"its path is no text"))?;
        let docker = bollard::Docker::connect_with_unix(path, PATIENCE.as_secs(), bollard::API_DEFAULT_VERSION)
            .map_err(|error| unreachable(&error))?
            .with_request_modifier(with_url_safe_credentials)
            .negotiate_version()
            .await
            .map_err(|error| unreachable(&root_cause(&error)))?;
        let plain = reqwest::Client::builder()
            .unix_socket(socket)
            .timeout(PATIENCE)
            .build()
            .map_err(|error| unreachable(&root_cause(&error)))?;
        Ok(Self { docker, plain, socket: socket.to_owned() })
    }

    /// The typed client.
    pub(super) fn docker(&self) -> &bollard::Docker {
        &self.docker
    }

    /// Says what an error of the typed client means.
    pub(super) fn explain(&self, error: EngineError) -> Error {
        match error {
            EngineError::DockerResponseServerError { status_code, message } => refusal(status_code, &message),
            error @ EngineError::JsonDataError { .. } => {
                Error::Refused(format!("The Docker engine answered something that cannot be read: {error}."))
            }
            error => Error::Unreachable(does_not_answer(&self.socket, &root_cause(&error))),
        }
    }

    /// Reads what bollard's types leave out, such as the addresses of a task.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, filters: &impl Serialize) -> Result<T> {
        let filters = serde_json::to_string(filters).unwrap_or_default();
        let request = self.plain.get(self.url(path)).query(&[("filters", filters)]);
        let answer = self.send(request).await?;
        answer.json().await.map_err(|error| {
            Error::Refused(format!("The Docker engine answered something that cannot be read: {}.", root_cause(&error)))
        })
    }

    /// Sends back what [`Engine::get`] read, changed.
    pub(super) async fn post(&self, path: &str, query: &impl Serialize, body: &impl Serialize) -> Result<()> {
        self.send(self.plain.post(self.url(path)).query(query).json(body)).await.map(drop)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response> {
        let answer = request
            .send()
            .await
            .map_err(|error| Error::Unreachable(does_not_answer(&self.socket, &root_cause(&error))))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let text = answer.text().await.unwrap_or_default();
        let message = serde_json::from_str::<serde_json::Value>(&text).ok();
        let message = message.as_ref().and_then(|body| body.get("message")?.as_str()).unwrap_or(&text);
        Err(refusal(status.as_u16(), message))
    }

    fn url(&self, path: &str) -> String {
        let version = self.docker.client_version();
        format!("http://engine/v{}.{}{path}", version.major_version, version.minor_version)
    }
}

/// Engines read the header as URL-safe base64; bollard writes the other alphabet, and a password whose encoding has a `+` or
/// `/` would be dropped without a word.
fn with_url_safe_credentials(mut request: bollard::BollardRequest) -> bollard::BollardRequest {
    if let Some(header) = request.headers_mut().get_mut("X-Registry-Auth") {
        let safe = header.to_str().map(|text| text.replace('+', "-").replace('/', "_"));
        if let Some(Ok(mut value)) = safe.ok().map(|text| http::HeaderValue::from_str(&text)) {
            value.set_sensitive(true);
            *header = value;
        }
    }
    request
}

fn does_not_answer(socket: &Path, cause: &dyn std::fmt::Display) -> String {
    format!("The Docker engine at {} does not answer ({cause}).", socket.display())
}

/// Words of the engine by which it says that it cannot answer now, whatever the status.
const PASSING: [&str; 5] =
    ["does not have a leader", "deadline exceeded", "code = Unavailable", "context canceled", "connection error"];

/// An answer that is none: one that may be different soon, or one that will stay.
fn refusal(status: u16, message: &str) -> Error {
    let words = in_plain_words(message);
    if status == 503 || PASSING.iter().any(|passing| message.contains(passing)) {
        return Error::Unreachable(format!("The swarm cannot answer now: {words}."));
    }
    Error::Refused(format!("Docker refuses: {words}."))
}

/// An error of the engine without the wrapping that gRPC puts around it, and without a full stop.
pub(super) fn in_plain_words(message: &str) -> &str {
    let message = message.split_once(" desc = ").map_or(message, |(_, words)| words);
    message.trim().trim_end_matches('.')
}

/// The innermost reason, which is the one that people understand: “Connection refused”.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let text = innermost.to_string();
    text.split_once(" (os error").map_or(text.clone(), |(words, _)| words.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_from_a_swarm_that_cannot_answer_now() {
        let unplaced = refusal(500, "rpc error: code = Unknown desc = The swarm does not have a leader.");
        assert!(matches!(unplaced, Error::Unreachable(_)));
        let refused = refusal(400, "rpc error: code = InvalidArgument desc = invalid reservation.");
        assert_eq!(refused.to_string(), "Docker refuses: invalid reservation.");
        assert!(matches!(refused, Error::Refused(_)));
    }

    #[test]
    fn credentials_go_out_in_the_alphabet_that_engines_read() {
        let mut request = bollard::BollardRequest::new(bollard::body_full(bytes::Bytes::new()));
        request.headers_mut().insert("X-Registry-Auth", http::HeaderValue::from_static("a+b/c="));
        let request = with_url_safe_credentials(request);
        assert_eq!(request.headers()["X-Registry-Auth"], "a-b_c=");
        assert!(request.headers()["X-Registry-Auth"].is_sensitive());
    }

    #[tokio::test]
    async fn an_engine_that_is_not_there_is_named() {
        let error = Engine::connect(Path::new("/nowhere/docker.sock")).await.expect_err("nothing is there");
        assert!(matches!(&error, Error::Unreachable(sentence) if sentence.contains("/nowhere/docker.sock")), "{error}");
    }
}
