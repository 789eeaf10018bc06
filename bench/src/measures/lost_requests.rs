//! Failed requests during 20 deploys in a row with one replica, under a steady load.

use crate::{arguments::Arguments, load::Load, report::Report, slipway::Slipway};
use anyhow::{Result, ensure};

const DEPLOYS: usize = 20;
const PER_SECOND: u64 = 200;

pub async fn run(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let slipway = Slipway::start(arguments).await?;
    let project = slipway.project("bench").await?;
    slipway.create(&project, "busy").await?;
    let load = Load::start("busy", PER_SECOND)?;
    for number in 0..DEPLOYS {
        slipway.deploy("busy", if number % 2 == 0 { "1.1" } else { "1.0" }).await?;
        slipway.until_switched("busy").await?;
    }
    let (good, failed) = load.stop().await;
    slipway.clean().await?;
    ensure!(good > 0, "the load did not run");
    let how =
        format!("{DEPLOYS} deploys, {} requests at {PER_SECOND}/s, half POST, half on kept connections", good + failed);
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    report.add("lost_requests", failed as f64, "requests", 0.0, how);
    Ok(())
}
