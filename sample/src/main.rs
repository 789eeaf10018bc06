//! The sample app: answers with its version and replica, and misbehaves on request.
//!
//! It listens on `0.0.0.0:$PORT` (8080) and is meant to be process 1 of a container. It writes one line per request to
//! standard output, and warnings to standard error.
//!
//! What it answers:
//!
//! | path | answer |
//! |---|---|
//! | `/` | a page about itself; JSON for `Accept: application/json` |
//! | `/whoami` | version, replica, uptime, requests, and the request's origin and headers as JSON |
//! | `/healthz` | `ok` |
//! | `/echo`, `/echo/...` | any method: method, path, query, headers, length of the body, and the body as text |
//! | `/slow?ms=1000` | after that time |
//! | `/status/503` | that status |
//! | `/stream?ms=1000&count=0` | server-sent events, one each `ms`, for ever when `count` is 0 |
//! | `/ws` | a WebSocket that says everything back |
//! | `/log?lines=1&bytes=0&stderr=false&name=log` | writes numbered lines, each filled up to `bytes` |
//! | `/crash?code=1` | ends the process with that exit code |
//! | `/memory?mib=16` | takes that much memory and keeps it |
//! | `/resolve?name=host` | the addresses of a name, one a line |
//! | `/reach?to=host:port` | whether something accepts connections there |
//! | `/env?name=SAMPLE_X` | the variable's value, byte for byte; only names that start with `SAMPLE_` |
//! | `/secret?name=SAMPLE_X` | the same for the file `/run/secrets/SAMPLE_X` |
//!
//! How it can be made to misbehave, by environment:
//!
//! | variable | effect |
//! |---|---|
//! | `VERSION=1.0` | the version that it shows |
//! | `PORT=8080` | where it listens |
//! | `LISTEN_PORT=n` | listens there instead, whatever `PORT` says |
//! | `START_DELAY_MS=n` | waits before it listens |
//! | `NEVER_LISTEN=1` | runs and never listens |
//! | `ANSWER_500=1` | answers 500 to everything, `/healthz` included |
//! | `CRASH_AT_START=code` | ends at once with that exit code |
//! | `CRASH_AFTER_MS=n` | ends with exit code 1 after that time |
//! | `IGNORE_SIGTERM=1` | goes on as if nothing had been said |
//! | `EXIT_ON_SIGTERM=1` | ends at the signal, requests under way are cut |
//! | `LOG_PER_SECOND=n` | writes that many numbered lines each second |
//! | `EAT_MIB=n` | takes that much memory at start and keeps it |
//!
//! Without one of the two variables about signals, SIGTERM and SIGINT end it politely: it stops listening at once, closes streams,
//! finishes the requests under way (ten seconds at most) and ends with exit code 0.

mod awkward;
mod log;
mod modes;
mod network;
mod pages;
mod stop;
mod streams;

use anyhow::Context;
use modes::Modes;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use stop::Stop;
use tokio::net::TcpListener;
use tokio::sync::RwLock;
use tokio::task::JoinSet;

/// What all requests share.
struct Sample {
    modes: Modes,
    replica: String,
    started: Instant,
    requests: AtomicU64,
    /// Memory that was taken and is never given back.
    eaten: Mutex<Vec<Vec<u8>>>,
    /// Each WebSocket holds it for reading: the server does not wait for connections that are no longer HTTP.
    websockets: RwLock<()>,
    stop: Stop,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            log::warn(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<ExitCode> {
    let modes = Modes::from_environment()?;
    // First of all: until then, process 1 would not hear a signal.
    let mut tasks = JoinSet::new();
    let stop = Stop::on_signals(modes.on_sigterm, &mut tasks)?;
    log::say(&format!("sample {} starts", modes.version));
    if let Some(code) = modes.crash_at_start {
        log::warn(&format!("cannot start: CRASH_AT_START asks for exit code {code}"));
        return Ok(ExitCode::from(code));
    }
    let sample = Arc::new(Sample {
        replica: replica_name(),
        started: Instant::now(),
        requests: AtomicU64::new(0),
        eaten: Mutex::default(),
        websockets: RwLock::default(),
        stop: stop.clone(),
        modes,
    });
    awkward::start_modes(&sample, &mut tasks);
    tokio::select! {
        served = serve(Arc::clone(&sample)) => served?,
        () = stop.grace_is_over() => log::warn("some requests did not end in time"),
    }
    log::say(&format!("sample {} ends", sample.modes.version));
    Ok(ExitCode::SUCCESS)
}

/// Listens, as far as the modes allow, until told to stop and the requests under way are finished.
async fn serve(sample: Arc<Sample>) -> anyhow::Result<()> {
    let (modes, stop) = (&sample.modes, sample.stop.clone());
    if !modes.start_delay.is_zero() {
        log::say(&format!("waits {} ms before it listens", modes.start_delay.as_millis()));
    }
    let silence = if modes.never_listen { Duration::MAX } else { modes.start_delay };
    tokio::select! {
        () = stop.asked() => return Ok(()),
        () = tokio::time::sleep(silence) => {}
    }
    let listener = TcpListener::bind(("0.0.0.0", modes.port))
        .await
        .with_context(|| format!("cannot listen on port {}", modes.port))?;
    log::say(&format!("sample {} listens on port {}", modes.version, modes.port));
    let service = pages::router(Arc::clone(&sample)).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(async move { stop.asked().await }).await?;
    let _all_closed = sample.websockets.write().await;
    Ok(())
}

/// The host name that the container was given.
fn replica_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map_or_else(|_| "unknown".into(), |name| name.trim().to_owned())
}
