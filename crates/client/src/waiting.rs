//! Waiting until a deploy has ended.

use crate::command::OfApp;
use crate::connection::Connection;
use crate::failure::{Failure, Result};
use crate::output;
use crate::timeline::Timeline;
use api::Deploy;
use clap::Args;
use std::time::Duration;
use tokio::time::Instant;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(300);
/// How long the server may be away while one waits: it may be upgraded meanwhile.
const AWAY: Duration = Duration::from_mins(1);

/// How long one waits.
#[derive(Debug, Clone, Args)]
pub struct Waiting {
    /// Does not wait until the deploy has ended.
    #[arg(long)]
    pub no_wait: bool,
    /// Seconds after which one waits no longer; the deploy goes on.
    #[arg(long, default_value_t = 900)]
    pub timeout: u64,
}

/// Waits as one wanted, and says what came of it.
///
/// # Errors
/// The deploy did not arrive; it takes too long; Ctrl-C.
pub async fn finish(to: &Connection, app: &OfApp, deploy: Deploy, waiting: &Waiting) -> Result<()> {
    let deploy = if waiting.no_wait { deploy } else { wait(to, app, deploy, waiting.timeout).await? };
    if !waiting.no_wait && deploy.state != "done" {
        return Err(Failure::Failed(Box::new(deploy)));
    }
    if app.to.json {
        output::json(&deploy);
    } else {
        output::line(&deploy.headline);
    }
    Ok(())
}

async fn wait(to: &Connection, app: &OfApp, deploy: Deploy, timeout: u64) -> Result<Deploy> {
    let goes_on = format!("The deploy of r{} goes on; look at it with app:inspect -n {}.", deploy.release, app.name);
    tokio::select! {
        outcome = until_over(to, app, deploy) => outcome,
        () = tokio::time::sleep(Duration::from_secs(timeout)) => {
            Err(Failure::TimedOut(format!("It has not ended after {timeout} s. {goes_on}")))
        }
        _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted(goes_on)),
    }
}

async fn until_over(to: &Connection, app: &OfApp, mut deploy: Deploy) -> Result<Deploy> {
    let (mut timeline, mut seen) = (Timeline::default(), Instant::now());
    loop {
        timeline.show(&deploy);
        if deploy.is_over {
            return Ok(deploy);
        }
        tokio::time::sleep(LOOK).await;
        match to.get(&["apps", app.name.as_str(), "deploys", &deploy.id]).await {
            Ok(now) => (deploy, seen) = (now, Instant::now()),
            Err(Failure::Unreachable(_)) if seen.elapsed() < AWAY => {}
            Err(failure) => return Err(failure),
        }
    }
}
