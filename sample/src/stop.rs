//! Being told to stop. Process 1 of a container gets no default signal handling from the kernel, so it brings its own.

use crate::log;
use crate::modes::OnSigterm;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long requests under way may go on.
const GRACE: Duration = Duration::from_secs(10);

/// Tells everybody that the process has been told to stop.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Obeys SIGTERM and SIGINT from now on, as asked for.
    pub fn on_signals(how: OnSigterm, tasks: &mut JoinSet<()>) -> std::io::Result<Self> {
        let signals = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let (asked, stop) = watch::channel(false);
        tasks.spawn(obey(signals, how, asked));
        Ok(Self(stop))
    }

    /// Waits until the process has been told to stop.
    pub async fn asked(&self) {
        if self.0.clone().wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until requests have had their time to end.
    pub async fn grace_is_over(&self) {
        self.asked().await;
        tokio::time::sleep(GRACE).await;
    }
}

async fn obey((mut term, mut int): (Signal, Signal), how: OnSigterm, asked: watch::Sender<bool>) {
    loop {
        let name = tokio::select! {
            _ = term.recv() => "SIGTERM",
            _ = int.recv() => "SIGINT",
        };
        match how {
            OnSigterm::Ignore => log::warn(&format!("{name} is ignored")),
            OnSigterm::ExitAtOnce => {
                log::warn(&format!("{name}: ends at once"));
                std::process::exit(0);
            }
            OnSigterm::FinishRequests => {
                log::say(&format!("{name}: finishes the requests under way"));
                asked.send_replace(true);
            }
        }
    }
}
