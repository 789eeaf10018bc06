//! A whole platform in one process: a real store, a real ingress on a loopback port, and the stateful fake in place of the
//! swarm, whose replicas are real listeners. Tests act through the platform's operations and look through the ingress.

use async_trait::async_trait;
use domain::routing::{IngressStatus, ProbeReport, ProbeRequest, RouteTable};
use domain::{
    Actor, Deploy, DeployForm, DeployState, HostName, LogLine, NewApp, NodeView, Origin, Project, ReleaseId, Step,
    Timestamp,
};
use futures::stream::BoxStream;
use ingress::{ControlClient, Running};
use orchestrator::memory::Memory;
use orchestrator::{KnownRelease, Orchestrator};
use platform::{
    Agent, CertificateFiles, Clock, Config, Controller, Deadlines, Dns, Https, Ingress, LogSource, Pair, Parts,
    Platform, Random, Unreachable,
};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{SealingKey, Store};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How long anything in a test may take before the test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The running platform. Everything goes with it.
pub struct Harness {
    /// The operations.
    pub platform: Platform,
    /// The pretended swarm, which can be told to fail.
    pub memory: Arc<Memory>,
    /// The store beneath, to look at.
    pub store: Store,
    /// The time, which the test may move on.
    pub clock: Arc<TestClock>,
    /// Where hosts point, which the test decides.
    pub dns: Arc<TestDns>,
    visitor: reqwest::Client,
    /// Where requests come in.
    pub ingress: Running,
    controller: JoinSet<()>,
    folder: TempDir,
}

impl Harness {
    /// With deadlines short enough for tests of failures.
    pub async fn start() -> Self {
        Self::with(short_deadlines()).await
    }

    /// With deadlines of the test's choice.
    pub async fn with(deadlines: Deadlines) -> Self {
        Self::begin(deadlines, None).await
    }

    /// Over HTTPS, with a certificate in these files.
    pub async fn with_https(files: Arc<Files>) -> Self {
        Self::begin(short_deadlines(), Some(files)).await
    }

    async fn begin(deadlines: Deadlines, files: Option<Arc<Files>>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let any = ([127, 0, 0, 1], 0).into();
        let listen_https = files.as_ref().map(|_| any);
        let config = ingress::Config { listen_https, ..ingress::Config::new(any, folder.path()) };
        let ingress = ingress::start(config).expect("an ingress");
        let dns = Arc::new(TestDns::default());
        let mut config = config_with(ingress.address.port(), deadlines);
        if let Some(address) = ingress.https_address {
            config =
                Config { scheme: "https".to_owned(), port: address.port(), https: Some(Https::default()), ..config };
        }
        let control = ControlClient::new(folder.path().join("control.sock"));
        let url = format!("sqlite://{}", folder.path().join("slipway.db").display());
        let store = Store::open(&url, SealingKey::new([7; 32])).await.expect("a store");
        let clock = Arc::new(TestClock::default());
        let memory = Arc::new(pretended_swarm(&clock));
        let platform = Platform::new(Parts {
            store: store.clone(),
            orchestrator: memory.clone(),
            agent: Arc::new(NoAgent),
            ingresses: vec![Arc::new(OneIngress(control))],
            dns: dns.clone(),
            certificates: files.into_iter().map(|files| files as Arc<dyn CertificateFiles>).collect(),
            clock: clock.clone(),
            random: Arc::new(TestRandom),
            config,
            samples: vec![],
        });
        // Each visit by a connection of its own, as different people come.
        let visitor = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let mut harness =
            Self { platform, memory, store, clock, dns, visitor, ingress, controller: JoinSet::new(), folder };
        harness.start_controller();
        harness
    }

    /// Starts a controller, as a server does when it starts.
    pub fn start_controller(&mut self) {
        self.controller.spawn(Controller::new(self.platform.clone()).run());
    }

    /// Ends the controller wherever it is, as `kill -9` does.
    pub async fn kill_controller(&mut self) {
        self.controller.shutdown().await;
    }

    /// Somebody who has just signed in for the first time, with a team of their own.
    pub async fn person(&self, email: &str) -> Actor {
        let email = email.parse().expect("an address");
        let person = self.platform.people().welcome(&email, "").await.expect("welcome");
        let origin = Origin { door: "test".to_owned(), ..Origin::default() };
        self.platform.people().actor(person.id, origin).await.expect("an actor")
    }

    /// A project in the actor's own team.
    pub async fn project(&self, actor: &Actor) -> Project {
        let (team, _) = actor.roles[0];
        self.platform.projects().create(actor, team, "things").await.expect("a project")
    }

    /// A new app with its first deploy begun.
    pub async fn create(&self, actor: &Actor, project: &Project, name: &str, tag: &str) -> platform::Result<Deploy> {
        let deploy = DeployForm { image: "sample".to_owned(), tag: tag.to_owned(), ..DeployForm::default() };
        self.platform.apps().create(actor, project.id, NewApp { name: name.to_owned(), deploy }).await
    }

