use crate::config::Config;
use crate::control::{self, Control};
use crate::proxy::Front;
use crate::registry::Registry;
use crate::saved;
use domain::routing::RouteTable;
use pingora::apps::{HttpServerApp, ServerApp};
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
                _ = ready.send(Ok(ingress.address));
                runtime.block_on(ingress.serve(stopped));
                runtime.shutdown_timeout(Duration::from_secs(1));
            }
            Err(error) => _ = ready.send(Err(error)),
        }
    });
    let thread = thread.map_err(because("no thread"))?;
    let address = is_ready.recv().unwrap_or_else(|_| Err(because("its thread")(io::Error::other("it broke off"))))?;
    Ok(Running { address, stop, thread: Some(thread) })
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

/// An ingress whose sockets are open.
struct Ingress {
    address: SocketAddr,
    visitors: TcpListener,
    server: UnixListener,
    control: Arc<Control>,
    registry: Arc<Registry>,
    proxy: Arc<HttpProxy<Front>>,
    tasks: TaskTracker,
    stop_within: Duration,
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
        let stop_within = config.limits.stop_within;
        let control = Arc::new(Control::new(registry.clone(), table));
        let proxy = Arc::new(http_proxy(&Arc::new(conf(&config)), Front { registry: registry.clone(), config }));
        Ok(Self { address, visitors, server, control, registry, proxy, tasks, stop_within })
    }

    async fn serve(self, mut stopped: watch::Receiver<Stop>) {
        let connections = TaskTracker::new();
        let (closing, is_closing) = watch::channel(false);
        let control = axum::serve(self.server, control::router(self.control)).into_future();
        let control = self.tasks.spawn(control);
        tokio::select! {
            () = accept(&self.visitors, &self.proxy, &connections, &is_closing) => {}
            _ = stopped.wait_for(|stop| *stop != Stop::No) => {}
        }
        drop(self.visitors);
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

async fn accept(
    visitors: &TcpListener,
    proxy: &Arc<HttpProxy<Front>>,
    connections: &TaskTracker,
    closing: &watch::Receiver<bool>,
) {
    loop {
        match visitors.accept().await {
            Ok((stream, from)) => {
                let (proxy, closing) = (proxy.clone(), closing.clone());
                connections.spawn(async move { proxy.process_new(Box::new(prepared(stream, from)), &closing).await });
            }
            Err(error) => {
                tracing::warn!(%error, "a visitor could not be let in");
                // Out of descriptors, most likely: others have to leave first.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
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
