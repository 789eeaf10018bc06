//! Plugs the real parts into the platform's ports. Each adapter translates and decides nothing.

use agent::{IngressContainer, LocalAgent};
use async_trait::async_trait;
use domain::routing::{IngressStatus, ProbeReport, ProbeRequest, RouteTable};
use domain::{LogLine, ReleaseId, Timestamp};
use futures::stream::{self, BoxStream, StreamExt};
use ingress::ControlClient;
use orchestrator::memory::Memory;
use platform::{Agent, Clock, Ingress, LogSource, Random, Unreachable};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_stream::wrappers::BroadcastStream;

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one real clock; everything else is handed this one")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The machine's source of randomness.
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one real source of randomness; everything else is handed this one"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        rand::Rng::fill(&mut rand::rng(), buffer);
    }
}

/// An ingress behind its control socket.
pub struct LocalIngress(pub ControlClient);

#[async_trait]
impl Ingress for LocalIngress {
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

/// The node's side of the demo: there is no engine, and the pretended replicas keep their own lines.
pub struct DemoAgent(pub Arc<Memory>);

#[async_trait]
impl Agent for DemoAgent {
    async fn ensure_ingress(&self, _networks: &[String]) -> Result<(), Unreachable> {
        Ok(())
    }

    async fn logs(
        &self,
        sources: watch::Receiver<Vec<LogSource>>,
        last: u32,
        follow: bool,
    ) -> Result<BoxStream<'static, LogLine>, Unreachable> {
        let is_source = move |id: ReleaseId| sources.borrow().iter().any(|(release, _number)| *release == id);
        let (past, news) = self.0.logs().follow(usize::try_from(last).unwrap_or(usize::MAX), &is_source);
        let past = stream::iter(past.into_iter().map(|written| written.line));
        if !follow {
            return Ok(past.boxed());
        }
        let news = BroadcastStream::new(news).filter_map(move |written| {
            let line = written.ok().filter(|written| is_source(written.release_id)).map(|written| written.line);
            async { line }
        });
        Ok(past.chain(news).boxed())
    }

    async fn last_lines(&self, (release, _number): LogSource, count: u32) -> Result<Vec<String>, Unreachable> {
        let (past, _news) = self.0.logs().follow(usize::try_from(count).unwrap_or(usize::MAX), |id| id == release);
        Ok(past.into_iter().map(|written| written.line.text).collect())
    }
}

/// The agent of this machine, with the ingress that it looks after.
pub struct NodeAgent {
    agent: LocalAgent,
    container: IngressContainer,
}

impl NodeAgent {
    /// The agent and the ingress as it shall run.
    pub fn new(agent: LocalAgent, container: IngressContainer) -> Self {
        Self { agent, container }
    }
}

#[async_trait]
impl Agent for NodeAgent {
    async fn ensure_ingress(&self, networks: &[String]) -> Result<(), Unreachable> {
        self.agent
            .ensure_ingress(&self.container, networks)
            .await
            .map(|_gateway| ())
            .map_err(|e| Unreachable(e.to_string()))
    }

    async fn logs(
        &self,
        sources: watch::Receiver<Vec<LogSource>>,
        last: u32,
        follow: bool,
    ) -> Result<BoxStream<'static, LogLine>, Unreachable> {
        self.agent.logs(sources, last, follow).await.map_err(|e| Unreachable(e.to_string()))
    }

    async fn last_lines(&self, (release, number): LogSource, count: u32) -> Result<Vec<String>, Unreachable> {
        let lines = self.agent.last_lines((release, number), count).await.map_err(|e| Unreachable(e.to_string()))?;
        Ok(lines.into_iter().map(|line| line.text).collect())
    }
}
