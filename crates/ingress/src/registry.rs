use crate::config::Limits;
use crate::endpoint::{Claim, Endpoint};
use crate::gate::Gate;
use crate::release::Release;
use crate::table::{App, Route, Table};
use crate::tls::Certificates;
use crate::watch::keep_watch;
use arc_swap::ArcSwap;
use domain::routing::{self, Generation, IngressStatus, Pool, ReleaseTraffic, RouteTable};
use domain::{AppId, HostName, Probe, ReleaseId, TaskId};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

/// How long an endpoint that is in no table is remembered: a deploy probes before it switches.
const REMEMBERED: Duration = Duration::from_mins(10);

/// What this ingress knows: the table in force, and the endpoints across all tables.
#[derive(Debug)]
pub struct Registry {
    table: ArcSwap<Table>,
    /// Taken by puts, probes and status, never by a request.
    known: Mutex<Known>,
    /// An endpoint can be claimed that could not before, or the table is another one.
    opened: Arc<Notify>,
    limits: Limits,
    tasks: TaskTracker,
}

#[derive(Debug, Default)]
struct Known {
    endpoints: HashMap<EndpointKey, Entry>,
    releases: HashMap<ReleaseId, Arc<Release>>,
    apps: HashMap<AppId, Arc<App>>,
}

type EndpointKey = (ReleaseId, TaskId, SocketAddr);

#[derive(Debug)]
struct Entry {
    endpoint: Arc<Endpoint>,
    watcher: Option<AbortHandle>,
    wanted_at: Instant,
}

/// Why a request got no endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unserved {
    /// No route leads there (any more).
    Unknown,
    /// Somebody stopped the app.
    Stopped,
    /// No endpoint answered in time, or too many requests wait already.
    Silent,
}

impl Registry {
    pub fn new(limits: Limits, tasks: TaskTracker) -> Self {
        Self { table: ArcSwap::default(), known: Mutex::default(), opened: Arc::default(), limits, tasks }
    }

    /// The table in force.
    pub fn table(&self) -> arc_swap::Guard<Arc<Table>> {
        self.table.load()
    }

    /// The same, to keep while something is waited for.
    pub fn table_now(&self) -> Arc<Table> {
        self.table.load_full()
    }

    /// Ends when the table may be another one.
    pub fn changed(&self) -> impl Future<Output = ()> + use<> {
        // Hears of what happens from this moment on, and not from when it is first waited for.
        self.opened.clone().notified_owned()
    }

    pub fn generation(&self) -> Generation {
        self.table.load().source.generation
    }

    /// Puts a table in force, whatever its generation.
    pub fn replace(&self, source: RouteTable) {
        let mut known = self.known();
        let own: Vec<_> = source.routes.iter().map(|route| self.route(&mut known, route)).collect();
        let others = source.routes.iter().zip(&own).flat_map(|(source, route)| other_hosts(source, route));
        // Later ones replace earlier ones: an app's own host goes before one that somebody added, whatever the server says.
        let routes = others.chain(own.iter().map(|route| (route.host.clone(), route.clone()))).collect();
        let console_hosts = source.console_hosts.iter().cloned().collect();
        let active: HashSet<_> = source.routes.iter().flat_map(|route| keys(&route.active)).collect();
        let listed: HashSet<_> = pools(&source).flat_map(keys).collect();
        let gate = Gate::new(&source.gate);
        let certificates = Certificates::new(source.https.as_ref(), &self.table.load().certificates);
        self.table.store(Arc::new(Table { source, console_hosts, routes, gate, certificates }));
        // Only now, since until now requests were claiming by the last table. Who holds it still finds these barred, looks
        // again and sees the new one.
        for (key, entry) in &mut known.endpoints {
            if !active.contains(key) {
                entry.endpoint.drain(self.limits.streams_for);
                entry.watcher.take().inspect(AbortHandle::abort);
            }
        }
        self.opened.notify_waiters();
        known.forget(&listed);
    }

    fn route(&self, known: &mut Known, route: &routing::Route) -> Arc<Route> {
        let endpoints = route.active.endpoints.iter().map(|named| {
            let entry = known.entry(route.active.release_id, named, &self.opened);
            entry.endpoint.activate();
            if entry.watcher.is_none() {
                entry.watcher = Some(self.watch(&entry.endpoint, &route.active.probe));
            }
            entry.endpoint.clone()
        });
        let endpoints = endpoints.collect();
        let release = known.release(route.active.release_id);
        let app = known.apps.entry(route.app_id).or_default().clone();
        Arc::new(Route {
            app_id: route.app_id,
            host: route.host.clone(),
            team_id: route.team_id,
            access: route.access.clone(),
            redirects_to: None,
            app,
            release,
            endpoints,
            is_stopped: route.is_stopped,
        })
    }

    fn watch(&self, endpoint: &Arc<Endpoint>, probe: &Probe) -> AbortHandle {
        let watch = keep_watch(endpoint.clone(), probe.clone(), self.limits.look_every, self.limits.connect_within);
        self.tasks.spawn(watch).abort_handle()
    }