    /// Another release of an app.
    pub async fn deploy(&self, actor: &Actor, name: &str, tag: &str) -> platform::Result<Deploy> {
        self.platform.deploys().start(actor, name, DeployForm { tag: tag.to_owned(), ..DeployForm::default() }).await
    }

    /// Waits until a deploy is as the test wants it.
    pub async fn until(&self, actor: &Actor, name: &str, deploy: &Deploy, wanted: impl Fn(&Deploy) -> bool) -> Deploy {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let now = self.platform.deploys().find(actor, name, deploy.id).await.expect("the deploy");
            if wanted(&now) {
                return now;
            }
            assert!(Instant::now() < give_up, "waited in vain; the deploy is {now:#?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until a deploy has ended.
    pub async fn ended(&self, actor: &Actor, name: &str, deploy: &Deploy) -> Deploy {
        self.until(actor, name, deploy, |deploy| deploy.state.is_over()).await
    }

    /// Waits until a deploy's release has the traffic.
    pub async fn switched(&self, actor: &Actor, name: &str, deploy: &Deploy) -> Deploy {
        let switched =
            |d: &Deploy| d.state.is_over() || matches!(d.state, DeployState::Under(step) if step > Step::Switch);
        self.until(actor, name, deploy, switched).await
    }

    /// Waits until something is true.
    pub async fn eventually(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let give_up = Instant::now() + PATIENCE;
        while !is_so().await {
            assert!(Instant::now() < give_up, "waited in vain until {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// How many copies of a release the swarm shall have.
    pub async fn copies(&self, actor: &Actor, name: &str, number: u32) -> u16 {
        let known = self.known(actor, name, number).await;
        known.map_or(0, |release| release.replicas)
    }

    /// Whether the swarm has a definition of a release.
    pub async fn is_known(&self, actor: &Actor, name: &str, number: u32) -> bool {
        self.known(actor, name, number).await.is_some()
    }

    async fn known(&self, actor: &Actor, name: &str, number: u32) -> Option<KnownRelease> {
        let id = self.release(actor, name, number).await;
        self.memory.releases().await.expect("releases").into_iter().find(|known| known.release_id == id)
    }

    async fn release(&self, actor: &Actor, name: &str, number: u32) -> ReleaseId {
        let overview = self.platform.apps().overview(actor, name).await.expect("an overview");
        overview.releases.iter().find(|release| release.number == number).expect("the release").id
    }

    /// How many requests the ingress has under way on a release.
    pub async fn in_flight(&self, release: ReleaseId) -> u64 {
        let control = ControlClient::new(self.folder.path().join("control.sock"));
        control.status().await.expect("a status").release(release).map_or(0, |traffic| traffic.in_flight)
    }

    /// Lets all replicas of a release crash once.
    pub async fn crash(&self, actor: &Actor, name: &str, number: u32) {
        let id = self.release(actor, name, number).await;
        let replicas = self.memory.replicas(id).await.expect("replicas");
        assert!(replicas.iter().any(|replica| self.memory.kill(&replica.task)), "nothing ran: {replicas:?}");
    }

    /// Whether the swarm has nothing of this platform any more.
    pub async fn nothing_runs(&self) -> bool {
        self.memory.releases().await.expect("releases").is_empty()
    }

    /// The table that the ingress has.
    pub fn table(&self) -> RouteTable {
        let text = std::fs::read(self.folder.path().join("table.json")).expect("a table");
        serde_json::from_slice(&text).expect("a whole one")
    }

    /// Whether it has one.
    pub fn has_table(&self) -> bool {
        self.folder.path().join("table.json").exists()
    }

    /// What a visitor of an app gets: the status and the body.
    pub async fn visit(&self, app: &str, path: &str) -> (u16, String) {
        self.visit_at(&format!("{app}.localhost"), path).await
    }

    /// The same by a host.
    pub async fn visit_at(&self, host: &str, path: &str) -> (u16, String) {
        let url = format!("http://{}{path}", self.ingress.address);
        let request = self.visitor.get(url).header("host", host).header("accept", "application/json");
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        // Not as text, which would drop a mark of the byte order.
        let body = response.bytes().await.expect("a body");
        (status, String::from_utf8_lossy(&body).into_owned())
    }
}

/// Three nodes; a replica starts and is started again sooner than in the demo.
fn pretended_swarm(clock: &Arc<TestClock>) -> Memory {
    let clock = clock.clone();
    let node = |name: &str| NodeView { name: name.to_owned(), is_available: true, memory: 8 << 30, cpu_millis: 4000 };
    let nodes = ["n1", "n2", "n3"].map(node).into();
    Memory::with(Arc::new(move || clock.now()), Duration::from_millis(50), Duration::from_millis(100), nodes)
}

/// Fast enough for tests, slow enough for a loaded machine.
pub fn short_deadlines() -> Deadlines {
    Deadlines {
        prepare: Duration::from_secs(10),
        placement: Duration::from_millis(300),
        probe: Duration::from_secs(4),
        switch: Duration::from_secs(5),
        drain: Duration::from_secs(5),
        streams: Duration::from_secs(5),
        watch: Duration::from_millis(300),
        look: Duration::from_millis(20),
        idle_look: Duration::from_millis(200),
    }
}

/// Who is an admin by the operator's word.
fn chief() -> domain::Email {
    "chief@example.com".parse().expect("an address")
}

fn config_with(port: u16, deadlines: Deadlines) -> Config {
    let base_domain = "localhost".parse().expect("a host name");
    Config {
        base_domain,
        scheme: "http".to_owned(),
        port,
        https: None,
        addresses: vec![[203, 0, 113, 1].into()],
        is_demo: true,
        sign_in: None,
        admins: vec![chief()],
        default_access: domain::Who::Public,
        deadlines,
    }
}

/// Milliseconds of the test process, plus whatever the test adds.
#[derive(Debug)]
pub struct TestClock {
    began: Instant,
    added: AtomicI64,
}

impl Default for TestClock {
    fn default() -> Self {
        Self { began: Instant::now(), added: AtomicI64::new(1_700_000_000_000) }
    }
}

impl TestClock {
    /// Moves the time on.
    pub fn advance(&self, by: Duration) {
        self.added.fetch_add(i64::try_from(by.as_millis()).expect("a span"), Ordering::Relaxed);
    }

    /// Sets the time back.
    pub fn set_back(&self, by: Duration) {
        self.added.fetch_sub(i64::try_from(by.as_millis()).expect("a span"), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        Timestamp(passed + self.added.load(Ordering::Relaxed))
    }
}

/// A DNS that says what the test has put into it.
#[derive(Debug, Default)]
pub struct TestDns(Mutex<HashMap<String, Result<Vec<IpAddr>, String>>>);

impl TestDns {
    /// Lets a host have these addresses.
    pub fn point(&self, host: &str, to: &[[u8; 4]]) {
        let to = to.iter().copied().map(IpAddr::from).collect();
        self.0.lock().expect("a lock").insert(host.to_owned(), Ok(to));
    }

    /// Lets questions about a host fail.
    pub fn fail(&self, host: &str, why: &str) {
        self.0.lock().expect("a lock").insert(host.to_owned(), Err(why.to_owned()));
    }
}

#[async_trait]
impl Dns for TestDns {
    async fn addresses(&self, host: &HostName) -> Result<Vec<IpAddr>, Unreachable> {
        let known = self.0.lock().expect("a lock").get(host.as_str()).cloned();
        known.unwrap_or(Ok(Vec::new())).map_err(Unreachable)
    }
}

/// Files that the test writes.
#[derive(Debug, Default)]
pub struct Files(pub Mutex<Option<Pair>>);

#[async_trait]
impl CertificateFiles for Files {
    async fn read(&self) -> Result<Pair, Unreachable> {
        let held = self.0.lock().expect("a lock").clone();
        held.ok_or_else(|| Unreachable("The certificate's file /etc/tls/chain.pem is not there.".to_owned()))
    }
}

struct TestRandom;

impl Random for TestRandom {
    #[expect(clippy::disallowed_methods, reason = "the tests' own source of randomness")]
    fn fill(&self, buffer: &mut [u8]) {
        rand::Rng::fill(&mut rand::rng(), buffer);
    }
}

struct OneIngress(ControlClient);

#[async_trait]
impl Ingress for OneIngress {
    async fn put_table(&self, table: &RouteTable) -> Result<(), Unreachable> {
        self.0.put_table(table).await.map(|_in_force| ()).map_err(|e| Unreachable(e.to_string()))
    }

    async fn probe(&self, request: &ProbeRequest) -> Result<ProbeReport, Unreachable> {
        self.0.probe(request).await.map_err(|e| Unreachable(e.to_string()))
    }

    async fn status(&self) -> Result<IngressStatus, Unreachable> {
        self.0.status().await.map_err(|e| Unreachable(e.to_string()))
    }
}

/// There is no engine: replicas are reached directly, and their lines are read elsewhere.
struct NoAgent;

#[async_trait]
impl Agent for NoAgent {
    async fn ensure_ingress(&self, _networks: &[String]) -> Result<(), Unreachable> {
        Ok(())
    }

    async fn logs(
        &self,
        _sources: tokio::sync::watch::Receiver<Vec<LogSource>>,
        _last: u32,
        _follow: bool,
    ) -> Result<BoxStream<'static, LogLine>, Unreachable> {
        Err(Unreachable("There is no engine.".to_owned()))
    }

    async fn last_lines(&self, _release: LogSource, _count: u32) -> Result<Vec<String>, Unreachable> {
        Ok(vec!["the last line".to_owned()])
    }
}
