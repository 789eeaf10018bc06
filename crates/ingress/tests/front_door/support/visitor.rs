use super::{DEADLINE, aside};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::task::AbortOnDropHandle;

/// One kept connection to an ingress.
pub struct Visitor {
    sender: Sender,
    _connection: AbortOnDropHandle<hyper::Result<()>>,
}

enum Sender {
    One(http1::SendRequest<Full<Bytes>>),
    Two(http2::SendRequest<Full<Bytes>>),
}

/// Agrees on HTTPS, as a browser that trusts these certificates alone and speaks this protocol.
pub async fn encrypt(
    address: SocketAddr,
    name: &str,
    trusted: &RootCertStore,
    protocol: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("versions");
    let mut config = config.with_root_certificates(trusted.clone()).with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, TcpStream::connect(address).await?).await
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
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
        Self { sender: Sender::One(sender), _connection: aside(connection) }
    }

    /// Over HTTPS, by HTTP/1.1 or `h2`.
    pub async fn connect_encrypted(address: SocketAddr, name: &str, trusted: &RootCertStore, protocol: &str) -> Self {
        let stream = encrypt(address, name, trusted, protocol).await.expect("a certificate to trust");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol.as_bytes()));
        if protocol == "h2" {
            let (sender, connection) =
                http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
            return Self { sender: Sender::Two(sender), _connection: aside(connection) };
        }
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
        Self { sender: Sender::One(sender), _connection: aside(connection) }
    }

    /// Sends on the kept connection; an error when it is gone.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Response<Incoming>> {
        match &mut self.sender {
            Sender::One(sender) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
            Sender::Two(sender) => {
                sender.ready().await?;
                sender.send_request(in_target(request)).await
            }
        }
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

/// With its host where HTTP/2 has it.
fn in_target(mut request: Request<Full<Bytes>>) -> Request<Full<Bytes>> {
    if let Some(host) = request.headers_mut().remove("host") {
        let (host, path) = (host.to_str().expect("text"), request.uri().to_string());
        *request.uri_mut() = format!("https://{host}{path}").parse().expect("an address");
    }
    request
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
