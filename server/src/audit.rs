//! `slipway audit verify`: whether the audit log is as it was written. It only reads, and needs neither the key nor a
//! platform that runs.

use crate::command::StoreOptions;
use crate::folder;
use anyhow::{Context, Result};
use domain::ChainReport;
use std::process::ExitCode;
use store::Store;

/// Goes through the log and tells what it found.
pub async fn verify(options: StoreOptions) -> Result<ExitCode> {
    let url = match options.database_url {
        Some(url) => url,
        None => folder::existing_database_url(options.folder)?,
    };
    let store = Store::look(&url).await.context("The store cannot be opened.")?;
    let report = platform::verify_audit(&store).await?;
    println!("{}", told(&report));
    Ok(if report.fault.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn told(report: &ChainReport) -> String {
    match &report.fault {
        Some(fault) => format!(
            "The audit log is broken at line {}: {}. The {} lines before it are as they were written.",
            fault.number, fault.sentence, report.sound
        ),
        None if report.sound == 0 => "The audit log is empty.".to_owned(),
        None => format!(
            "All {} lines of the audit log are as they were written. The last has the hash\n{}\nKeep it elsewhere: a log that \
             was written anew as a whole has another one there.",
            report.sound, report.head
        ),
    }
}
