//! The real runtime: the swarm of the engine at the socket, the agent on the same socket, and the ingress as a container.

use crate::adapters::NodeAgent;
use crate::command::RunOptions;
use crate::folder::Folder;
use crate::runtime::{Runtime, image};
use crate::terminal::Terminal;
use agent::{IngressContainer, LocalAgent, samples};
use anyhow::{Context, Result};
use domain::ImageRef;
use orchestrator::registry::RegistryPolicy;
use orchestrator::swarm::Swarm;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Connects to the engine, makes a swarm of one node if there is none, and starts the ingress.
pub async fn start(options: &RunOptions, folder: &Folder, installation: &str, terminal: Terminal) -> Result<Runtime> {
    let executable = std::env::current_exe().context("the program's own file cannot be found")?;
    terminal.doing("connecting to the Docker engine");
    let swarm = Swarm::connect(&options.docker_socket, installation, policy(options))
        .await
        .with_context(|| no_engine(options))?;
    swarm.ensure_swarm().await?;
    let agent = LocalAgent::connect(&options.docker_socket).await?;
    terminal.doing("preparing the sample images");
    let samples = prepare_samples(&options.docker_socket, &executable).await?;
    let container = ingress_container(&agent, options, folder, installation, executable).await?;
    let agent = NodeAgent::new(agent, container);
    Ok(Runtime {
        orchestrator: Arc::new(swarm),
        agent: Arc::new(agent),
        samples,
        port: options.https.listen_https.unwrap_or(options.listen).port(),
        ingress: None,
    })
}

fn no_engine(options: &RunOptions) -> String {
    let socket = options.docker_socket.display();
    format!(
        "No Docker engine answers at {socket}. Start it, name another socket with --docker-socket, or try `slipway run --demo`."
    )
}

fn policy(options: &RunOptions) -> RegistryPolicy {
    RegistryPolicy { allowed: options.allowed_registries.clone(), insecure: options.allowed_registries.clone() }
}

/// Packs the sample app that stands beside this program. Without it everything works, only nothing is offered.
async fn prepare_samples(socket: &Path, executable: &Path) -> Result<Vec<ImageRef>> {
    let sample = executable.with_file_name(samples::EXECUTABLE);
    if !sample.exists() {
        tracing::warn!(sample.path = %sample.display(), "the sample app is not beside the program; no samples are offered");
        return Ok(Vec::new());
    }
    let engine = agent::connect(socket).await?;
    samples::ensure_working(&engine, &sample).await?;
    samples::VERSIONS.iter().map(|version| image(&format!("{}:{version}", samples::REPOSITORY))).collect()
}

/// The container as it shall be. Requests that come through the gateway of its own network are from this machine.
async fn ingress_container(
    agent: &LocalAgent,
    options: &RunOptions,
    folder: &Folder,
    installation: &str,
    executable: PathBuf,
) -> Result<IngressContainer> {
    let mut container = IngressContainer::new(executable, folder.ingress(), options.listen, installation.to_owned());
    if let Some(publish) = options.https.listen_https {
        container.serve_https(publish);
    }
    if options.listen.ip().is_loopback() {
        let gateway = agent.ensure_entry(&container).await?;
        container.arguments.extend(["--local-peer".to_owned(), gateway.to_string()]);
    }
    Ok(container)
}
