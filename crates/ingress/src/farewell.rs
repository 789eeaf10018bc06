//! Connections for requests that may become streams. To the proxy the end of such a stream looks as if the app had ended it:
//! a WebSocket's close frame, or the last chunk of an event stream (I5).

use crate::endpoint::{Endpoint, streams_end};
use crate::frames::Script;
use crate::gate::Stay;
use async_trait::async_trait;
use pingora::connectors::L4Connect;
use pingora::protocols::l4::ext::set_tcp_keepalive;
use pingora::protocols::l4::socket::SocketAddr;
use pingora::protocols::l4::stream::Stream;
use pingora::protocols::l4::virt::{VirtualSockOpt, VirtualSocket, VirtualSocketStream};
use pingora::{Error, ErrorType, OrErr};
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;
use tokio_util::either::Either;

/// Where such a request goes.
#[derive(Debug)]
pub enum Target {
    /// Streams end when the endpoint's do, or when their visitor may not be there any more.
    Endpoint(Arc<Endpoint>, Box<Stay>),
    /// Streams end when the console ends them.
    Console(PathBuf),
}

/// Connects to it.
#[derive(Debug)]
pub struct PoliteConnect {
    pub target: Target,
    pub within: Duration,
    /// Whether the request asks for another protocol, as WebSockets do.
    pub upgrade: bool,
}

#[async_trait]
impl L4Connect for PoliteConnect {
    async fn connect(&self, _: &SocketAddr) -> pingora::Result<Stream> {
        let connected = timeout(self.within, self.target.connect()).await;
        let stream = connected.or_err(ErrorType::ConnectTimedout, "connecting for a stream")?.map_err(|error| {
            let kind = match error.kind() {
                ErrorKind::ConnectionRefused => ErrorType::ConnectRefused,
                _ => ErrorType::ConnectError,
            };
            Error::because(kind, "connecting for a stream", error)
        })?;
        let socket = PoliteSocket {
            stream,
            due: Some(self.target.streams_end()),
            script: Script::new(),
            farewell: None,
            flushes_awaited: if self.upgrade { FLUSHES_OF_A_REQUEST } else { 0 },
            reader: None,
        };
        Ok(VirtualSocketStream::new(Box::new(socket)).into())
    }
}

impl Target {
    async fn connect(&self) -> io::Result<Either<TcpStream, UnixStream>> {
        match self {
            Self::Endpoint(endpoint, _) => TcpStream::connect(endpoint.address).await.map(Either::Left),
            Self::Console(path) => UnixStream::connect(path).await.map(Either::Right),
        }
    }

    fn streams_end(&self) -> Due {
        match self {
            Self::Endpoint(endpoint, stay) => {
                let (endpoint, stay) = (endpoint.clone(), Stay::clone(stay));
                Box::pin(async move {
                    tokio::select! { () = streams_end(endpoint) => {}, () = stay.ends() => {} }
                })
            }
            Self::Console(_) => Box::pin(std::future::pending()),
        }
    }
}

type Due = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

/// pingora (0.9.1, its issue 946) takes the end of an upgrade request's empty body for the end of the WebSocket, when the
/// app's answer comes first. So nothing is read before both the head and the end of the body were flushed.
const FLUSHES_OF_A_REQUEST: u8 = 2;

struct PoliteSocket {
    stream: Either<TcpStream, UnixStream>,
    /// When streams have to end; `None` from then on.
    due: Option<Due>,
    script: Script,
    /// What is left to say before the end, once it has come.
    farewell: Option<Vec<u8>>,
    /// How often the request has to be flushed before its answer may be read.
    flushes_awaited: u8,
    /// Who waits for that.
    reader: Option<Waker>,
}

impl fmt::Debug for PoliteSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoliteSocket").field("script", &self.script).finish_non_exhaustive()
    }
}

impl VirtualSocket for PoliteSocket {
    fn set_socket_option(&self, option: VirtualSockOpt) -> io::Result<()> {
        let Either::Left(stream) = &self.stream else { return Ok(()) };
        match option {
            VirtualSockOpt::NoDelay => stream.set_nodelay(true),
            VirtualSockOpt::KeepAlive(keepalive) => {
                set_tcp_keepalive(stream, &keepalive).map_err(|error| io::Error::other(error.to_string()))
            }
            _ => Ok(()),
        }
    }
}

impl AsyncRead for PoliteSocket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.flushes_awaited > 0 {
            this.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        if this.due.as_mut().is_some_and(|due| due.as_mut().poll(cx).is_ready()) {
            this.due = None;
        }
        let ends = this.due.is_none();
        if ends && this.farewell.is_none() {
            this.farewell = this.script.farewell();
        }
        if let Some(farewell) = &mut this.farewell {
            let said = farewell.len().min(buf.remaining());
            buf.put_slice(&farewell[..said]);
            farewell.drain(..said);
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        let followed = this.script.follow(&buf.filled()[before..], ends);
        buf.set_filled(before + followed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for PoliteSocket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        this.flushes_awaited = this.flushes_awaited.saturating_sub(1);
        if this.flushes_awaited == 0 {
            this.reader.take().into_iter().for_each(Waker::wake);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
