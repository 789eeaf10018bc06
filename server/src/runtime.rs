//! What runs the replicas: Docker Swarm with an agent and an ingress container, or, for the demo, pretended ones in this
//! process. Everything else is the same.

use crate::adapters::{DemoAgent, SystemClock};
use crate::command::RunOptions;
use crate::folder::Folder;
use crate::terminal::Terminal;
use anyhow::{Context, Result};
use domain::ImageRef;
use orchestrator::Orchestrator;
use orchestrator::memory::Memory;
use platform::{Agent, Clock};
use std::sync::Arc;

/// The parts, and the port at which people reach them.
pub struct Runtime {
    pub orchestrator: Arc<dyn Orchestrator>,
    pub agent: Arc<dyn Agent>,
    pub samples: Vec<ImageRef>,
    /// That of HTTPS, where it is served.
    pub port: u16,
    /// The demo's ingress, which lives in this process.
    pub ingress: Option<ingress::Running>,
}

/// Starts what the options ask for.
pub async fn start(options: &RunOptions, folder: &Folder, installation: &str, terminal: Terminal) -> Result<Runtime> {
    if options.demo {
        demo(options, folder)
    } else {
        crate::docker::start(options, folder, installation, terminal).await
    }
}

fn demo(options: &RunOptions, folder: &Folder) -> Result<Runtime> {
    let listen_https = options.https.listen_https;
    let config = ingress::Config { listen_https, ..ingress::Config::new(options.listen, folder.ingress()) };
    let ingress = ingress::start(config).with_context(|| {
        let both = [Some(options.listen), listen_https].into_iter().flatten().map(|address| address.to_string());
        let both = both.collect::<Vec<_>>().join(" or ");
        format!("{both} cannot be listened on. Choose another with --listen or --listen-https.")
    })?;
    let memory = Arc::new(Memory::new(Arc::new(|| SystemClock.now())));
    let samples = ["1.0", "1.1", "2.0"].map(|tag| format!("slipway-sample:{tag}"));
    Ok(Runtime {
        orchestrator: memory.clone(),
        agent: Arc::new(DemoAgent(memory)),
        samples: samples.iter().map(|text| image(text)).collect::<Result<_>>()?,
        port: ingress.https_address.unwrap_or(ingress.address).port(),
        ingress: Some(ingress),
    })
}

/// Reads `repository:tag`.
pub fn image(text: &str) -> Result<ImageRef> {
    let (repository, tag) = text.rsplit_once(':').context("an image is named repository:tag")?;
    Ok(ImageRef { repository: repository.parse()?, tag: tag.parse()? })
}
