//! An installation of its own on the engine that the environment names.

use crate::suite;
use crate::support::{World, fresh};
use bollard::Docker;
use domain::AppId;
use orchestrator::Orchestrator;
use orchestrator::registry::RegistryPolicy;
use orchestrator::swarm::Swarm;
use std::path::{Path, PathBuf};
use std::process::Command;
use tokio::sync::OnceCell;

pub struct OnSwarm {
    pub swarm: Swarm,
    pub docker: Docker,
    pub socket: PathBuf,
    /// The installation's id.
    pub platform: String,
}

impl World for OnSwarm {
    fn orchestrator(&self) -> &dyn Orchestrator {
        &self.swarm
    }
}

/// What is done once, whichever test comes first.
static PREPARED: OnceCell<()> = OnceCell::const_new();

impl OnSwarm {
    pub async fn begin() -> Self {
        let socket = engine_socket();
        PREPARED.get_or_init(|| prepare(&socket)).await;
        Self::at(&socket).await
    }

    /// A new installation on the same engine, by whatever socket.
    pub async fn at(socket: &Path) -> Self {
        // The process stands in the name, so that a later run can tell what an interrupted one left behind.
        let platform = format!("test-{}-{}", std::process::id(), fresh::<AppId>());
        let swarm = Swarm::connect(socket, &platform, RegistryPolicy::default()).await.expect("the engine answers");
        let docker = agent::connect(socket).await.expect("the engine answers");
        Self { swarm, docker, socket: socket.to_owned(), platform }
    }

    pub async fn clean(self) {
        suite::clean(&self).await;
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
fn engine_socket() -> PathBuf {
    let socket = std::env::var_os("SLIPWAY_TEST_ENGINE");
    socket.map(PathBuf::from).expect(
        "SLIPWAY_TEST_ENGINE has to name the socket of a Docker engine to test with, such as /var/run/docker.sock; \
         `make test` brings one up",
    )
}

async fn prepare(socket: &Path) {
    let docker = agent::connect(socket).await.expect("the engine answers");
    let swarm = Swarm::connect(socket, "test", RegistryPolicy::default()).await.expect("the engine answers");
    swarm.ensure_swarm().await.expect("a swarm");
    agent::samples::ensure_all(&docker, &sample()).await.expect("the sample's images");
    clean_up_after_interrupted_runs(&docker, socket).await;
}

/// The sample app, which the workspace builds beside the tests.
fn sample() -> PathBuf {
    let own = std::env::current_exe().expect("a path");
    let folder = own.parent().and_then(Path::parent).expect("a folder for what is built");
    let sample = folder.join(agent::samples::EXECUTABLE);
    if !sample.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "--package", "sample"]).status();
        assert!(built.is_ok_and(|status| status.success()), "the sample app cannot be built");
    }
    sample
}

/// Installations of test processes that are no more.
async fn clean_up_after_interrupted_runs(docker: &Docker, socket: &Path) {
    let services = docker.list_services(None).await.expect("a list");
    let networks = docker.list_networks(None).await.expect("a list");
    let of_services = services.into_iter().filter_map(|service| service.spec?.labels);
    let labels = of_services.chain(networks.into_iter().filter_map(|network| network.labels));
    let platforms = labels.filter_map(|labels| labels.get("slipway.platform").cloned());
    let is_left_behind = |platform: &String| {
        let process = platform.strip_prefix("test-").and_then(|rest| rest.split('-').next());
        process.is_some_and(|process| !Path::new("/proc").join(process).exists())
    };
    for platform in platforms.filter(is_left_behind).collect::<std::collections::BTreeSet<_>>() {
        let swarm = Swarm::connect(socket, &platform, RegistryPolicy::default()).await.expect("the engine answers");
        let left = OnSwarm { swarm, docker: docker.clone(), socket: socket.to_owned(), platform };
        left.clean().await;
    }
}
