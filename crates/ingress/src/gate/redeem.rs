//! Asks the server about a code. That goes through a socket of its own: what visitors send never gets there.

use bytes::Bytes;
use domain::gate::{Admission, CodeShown};
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::path::Path;
use std::time::Duration;
use tokio::net::UnixStream;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(10);

type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// What a code stands for; nothing when it is not good.
///
/// # Errors
///
/// When the server does not answer.
pub async fn redeem(socket: &Path, shown: &CodeShown) -> Result<Option<Admission>, Trouble> {
    tokio::time::timeout(PATIENCE, ask(socket, shown)).await?
}

async fn ask(socket: &Path, shown: &CodeShown) -> Result<Option<Admission>, Trouble> {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/redeem")
        .header(header::HOST, "server")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(serde_json::to_vec(shown)?)))?;
    let stream = UnixStream::connect(socket).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let answer = async move {
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        Ok::<_, Trouble>((status, answer.into_body().collect().await?.to_bytes()))
    };
    match futures::future::join(answer, connection).await.0? {
        (StatusCode::OK, admission) => Ok(Some(serde_json::from_slice(&admission)?)),
        (StatusCode::NOT_FOUND, _) => Ok(None),
        (status, _) => Err(format!("the server answered {status}").into()),
    }
}
