use crate::config::Config;
use crate::control::{self, Control};
use crate::proxy::Front;
use crate::registry::Registry;
use crate::{saved, tls};
use domain::routing::RouteTable;
use pingora::apps::{HttpServerApp, ServerApp};
use pingora::listeners::tls::Acceptor;
use pingora::protocols::http::v2::server::H2Options;
use pingora::protocols::l4::stream::Stream;
use pingora::protocols::{GetSocketDigest, SocketDigest};
use pingora::proxy::{HttpProxy, http_proxy};
use pingora::server::configuration::ServerConf;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UnixListener};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// Why an ingress could not start, in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("The ingress cannot start: {what}: {cause}.")]
pub struct StartError {
    what: String,
    cause: io::Error,
}

/// How an ingress is asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// Not at all.
    No,
    /// After what is under way.
    Gently,
    /// Now.
    AtOnce,
}

/// An ingress in this process, on threads of its own. Dropping it stops it at once.
#[derive(Debug)]
pub struct Running {
    /// Where visitors connect.
    pub address: SocketAddr,
    /// Where they connect for HTTPS.
    pub https_address: Option<SocketAddr>,
    stop: watch::Sender<Stop>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Takes no new connection, finishes the requests under way within [`crate::Limits::stop_within`], and returns when
    /// all is done. Blocks: call it from a thread that may wait.
    pub fn stop(mut self) {
        self.end(Stop::Gently);
    }

    fn end(&mut self, how: Stop) {
        self.stop.send_replace(how);
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end(Stop::AtOnce);
    }
}

/// Starts an ingress in this process; several may run side by side, each with a folder of its own. Returns once visitors
/// can connect.
///
/// # Errors
///
/// When the address or the folder cannot be used.
pub fn start(config: Config) -> Result<Running, StartError> {
    let (stop, stopped) = watch::channel(Stop::No);
    let (ready, is_ready) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().name("ingress".to_owned()).spawn(move || {
        let started = runtime(&config).and_then(|runtime| Ok((runtime.block_on(Ingress::open(config))?, runtime)));
        match started {
            Ok((ingress, runtime)) => {
                _ = ready.send(Ok((ingress.address, ingress.encrypted.as_ref().map(|door| door.address))));
                runtime.block_on(ingress.serve(stopped));
                runtime.shutdown_timeout(Duration::from_secs(1));
            }
            Err(error) => _ = ready.send(Err(error)),
        }
    });
    let thread = thread.map_err(because("no thread"))?;
    let (address, https_address) =
        is_ready.recv().unwrap_or_else(|_| Err(because("its thread")(io::Error::other("it broke off"))))?;
    Ok(Running { address, https_address, stop, thread: Some(thread) })
}

/// Runs an ingress until the process is asked to end (SIGTERM or SIGINT), then finishes the requests under way.
///
/// # Errors
///
/// When it cannot start.
pub fn run(config: Config) -> Result<(), StartError> {
    // Two descriptors for each request under way soon pass the usual bound.
    _ = rlimit::increase_nofile_limit(u64::MAX);
    let runtime = runtime(&config)?;
    runtime.block_on(async {
        let [mut term, mut int] = [
            signal(SignalKind::terminate()).map_err(because("signals"))?,
            signal(SignalKind::interrupt()).map_err(because("signals"))?,
        ];
        let (stop, stopped) = watch::channel(Stop::No);
        let ingress = Ingress::open(config).await?;
        tracing::info!(address = %ingress.address, "the ingress serves");
        let serving = ingress.serve(stopped);
        let asked = async {
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            stop.send_replace(Stop::Gently);
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            stop.send_replace(Stop::AtOnce);
            std::future::pending().await
        };
        tokio::select! { () = serving => Ok(()), never = asked => never }
    })?;
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(())
}

fn runtime(config: &Config) -> Result<Runtime, StartError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(config.limits.threads.max(1))
        .max_blocking_threads(2)
        .thread_name("ingress")
        .enable_all()
        .build()
        .map_err(because("no threads"))
}

type Proxy = Arc<HttpProxy<Front>>;

/// An ingress whose sockets are open.
struct Ingress {
    address: SocketAddr,
    visitors: TcpListener,
    encrypted: Option<Encrypted>,
    server: UnixListener,
    control: Arc<Control>,
    registry: Arc<Registry>,
    proxy: Proxy,
    tasks: TaskTracker,
    stop_within: Duration,
}

/// The door for HTTPS.
struct Encrypted {
    address: SocketAddr,
    visitors: TcpListener,
    acceptor: Arc<Acceptor>,
    within: Duration,
}

impl Encrypted {
    async fn open(listen: SocketAddr, within: Duration, registry: Arc<Registry>) -> Result<Self, StartError> {
        let visitors = TcpListener::bind(listen).await.map_err(because(listen))?;
        let address = visitors.local_addr().map_err(because(listen))?;
        Ok(Self { address, visitors, acceptor: Arc::new(tls::acceptor(registry).map_err(because("HTTPS"))?), within })
    }
}

