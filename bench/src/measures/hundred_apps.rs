//! Memory idle and with 100 apps and 20 open browsers, and how long the page of an app takes then.

use crate::process::{docker, resident_mib};
use crate::{arguments::Arguments, http, report::Report, slipway::Slipway};
use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use std::time::{Duration, Instant};

const APPS: usize = 100;
const BROWSERS: usize = 20;
const PAGES: usize = 1000;
/// Deploys at a time while the apps are made.
const AT_ONCE: usize = 4;

pub async fn run(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let slipway = Slipway::start(arguments).await?;
    tokio::time::sleep(Duration::from_secs(10)).await;
    report.add("memory_idle", resident_mib(slipway.pid())?, "MiB", 64.0, "resident, 10 s after the start".to_owned());
    let project = slipway.project("bench").await?;
    let names: Vec<_> = (1..=APPS).map(|number| format!("app-{number}")).collect();
    stream::iter(&names)
        .map(|name| slipway.create(&project, name))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<_>>()
        .await?;
    let browsers: Vec<_> = stream::iter(0..BROWSERS).then(|_| slipway.live()).try_collect().await?;
    let mut millis = Vec::new();
    for number in 0..PAGES {
        let began = Instant::now();
        slipway.page(&format!("/apps/{}", names[number % APPS])).await?;
        millis.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    millis.sort_by(f64::total_cmp);
    let how = format!("{APPS} apps, {BROWSERS} open event streams; p50 {:.1} ms", http::percentile(&millis, 0.5));
    report.add("app_page_p99", http::percentile(&millis, 0.99), "ms", 20.0, how);
    let how = format!("resident, after {PAGES} pages with {APPS} apps and {} open event streams", browsers.len());
    report.add("memory_busy", resident_mib(slipway.pid())?, "MiB", 128.0, how);
    let ingress: u32 =
        docker(&arguments.docker_socket, &["inspect", "--format", "{{.State.Pid}}", "slipway-ingress"])?.parse()?;
    report.add("memory_ingress", resident_mib(ingress)?, "MiB", 32.0, format!("resident, with {APPS} apps"));
    drop(browsers);
    slipway.clean().await
}
