//! Misbehaviour, by environment and on request.

use crate::{Sample, log};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const MIB: usize = 1024 * 1024;

/// Starts what the environment asks for besides answering.
pub fn start_modes(sample: &Arc<Sample>, tasks: &mut JoinSet<()>) {
    if sample.modes.eat_mib > 0 {
        eat(sample, sample.modes.eat_mib);
    }
    if let Some(after) = sample.modes.crash_after {
        tasks.spawn(crash_after(after));
    }
    if sample.modes.lines_per_second > 0 {
        tasks.spawn(keep_logging(sample.modes.lines_per_second));
    }
}

async fn crash_after(after: Duration) {
    tokio::time::sleep(after).await;
    log::warn(&format!("crashes: CRASH_AFTER_MS asks for it after {} ms", after.as_millis()));
    std::process::exit(1);
}

/// Writes in small portions, each as large as the time since the start makes due.
async fn keep_logging(per_second: u32) {
    let started = Instant::now();
    let mut portion = tokio::time::interval(Duration::from_millis(10));
    let mut written: u128 = 0;
    loop {
        portion.tick().await;
        let due = started.elapsed().as_millis() * u128::from(per_second) / 1000;
        while written < due {
            written += 1;
            log::say(&format!("tick {written}"));
        }
    }
}

/// Takes memory and touches every page of it, so that the kernel really has to provide it.
fn eat(sample: &Sample, mib: usize) -> usize {
    let food = vec![1_u8; mib * MIB];
    let mut eaten = sample.eaten.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    eaten.push(food);
    let total = eaten.iter().map(Vec::len).sum::<usize>() / MIB;
    log::warn(&format!("holds {total} MiB"));
    total
}

#[derive(Deserialize)]
pub struct Slow {
    #[serde(default = "one_second")]
    ms: u64,
}

fn one_second() -> u64 {
    1000
}

/// Answers after a while.
pub async fn slow(Query(Slow { ms }): Query<Slow>) -> String {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    format!("after {ms} ms\n")
}

/// Answers with the status in the path.
pub async fn status(Path(code): Path<u16>) -> (StatusCode, String) {
    match StatusCode::from_u16(code).ok().filter(|_| (200..600).contains(&code)) {
        Some(status) => (status, format!("{status}\n")),
        None => (StatusCode::BAD_REQUEST, "Give a status from 200 to 599.\n".to_owned()),
    }
}

#[derive(Deserialize)]
#[serde(default)]
pub struct Lines {
    #[serde(rename = "lines")]
    count: u64,
    bytes: usize,
    stderr: bool,
    name: String,
}

impl Default for Lines {
    fn default() -> Self {
        Self { count: 1, bytes: 0, stderr: false, name: "log".to_owned() }
    }
}

/// Writes numbered lines, `NAME 1`, `NAME 2`, each filled up with `x`.
pub async fn write_lines(Query(wanted): Query<Lines>) -> String {
    let Lines { count, bytes, stderr, name } = wanted;
    let writing = tokio::task::spawn_blocking(move || {
        let write = if stderr { log::warn } else { log::say };
        for number in 1..=count {
            let line = format!("{name} {number}");
            let filler = bytes.saturating_sub(line.len() + 1);
            let line = if filler > 0 { format!("{line} {}", "x".repeat(filler)) } else { line };
            write(&line);
        }
    });
    match writing.await {
        Ok(()) => format!("wrote {count} lines\n"),
        Err(error) => format!("could not write: {error}\n"),
    }
}

#[derive(Deserialize)]
pub struct Crash {
    #[serde(default = "exit_code_one")]
    code: u8,
}

fn exit_code_one() -> u8 {
    1
}

/// Ends the process; the request gets no answer.
pub async fn crash(Query(Crash { code }): Query<Crash>) {
    log::warn(&format!("crashes with exit code {code}, as asked by a request"));
    std::process::exit(i32::from(code));
}

#[derive(Deserialize)]
pub struct Food {
    #[serde(default = "sixteen")]
    mib: usize,
}

fn sixteen() -> usize {
    16
}

/// Takes memory and keeps it.
pub async fn memory(State(sample): State<Arc<Sample>>, Query(Food { mib }): Query<Food>) -> String {
    match tokio::task::spawn_blocking(move || eat(&sample, mib)).await {
        Ok(total) => format!("holds {total} MiB\n"),
        Err(error) => format!("could not take {mib} MiB: {error}\n"),
    }
}
