use bytes::Bytes;
use domain::routing::{Generation, IngressStatus, ProbeReport, ProbeRequest, RouteTable};
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::UnixStream;

/// What an ingress refused or did not answer, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ControlError(String);

/// Talks to an ingress over its control socket.
#[derive(Debug, Clone)]
pub struct ControlClient {
    socket: PathBuf,
}

impl ControlClient {
    /// How long an ingress may take to answer what it can answer at once.
    const PATIENCE: Duration = Duration::from_secs(10);

    /// For the ingress that listens at this path. Nothing is connected yet.
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Self { socket: socket.into() }
    }

    /// Puts a table in force, and returns once it is. Answers with the generation in force: the one sent, or the newer one
    /// that the ingress already had, in which case nothing has changed.
    ///
    /// # Errors
    ///
    /// When the ingress does not answer.
    pub async fn put_table(&self, table: &RouteTable) -> Result<Generation, ControlError> {
        self.ask(Method::PUT, "/table", Some(table), Self::PATIENCE).await
    }

    /// Has an endpoint probed from where the ingress is. One that turns out to be ready may get traffic from now on.
    ///
    /// # Errors
    ///
    /// When the ingress does not answer. That the endpoint does not is in the report.
    pub async fn probe(&self, request: &ProbeRequest) -> Result<ProbeReport, ControlError> {
        let patience = Duration::from_millis(request.patience_millis) + Self::PATIENCE;
        self.ask(Method::POST, "/probe", Some(request), patience).await
    }

    /// What the ingress says of itself.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub async fn status(&self) -> Result<IngressStatus, ControlError> {
        self.ask(Method::GET, "/status", None::<&()>, Self::PATIENCE).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        question: Option<&impl Serialize>,
        patience: Duration,
    ) -> Result<T, ControlError> {
        let text = question.map(serde_json::to_vec).transpose().map_err(|error| self.failed(&error))?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "ingress")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(text.unwrap_or_default())))
            .map_err(|error| self.failed(&error))?;
        match tokio::time::timeout(patience, self.exchange(request)).await {
            Ok(Ok((StatusCode::OK | StatusCode::CONFLICT, answer))) => {
                serde_json::from_slice(&answer).map_err(|error| self.failed(&error))
            }
            Ok(Ok((status, answer))) => Err(ControlError(format!(
                "The ingress at {} refused {path} with {status}: {}.",
                self.socket.display(),
                String::from_utf8_lossy(&answer)
            ))),
            Ok(Err(error)) => Err(self.failed(&error)),
            Err(_) => Err(self.failed(&format!("no answer within {} s", patience.as_secs()))),
        }
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), Box<dyn std::error::Error + Send + Sync>> {
        let stream = UnixStream::connect(&self.socket).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let answer = async move {
            let answer = sender.send_request(request).await?;
            let status = answer.status();
            Ok((status, answer.into_body().collect().await?.to_bytes()))
        };
        // The connection ends when the sender is dropped, which is when the answer is complete.
        futures::future::join(answer, connection).await.0
    }

    fn failed(&self, why: &impl ToString) -> ControlError {
        ControlError(format!("The ingress at {} does not answer: {}.", self.socket.display(), why.to_string()))
    }
}