impl Ingress {
    async fn open(config: Config) -> Result<Self, StartError> {
        let socket = config.control_socket();
        let server = control::bind(&socket).map_err(because(socket.display()))?;
        let table = config.table_file();
        let visitors = TcpListener::bind(config.listen).await.map_err(because(config.listen))?;
        let address = visitors.local_addr().map_err(because(config.listen))?;
        let tasks = TaskTracker::new();
        let registry = Arc::new(Registry::new(config.limits.clone(), tasks.clone()));
        registry.replace(last(&table));
        let encrypted = match config.listen_https {
            Some(listen) => Some(Encrypted::open(listen, config.limits.handshake_within, registry.clone()).await?),
            None => None,
        };
        let stop_within = config.limits.stop_within;
        let control = Arc::new(Control::new(registry.clone(), table));
        let mut proxy = http_proxy(&Arc::new(conf(&config)), Front { registry: registry.clone(), config });
        proxy.h2_options = Some(h2_options());
        let proxy = Arc::new(proxy);
        Ok(Self { address, visitors, encrypted, server, control, registry, proxy, tasks, stop_within })
    }

    async fn serve(self, mut stopped: watch::Receiver<Stop>) {
        let connections = TaskTracker::new();
        let (closing, is_closing) = watch::channel(false);
        let control = axum::serve(self.server, control::router(self.control)).into_future();
        let control = self.tasks.spawn(control);
        tokio::select! {
            () = accept(&self.visitors, |stream| plain(stream, &self.proxy, &connections, &is_closing)) => {}
            () = accept_encrypted(self.encrypted.as_ref(), &self.proxy, &connections, &is_closing) => {}
            _ = stopped.wait_for(|stop| *stop != Stop::No) => {}
        }
        drop((self.visitors, self.encrypted));
        closing.send_replace(true);
        // Ends connections on which no request is under way.
        self.proxy.http_cleanup().await;
        self.registry.end_streams();
        connections.close();
        tokio::select! {
            _ = timeout(self.stop_within, connections.wait()) => {}
            _ = stopped.wait_for(|stop| *stop == Stop::AtOnce) => {}
        }
        control.abort();
    }
}

/// The last table. One that cannot be read must not keep the ingress from serving the next.
fn last(table: &Path) -> RouteTable {
    saved::load(table).unwrap_or_else(|error| {
        tracing::error!(%error, file = %table.display(), "the last route table cannot be read; waiting for the server's");
        RouteTable::default()
    })
}

async fn accept(visitors: &TcpListener, serve: impl Fn(Stream)) {
    loop {
        match visitors.accept().await {
            Ok((stream, from)) => serve(prepared(stream, from)),
            Err(error) => {
                tracing::warn!(%error, "a visitor could not be let in");
                // Out of descriptors, most likely: others have to leave first.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn plain(stream: Stream, proxy: &Proxy, connections: &TaskTracker, closing: &watch::Receiver<bool>) {
    let (proxy, closing) = (proxy.clone(), closing.clone());
    connections.spawn(async move { proxy.process_new(Box::new(stream), &closing).await });
}

/// Without a door for HTTPS nobody comes by it.
async fn accept_encrypted(
    door: Option<&Encrypted>,
    proxy: &Proxy,
    connections: &TaskTracker,
    closing: &watch::Receiver<bool>,
) {
    let Some(Encrypted { visitors, acceptor, within, .. }) = door else { return std::future::pending().await };
    let within = *within;
    accept(visitors, |stream| {
        let (acceptor, proxy, closing) = (acceptor.clone(), proxy.clone(), closing.clone());
        connections.spawn(async move {
            // Who asks for an unknown name, or says nothing, is left: there is nothing to answer in.
            let Ok(Ok(stream)) = timeout(within, acceptor.tls_handshake(stream)).await else { return None };
            proxy.process_new(Box::new(stream), &closing).await
        });
    })
    .await;
}

/// Bounds for what one visitor may begin at a time.
fn h2_options() -> H2Options {
    let mut options = H2Options::new();
    options.max_concurrent_streams(100).max_header_list_size(64 * 1024);
    options
}

fn prepared(stream: TcpStream, from: SocketAddr) -> Stream {
    _ = stream.set_nodelay(true);
    let digest = SocketDigest::from_raw_fd(stream.as_raw_fd());
    _ = digest.peer_addr.set(Some(from.into()));
    let mut stream = Stream::from(stream);
    stream.set_socket_digest(digest);
    stream
}

fn conf(config: &Config) -> ServerConf {
    ServerConf {
        threads: config.limits.threads,
        // Apps are spoken to in plain text on private networks. An empty list of authorities saves reading the machine's.
        ca_file: Some("/dev/null".to_owned()),
        ..ServerConf::default()
    }
}

fn because(what: impl ToString) -> impl FnOnce(io::Error) -> StartError {
    move |cause| StartError { what: what.to_string(), cause }
}
