//! From pressing Deploy to the first answer of the new release, beside raw `docker service create` until the same app answers.

use crate::{arguments::Arguments, http, process::docker, report::Report, slipway::Slipway};
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often each of the two is measured, in turns.
const ROUNDS: usize = 12;

pub async fn run(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let slipway = Slipway::start(arguments).await?;
    let project = slipway.project("bench").await?;
    slipway.create(&project, "overhead").await?;
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let tag = if round % 2 == 0 { "1.1" } else { "1.0" };
        ours.push(deploy(&slipway, tag).await?);
        slipway.until_switched("overhead").await?;
        raw.push(service_create(&arguments.docker_socket).await?);
    }
    slipway.clean().await?;
    let (ours, raw) = (http::median(ours), http::median(raw));
    let how = format!("median of {ROUNDS}: {:.0} ms beside {:.0} ms", ours * 1000.0, raw * 1000.0);
    report.add("deploy_overhead", ours / raw, "", 1.3, how);
    Ok(())
}

/// Seconds from the press to the first answer with the new version.
async fn deploy(slipway: &Slipway, tag: &str) -> Result<f64> {
    let began = Instant::now();
    slipway.deploy("overhead", tag).await?;
    until_answer("http://127.0.0.1:8080/whoami", "overhead.localhost", tag, began).await
}

/// Seconds from starting Docker's client to the first answer.
async fn service_create(socket: &Path) -> Result<f64> {
    let began = Instant::now();
    let create = [
        "service",
        "create",
        "--quiet",
        "--detach",
        "--no-resolve-image",
        "--name",
        "bench-raw",
        "--endpoint-mode",
        "dnsrr",
        "--publish",
        "mode=host,target=8080,published=18080",
        "slipway-sample:1.1",
    ];
    docker(socket, &create)?;
    let took = until_answer("http://127.0.0.1:18080/whoami", "raw.localhost", "1.1", began).await;
    docker(socket, &["service", "rm", "bench-raw"])?;
    until_free().await?;
    took
}

async fn until_answer(url: &str, host: &str, version: &str, began: Instant) -> Result<f64> {
    let client = http::client(true)?;
    let wanted = format!("\"{version}\"");
    loop {
        let request = client
            .get(url)
            .header("host", host)
            .header("accept", "application/json")
            .timeout(Duration::from_millis(500));
        if let Ok(answer) = request.send().await
            && answer.text().await.is_ok_and(|text| text.contains(&wanted))
        {
            return Ok(began.elapsed().as_secs_f64());
        }
        ensure!(began.elapsed() < Duration::from_mins(1), "{host} did not answer with {version}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Waits until the raw service's port is free again.
async fn until_free() -> Result<()> {
    let began = Instant::now();
    while tokio::net::TcpStream::connect("127.0.0.1:18080").await.is_ok() {
        ensure!(began.elapsed() < Duration::from_mins(1), "the raw service does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
