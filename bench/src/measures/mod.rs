//! The measurements, one file each.

mod deploy_overhead;
mod download;
mod gate_overhead;
mod home_at_scale;
mod hundred_apps;
mod lost_requests;
mod make_run;

use crate::{arguments::Arguments, report::Report};
use anyhow::{Result, bail};

/// What there is, in the order in which it runs.
pub const NAMES: [&str; 8] = [
    "download",
    "deploy_overhead",
    "lost_requests",
    "gate_overhead",
    "hundred_apps",
    "home_at_scale",
    "warm_run",
    "cold_run",
];

/// Those that take so long that they run only when they are named.
pub const ONLY_WHEN_NAMED: [&str; 2] = ["home_at_scale", "cold_run"];

/// Runs one.
pub async fn run(name: &str, arguments: &Arguments, report: &mut Report) -> Result<()> {
    match name {
        "download" => download::run(arguments, report).await,
        "deploy_overhead" => deploy_overhead::run(arguments, report).await,
        "lost_requests" => lost_requests::run(arguments, report).await,
        "gate_overhead" => gate_overhead::run(arguments, report).await,
        "home_at_scale" => home_at_scale::run(arguments, report).await,
        "hundred_apps" => hundred_apps::run(arguments, report).await,
        "warm_run" => make_run::warm(arguments, report),
        "cold_run" => make_run::cold(arguments, report),
        _ => bail!("no such measurement"),
    }
}
