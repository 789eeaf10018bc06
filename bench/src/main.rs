//! Measures the running platform. Each figure is printed beside its aim and written to a file; nothing here can fail a build
//! on a slow day.

mod arguments;
mod http;
mod load;
mod measures;
mod process;
mod report;
mod seed;
mod slipway;

use anyhow::{Result, bail};
use arguments::Arguments;
use report::Report;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::from_command_line()?;
    let mut report = Report::default();
    let mut has_run = false;
    for name in measures::NAMES {
        let is_wanted = match arguments.name.as_deref() {
            Some(wanted) => wanted == name,
            None => !measures::ONLY_WHEN_NAMED.contains(&name),
        };
        if is_wanted {
            measures::run(name, &arguments, &mut report).await?;
            // At once: what comes after it may fail, and this has been measured.
            report.write(&arguments.results)?;
            has_run = true;
        }
    }
    if !has_run {
        bail!("There is no measurement of that name. There are: {}.", measures::NAMES.join(", "));
    }
    Ok(())
}
