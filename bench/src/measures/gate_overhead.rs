//! A gated app beside a public one: how many requests get through, and how long the slowest hundredth of them takes.

use crate::report::{Aim, Figure, Report};
use crate::{arguments::Arguments, http, slipway::Slipway};
use anyhow::{Context, Result, ensure};
use std::process::Command;

/// How often each of the two is loaded, in turns.
const ROUNDS: usize = 15;
const SECONDS: &str = "3s";
const CONNECTIONS: &str = "8";

pub async fn run(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let slipway = Slipway::start(arguments).await?;
    let project = slipway.project("bench").await?;
    for (app, who) in [("open", "public"), ("gated", "company")] {
        slipway.create(&project, app).await?;
        slipway.open_to(app, who).await?;
    }
    let pass = slipway.pass("gated").await?;
    let (mut throughput, mut p99) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Who goes first has the colder machine, so they take turns at that too.
        let (open, gated) = if round % 2 == 0 {
            let open = load("open", "")?;
            (open, load("gated", &pass)?)
        } else {
            let gated = load("gated", &pass)?;
            (load("open", "")?, gated)
        };
        throughput.push(gated.per_second / open.per_second);
        p99.push(gated.p99 / open.p99);
    }
    slipway.clean().await?;
    let how = || format!("gated divided by public, median of {ROUNDS} pairs of {SECONDS}, {CONNECTIONS} connections");
    report.put(Figure::new("gate_throughput", http::median(throughput), "", Aim::AtLeast(0.95), how()));
    report.put(Figure::new("gate_p99", http::median(p99), "", Aim::AtMost(1.1), how()));
    Ok(())
}

/// What a load showed.
struct Loaded {
    per_second: f64,
    /// In microseconds.
    p99: f64,
}

/// Sends one app as many requests as it answers.
fn load(app: &str, cookie: &str) -> Result<Loaded> {
    let (host, cookie) = (format!("Host: {app}.localhost"), format!("Cookie: {cookie}"));
    let options = ["--latency", "--threads", "1", "--connections", CONNECTIONS, "--duration", SECONDS];
    let headers = ["--header", &host, "--header", &cookie];
    let output = Command::new("wrk").args(options).args(headers).arg("http://127.0.0.1:8080/whoami").output();
    let text = String::from_utf8(output.context("wrk cannot be started")?.stdout)?;
    ensure!(!text.contains("Non-2xx") && !text.contains("Socket errors"), "not every request was answered: {text}");
    let after = |label: &str| {
        text.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim).context("wrk printed no figures")
    };
    Ok(Loaded { per_second: after("Requests/sec:")?.parse()?, p99: micros(after("99%")?)? })
}

/// A time as wrk writes it.
fn micros(text: &str) -> Result<f64> {
    for (unit, factor) in [("us", 1.0), ("ms", 1e3), ("s", 1e6)] {
        if let Some(number) = text.strip_suffix(unit) {
            return Ok(number.trim().parse::<f64>()? * factor);
        }
    }
    anyhow::bail!("{text} is no time")
}
