//! How long `make run` takes from nothing but the sources, and when everything is there, until it says where the console is.

use crate::{arguments::Arguments, http, process::remove_ingress, report::Report};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// How often the warm start is measured.
const ROUNDS: usize = 5;

pub fn warm(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let mut seconds = Vec::new();
    // The first one brings the ingress's image to the engine.
    start(arguments, None)?;
    for _ in 0..ROUNDS {
        seconds.push(start(arguments, None)?);
    }
    let how = format!("`make run` until it prints the console's address, everything built; median of {ROUNDS}");
    report.add("warm_run", http::median(seconds), "s", 10.0, how);
    Ok(())
}

pub fn cold(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let cache = tempfile::tempdir()?;
    let minutes = start(arguments, Some(cache.path()))? / 60.0;
    let how =
        "`make run` until it prints the console's address; nothing compiled, Debian packages and crates fetched before";
    report.add("cold_run", minutes, "min", 15.0, how.to_owned());
    Ok(())
}

/// Runs the README's first command and ends it again; seconds until it was ready.
fn start(arguments: &Arguments, cache: Option<&Path>) -> Result<f64> {
    remove_ingress(&arguments.docker_socket)?;
    let folder = tempfile::tempdir()?;
    let options = format!("ARGS=--json --listen 127.0.0.1:8080 --folder {}", folder.path().display());
    let mut make = Command::new("make");
    make.args(["--silent", "run", &options]).env("SLIPWAY_DOCKER_SOCKET", &arguments.docker_socket);
    if let Some(cache) = cache {
        make.env("SLIPWAY_CACHE", cache).env_remove("CARGO_TARGET_DIR");
    }
    // A group of its own, so that what it starts can be ended with it.
    let began = Instant::now();
    let mut run = make.stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0).spawn().context("make")?;
    let lines = BufReader::new(run.stdout.take().context("no output")?).lines();
    let is_ready = lines.map_while(Result::ok).any(|line| line.starts_with('{'));
    let seconds = began.elapsed().as_secs_f64();
    let group = format!("-{}", run.id());
    let ended = Command::new("kill").args(["-TERM", "--", &group]).status()?;
    run.wait()?;
    ensure!(is_ready && ended.success(), "`make run` ended without saying where the console is");
    Ok(seconds)
}
