//! The measurements, one file each.

mod deploy_overhead;
mod download;
mod hundred_apps;
mod lost_requests;

use crate::{arguments::Arguments, report::Report};
use anyhow::{Result, bail};

/// What there is, in the order in which it runs.
pub const NAMES: [&str; 4] = ["download", "deploy_overhead", "lost_requests", "hundred_apps"];

/// Runs one.
pub async fn run(name: &str, arguments: &Arguments, report: &mut Report) -> Result<()> {
    match name {
        "download" => download::run(arguments, report).await,
        "deploy_overhead" => deploy_overhead::run(arguments, report).await,
        "lost_requests" => lost_requests::run(arguments, report).await,
        "hundred_apps" => hundred_apps::run(arguments, report).await,
        _ => bail!("no such measurement"),
    }
}
