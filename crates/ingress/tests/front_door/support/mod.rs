//! An ingress, apps behind it, and a visitor in front of it, all on loopback.

mod app;
mod certificates;
mod visitor;

pub use app::{App, Raw};
pub use certificates::{Issued, issue};
pub use visitor::{Answer, Visitor, encrypt, visit};

use domain::routing::{
    Endpoint, Generation, Https, Pool, ProbeReport, ProbeRequest, ReleaseTraffic, Route, RouteTable,
};
use domain::{Access, AppId, Probe, ReleaseId, TaskId, TeamId, Who};
use ingress::{Config, ControlClient, Limits, Running};
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

/// How long anything may take before a test gives up.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Runs something beside the test; it ends with its handle.
pub fn aside<T: Send + 'static>(what: impl Future<Output = T> + Send + 'static) -> AbortOnDropHandle<T> {
    AbortOnDropHandle::new(tokio::runtime::Handle::current().spawn(what))
}

/// Waits until something holds.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let holds = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(DEADLINE, holds).await.unwrap_or_else(|_| panic!("it never came true that {what}"));
}

/// An ingress with its folder.
pub struct Ground {
    running: Option<Running>,
    /// What HTTPS is served by, where it is.
    pub https: Option<Https>,
    limits: Limits,
    folder: TempDir,
    pub control: ControlClient,
    generation: u64,
}

impl Ground {
    /// With patience fit for tests.
    pub fn new() -> Self {
        Self::with(Limits {
            parked_for: Duration::from_secs(20),
            streams_for: Duration::from_hours(1),
            stop_within: Duration::from_secs(5),
            look_every: Duration::from_millis(100),
            ..Limits::default()
        })
    }

    pub fn with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let control = ControlClient::new(ingress::control_socket(folder.path()));
        let mut ground = Self { running: None, https: None, limits, folder, control, generation: 0 };
        ground.start();
        ground
    }

    /// Over HTTPS, by these certificates in every table.
    pub fn encrypted(certificates: &[&Issued]) -> Self {
        let mut ground = Self::new();
        ground.certify(certificates);
        ground.restart();
        ground
    }

    /// Has these certificates in every table from the next on.
    pub fn certify(&mut self, certificates: &[&Issued]) {
        let certificates = certificates.iter().map(|issued| issued.served.clone()).collect();
        self.https = Some(Https { port: 8443, hsts_seconds: 0, certificates });
    }

    fn start(&mut self) {
        let any = ([127, 0, 0, 1], 0).into();
        let (limits, listen_https) = (self.limits.clone(), self.https.as_ref().map(|_| any));
        let config = Config { limits, listen_https, ..Config::new(any, self.folder.path()) };
        self.running = Some(ingress::start(config).expect("an ingress"));
    }

    /// The same folder, another life.
    pub fn restart(&mut self) {
        self.running = None;
        self.start();
    }

    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().expect("it runs").address
    }

    pub fn https_address(&self) -> SocketAddr {
        self.running.as_ref().and_then(|running| running.https_address).expect("it serves HTTPS")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn take(&mut self) -> Running {
        self.running.take().expect("it runs")
    }

    /// Puts a table with these routes in force.
    pub async fn put(&mut self, routes: Vec<Route>) {
        self.put_table(RouteTable { routes, ..RouteTable::default() }).await;
    }

    pub async fn put_table(&mut self, table: RouteTable) {
        self.generation += 1;
        let https = self.https.clone();
        let table = RouteTable { generation: Generation(self.generation), https, ..table };
        let in_force = self.control.put_table(&table).await.expect("the ingress answers");
        assert_eq!(in_force, table.generation);
    }

    /// Puts it in force and waits until its one app is ready.
    pub async fn serve(&mut self, app: &App) {
        self.serve_at("shop.localhost", app).await;
    }

    /// The same at a host.
    pub async fn serve_at(&mut self, host: &str, app: &App) {
        self.put(vec![route(host, pool(1, &[app.endpoint("t1")]))]).await;
        self.ready(1, 1).await;
    }

    /// Waits until a release has this many endpoints ready.
    pub async fn ready(&self, release: u128, endpoints: u32) {
        eventually("the endpoints are ready", || async { self.traffic(release).await.ready == endpoints }).await;
    }

    pub async fn traffic(&self, release: u128) -> ReleaseTraffic {
        let status = self.control.status().await.expect("the ingress answers");
        status.release(release_id(release)).expect("a release of the table").clone()
    }

    /// Its counters, once so many requests are finished: an answer arrives a moment before it is counted.
    pub async fn counted(&self, release: u128, requests: u64) -> ReleaseTraffic {
        eventually("they are counted", || async { self.traffic(release).await.requests == requests }).await;
        self.traffic(release).await
    }

    pub async fn probe(&self, release: u128, endpoint: Endpoint) -> ProbeReport {
        self.probe_by(release, endpoint, Probe::Tcp, 10_000).await
    }

    pub async fn probe_by(&self, release: u128, endpoint: Endpoint, probe: Probe, patience_millis: u64) -> ProbeReport {
        let release_id = release_id(release);
        let request = ProbeRequest { release_id, endpoint, probe, good_answers: 2, patience_millis };
        self.control.probe(&request).await.expect("the ingress answers")
    }

    pub async fn visitor(&self) -> Visitor {
        Visitor::connect(self.address()).await
    }

    pub async fn get(&self, host: &str, path: &str) -> Answer {
        self.visitor().await.get(host, path).await
    }
}

pub fn release_id(number: u128) -> ReleaseId {
    ReleaseId::new(Uuid::from_u128(number))
}

pub fn endpoint(task: &str, address: SocketAddr) -> Endpoint {
    Endpoint { task: TaskId(task.to_owned()), address }
}

pub fn pool(release: u128, endpoints: &[Endpoint]) -> Pool {
    Pool { release_id: release_id(release), probe: Probe::Tcp, endpoints: endpoints.to_vec() }
}

pub fn route(host: &str, active: Pool) -> Route {
    swap(host, active, vec![])
}

pub fn swap(host: &str, active: Pool, draining: Vec<Pool>) -> Route {
    let host = host.parse().expect("a host name");
    let (app_id, access) = (AppId::new(Uuid::from_u128(9)), Access::from(Who::Public));
    Route { app_id, host, domains: vec![], team_id: TeamId::NIL, access, active, is_stopped: false, draining }
}