    /// The endpoint of this name, for a probe: known from now on, in a table or not.
    pub fn endpoint(&self, release: ReleaseId, named: &routing::Endpoint) -> Arc<Endpoint> {
        self.known().entry(release, named, &self.opened).endpoint.clone()
    }

    /// Ends all streams politely: the ingress stops.
    pub fn end_streams(&self) {
        self.known().endpoints.values().for_each(|entry| entry.endpoint.end_streams());
    }

    /// Claims an endpoint for a request to this host, and waits for one when none can be claimed now.
    pub async fn claim(&self, host: &HostName, avoid: &[u64], until: Instant) -> Result<Claim, Unserved> {
        let mut route = self.serving(host)?;
        loop {
            if let Some(claim) = route.claim(avoid) {
                return Ok(claim);
            }
            let latest = self.serving(host)?;
            if Arc::ptr_eq(&route, &latest) {
                break;
            }
            // A table came in between, and what the last one named drains.
            route = latest;
        }
        let _place = route.app.park(self.limits.parked_requests).ok_or(Unserved::Silent)?;
        loop {
            let mut opened = std::pin::pin!(self.opened.notified());
            opened.as_mut().enable();
            if let Some(claim) = self.serving(host)?.claim(avoid) {
                return Ok(claim);
            }
            tokio::time::timeout_at(until, opened).await.map_err(|_| Unserved::Silent)?;
        }
    }

    /// The same, unless the app is stopped.
    fn serving(&self, host: &HostName) -> Result<Arc<Route>, Unserved> {
        let route = self.route_to(host)?;
        if route.is_stopped { Err(Unserved::Stopped) } else { Ok(route) }
    }

    /// Where this host's requests go now.
    pub fn route_to(&self, host: &HostName) -> Result<Arc<Route>, Unserved> {
        self.table.load().routes.get(host).cloned().ok_or(Unserved::Unknown)
    }

    /// What this ingress says of itself.
    pub fn status(&self) -> IngressStatus {
        let table = self.table.load_full();
        let known = self.known();
        let mut seen = HashSet::new();
        let releases = pools(&table.source).map(|pool| pool.release_id).filter(|id| seen.insert(*id));
        let releases = releases.map(|id| known.traffic(id)).collect();
        IngressStatus { generation: table.source.generation, releases }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn entry(&mut self, release: ReleaseId, named: &routing::Endpoint, opened: &Arc<Notify>) -> &mut Entry {
        let key = (release, named.task.clone(), named.address);
        let release = self.release(release);
        let entry = self.endpoints.entry(key).or_insert_with(|| {
            let endpoint = Arc::new(Endpoint::new(named, release, opened.clone()));
            Entry { endpoint, watcher: None, wanted_at: Instant::now() }
        });
        entry.wanted_at = Instant::now();
        entry
    }

    fn release(&mut self, id: ReleaseId) -> Arc<Release> {
        self.releases.entry(id).or_insert_with(|| Arc::new(Release::new(id))).clone()
    }

    fn traffic(&self, id: ReleaseId) -> ReleaseTraffic {
        let (requests, errors, lost) = self.releases.get(&id).map(|release| release.counts()).unwrap_or_default();
        let mut traffic = ReleaseTraffic { release_id: id, in_flight: 0, streams: 0, ready: 0, requests, errors, lost };
        for entry in self.endpoints.values().filter(|entry| entry.endpoint.release.id == id) {
            let (in_flight, streams) = entry.endpoint.under_way();
            traffic.in_flight += in_flight;
            traffic.streams += streams;
            traffic.ready += u32::from(entry.endpoint.load_if_open().is_some());
        }
        traffic
    }

    /// Forgets what left the tables, has nothing under way and was not asked for in a while.
    fn forget(&mut self, listed: &HashSet<EndpointKey>) {
        self.endpoints.retain(|key, entry| {
            listed.contains(key) || entry.endpoint.under_way().0 > 0 || entry.wanted_at.elapsed() < REMEMBERED
        });
        self.releases.retain(|_, release| Arc::strong_count(release) > 1);
        self.apps.retain(|_, app| Arc::strong_count(app) > 1);
    }
}

/// The other hosts that lead to an app, each with its own route: a pass of the gate is good at one host.
fn other_hosts<'a>(
    source: &'a routing::Route,
    route: &'a Arc<Route>,
) -> impl Iterator<Item = (HostName, Arc<Route>)> + 'a {
    source.domains.iter().map(|other| {
        let redirects_to = other.redirects.then(|| source.host.clone());
        (other.host.clone(), Arc::new(Route { host: other.host.clone(), redirects_to, ..route.as_ref().clone() }))
    })
}

fn pools(table: &RouteTable) -> impl Iterator<Item = &Pool> {
    table.routes.iter().flat_map(|route| std::iter::once(&route.active).chain(&route.draining))
}

fn keys(pool: &Pool) -> impl Iterator<Item = EndpointKey> + '_ {
    pool.endpoints.iter().map(|endpoint| (pool.release_id, endpoint.task.clone(), endpoint.address))
}
