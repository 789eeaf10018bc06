use super::{DEADLINE, aside};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio_util::task::AbortOnDropHandle;

/// One kept connection to an ingress.
pub struct Visitor {
    sender: SendRequest<Full<Bytes>>,
    _connection: AbortOnDropHandle<hyper::Result<()>>,
}

/// What a visitor got, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
}

impl Visitor {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP");
        Self { sender, _connection: aside(connection) }
    }

    /// Sends on the kept connection; an error when it is gone.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Response<Incoming>> {
        self.sender.ready().await?;
        self.sender.send_request(request).await
    }

    pub async fn ask(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Answer> {
        let answer = self.send(request).await?;
        let (head, body) = answer.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body: body.collect().await?.to_bytes() })
    }

    pub async fn get(&mut self, host: &str, path: &str) -> Answer {
        self.request(Method::GET, host, path, "").await
    }

    pub async fn request(&mut self, method: Method, host: &str, path: &str, body: impl Into<Bytes>) -> Answer {
        let answer = self.ask(visit(method, host, path, &[], body));
        tokio::time::timeout(DEADLINE, answer).await.expect("in time").expect("an answer on a kept connection")
    }
}

/// A request to a host.
pub fn visit(
    method: Method,
    host: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(method).uri(path).header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::new(body.into())).expect("a request")
}
