//! Measures the running platform. Each figure is printed beside its aim and written to a file; nothing here can fail a build
//! on a slow day.

mod arguments;
mod http;
mod load;
mod measures;
mod process;
mod report;
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
        if arguments.name.as_deref().is_none_or(|wanted| wanted == name) {
            measures::run(name, &arguments, &mut report).await?;
            has_run = true;
        }
    }
    if !has_run {
        bail!("There is no measurement of that name. There are: {}.", measures::NAMES.join(", "));
    }
    report.write(&arguments.results)
}
