//! The way to the server.

use crate::command::To;
use crate::failure::{Failure, Result};
use crate::output::{error_line, plain};
use api::Problem;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_mins(1);

/// A server, and the token for it.
pub struct Connection {
    http: reqwest::Client,
    base: Url,
}

impl Connection {
    /// To the server and with the token that the command line, the environment or a file name.
    pub fn to(to: &To) -> Result<Self> {
        let server = to.server.as_deref().ok_or_else(|| {
            Failure::Invalid("Name the server: --server https://paas.example.com, or SLIPWAY_URL.".to_owned())
        })?;
        let unreadable = || Failure::Invalid(format!("“{}” is no address of a server.", plain(server)));
        let base = Url::parse(server).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let base = base.ok_or_else(unreadable)?;
        warn_of_plain_http(&base);
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, authorization(&token(to)?)?);
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent(concat!("slipway/", env!("CARGO_PKG_VERSION")))
            // A redirect would carry the token elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .build()
            .map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(Self { http, base })
    }

    /// A request to an address below `/api/v1`, by its parts.
    pub fn request(&self, method: Method, parts: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(parts);
        }
        self.http.request(method, url)
    }

    /// Asks, and reads the answer.
    pub async fn get<T: DeserializeOwned>(&self, parts: &[&str]) -> Result<T> {
        self.send(self.request(Method::GET, parts)).await
    }

    /// Sends a request, and reads the answer.
    pub async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        let response = self.respond(request.timeout(ANSWER)).await?;
        let body = response.bytes().await.map_err(|error| unreachable(&error))?;
        serde_json::from_slice(&body).map_err(|_| strange())
    }

    /// Sends a request whose answer has nothing to read.
    pub async fn order(&self, request: RequestBuilder) -> Result<()> {
        self.respond(request.timeout(ANSWER)).await.map(|_empty| ())
    }

    /// Sends a request; a refusal is a failure.
    pub async fn respond(&self, request: RequestBuilder) -> Result<Response> {
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let body = response.bytes().await.map_err(|error| unreachable(&error))?;
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => Err(Failure::Refused(problem)),
            Err(_) if status.is_server_error() => Err(Failure::Unreachable(format!("The server answered {status}."))),
            Err(_) => Err(strange()),
        }
    }
}

fn token(to: &To) -> Result<String> {
    if let Some(token) = &to.token {
        return Ok(token.trim().to_owned());
    }
    let Some(path) = &to.token_file else {
        let sentence = "There is no token: set SLIPWAY_TOKEN, or name a file with --token-file.";
        return Err(Failure::Invalid(sentence.to_owned()));
    };
    let read = std::fs::read_to_string(path);
    let read = read.map_err(|why| Failure::Invalid(format!("{} cannot be read: {why}.", path.display())))?;
    Ok(read.trim().to_owned())
}

fn authorization(token: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| Failure::Invalid("The token has characters that no token has.".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

fn warn_of_plain_http(base: &Url) {
    let host = base.host_str().unwrap_or_default();
    let is_here = host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
    if base.scheme() == "http" && !is_here {
        error_line("Warning: the token goes over plain HTTP, where others on the way can read it.");
    }
}

fn unreachable(error: &reqwest::Error) -> Failure {
    let mut source = std::error::Error::source(error);
    let mut cause = String::new();
    while let Some(inner) = source {
        cause = format!(": {inner}");
        source = inner.source();
    }
    let what = if error.is_timeout() { "The server did not answer in time" } else { "The server cannot be reached" };
    Failure::Unreachable(format!("{what}{cause}."))
}

fn strange() -> Failure {
    let sentence =
        "The server answered something that this client does not understand: is it Slipway, and of the same version?";
    Failure::Unreachable(sentence.to_owned())
}
