//! `slipway run`: everything on one machine, put together in one visible place.

use crate::adapters::{LocalIngress, SystemClock, SystemRandom};
use crate::command::RunOptions;
use crate::dns::DnsResolver;
use crate::folder::Folder;
use crate::runtime::{self, Runtime};
use crate::{certificates, http};
use crate::{oidc, terminal::Terminal};
use anyhow::{Context, Result, bail};
use domain::routing::Generation;
use domain::{HostName, Who};
use ingress::ControlClient;
use leptos::prelude::LeptosOptions;
use platform::{Clock, Config, Controller, Deadlines, Https, Parts, Platform, Random};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{SealingKey, Store};
use tokio::net::UnixListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// In seconds.
const DAY: u64 = 24 * 3600;

/// How long the ingress may take until it has its first table.
const INGRESS_PATIENCE: Duration = Duration::from_secs(20);

/// Runs until Ctrl-C or SIGTERM. Apps keep serving afterwards: their replicas and the ingress are the engine's.
pub async fn run(options: RunOptions) -> Result<()> {
    let terminal = Terminal::new(options.json);
    let folder = Folder::open(options.folder.clone())?;
    let _only_one = folder.lock()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);

    terminal.doing("opening the store");
    let store = open_store(&options, &folder, &*random).await?;
    let installation = installation(&store, &*random).await?;
    let Runtime { orchestrator, agent, samples, port, ingress: _ingress } =
        runtime::start(&options, &folder, &installation, terminal).await?;
    let config = config(&options, port)?;
    let sign_in = oidc::provider(&options, config.address(&config.base_domain))?;
    let config = with_sign_in(config, &options, sign_in.as_ref().map(|provider| provider.name().to_owned()));

    let platform = Platform::new(Parts {
        store: store.clone(),
        orchestrator,
        agent,
        ingresses: vec![Arc::new(LocalIngress(ControlClient::new(folder.control_socket())))],
        dns: Arc::new(DnsResolver::new(options.dns_server)?),
        certificates: certificates::of(&options)?,
        clock: clock.clone(),
        random,
        config,
        samples,
    });
    let controller = Controller::new(platform.clone());
    platform.certificates().begin().await?;
    terminal.doing("starting the ingress");
    controller.begin().await?;
    // They end when this function does.
    let mut tasks = JoinSet::new();
    tasks.spawn(controller.run());
    let state = http::State {
        platform: platform.clone(),
        sign_in,
        clock,
        options: LeptosOptions::builder().output_name("slipway").build(),
    };
    tasks.spawn(serve(&folder.gate_socket(), http::for_ingresses(platform.clone()))?);
    tasks.spawn(serve(&folder.console_socket(), http::router(state, store, options.https.listen_https.is_some())?)?);
    wait_for_ingress(&folder).await?;
    terminal.ready(&platform).await?;
    terminal.wait_for_end().await;
    Ok(())
}

async fn open_store(options: &RunOptions, folder: &Folder, random: &dyn Random) -> Result<Store> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    let key = SealingKey::load_or_create(&folder.sealing_key(), bytes)?;
    let url = options.database_url.clone().unwrap_or_else(|| folder.database_url());
    Store::open(&url, key).await.context("The store cannot be opened.")
}

/// Names this installation on the engine, so that two of them never touch each other's replicas.
async fn installation(store: &Store, random: &dyn Random) -> Result<String> {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    let fresh = hex::encode(bytes);
    let mut tx = store.begin().await?;
    let name = tx.meta().put_if_absent("installation", &fresh).await?;
    tx.commit().await?;
    Ok(name)
}

fn config(options: &RunOptions, port: u16) -> Result<Config> {
    let base_domain: HostName = options.base_domain.parse()?;
    let deadlines = Deadlines { watch: Duration::from_secs(options.watch_seconds), ..Deadlines::default() };
    let https = options.https.listen_https.map(|_| Https { hsts_seconds: options.https.hsts_days.saturating_mul(DAY) });
    Ok(Config {
        base_domain,
        scheme: if https.is_some() { "https" } else { "http" }.to_owned(),
        port,
        https,
        addresses: options.addresses.clone(),
        is_demo: options.demo,
        sign_in: None,
        admins: options.admins.clone(),
        default_access: Who::default(),
        deadlines,
    })
}

/// Where hardly anybody can sign in, asking everybody to would close new apps to their own people.
fn with_sign_in(config: Config, options: &RunOptions, sign_in: Option<String>) -> Config {
    let usual = if sign_in.is_some() { Who::Company } else { Who::Public };
    let default_access = options.default_access.clone().unwrap_or(usual);
    Config { sign_in, default_access, ..config }
}

/// Waits until the ingress leads people to the console. Before its first table it knows no address, so somebody quick with
/// the link would find nothing.
async fn wait_for_ingress(folder: &Folder) -> Result<()> {
    let control = ControlClient::new(folder.control_socket());
    let give_up = Instant::now() + INGRESS_PATIENCE;
    loop {
        let missing = match control.status().await {
            Ok(status) if status.generation != Generation::default() => return Ok(()),
            Ok(_) => "it has no route table".to_owned(),
            Err(error) => error.to_string(),
        };
        if Instant::now() > give_up {
            bail!("The ingress was started but is not ready: {missing}. `docker logs slipway-ingress` says more.");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Serves on a socket. Only the ingress and this user reach it.
fn serve(path: &Path, router: axum::Router) -> Result<impl Future<Output = ()> + use<>> {
    let _left_by_an_earlier_run = std::fs::remove_file(path);
    let listener = UnixListener::bind(path).with_context(|| format!("{} cannot be opened.", path.display()))?;
    Ok(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(error.cause = %error, "the console has stopped");
        }
    })
}
