//! What a browser downloads for its first page.

use crate::{arguments::Arguments, http, report::Report, slipway::Slipway};
use anyhow::{Result, ensure};
use std::collections::BTreeSet;

pub async fn run(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let slipway = Slipway::start(arguments).await?;
    let (page, downloaded) = slipway.downloaded_page("/").await?;
    let client = http::client(true)?;
    let mut parts = vec![format!("page {:.1}", kb(downloaded))];
    let mut sum = downloaded;
    for path in files(&page) {
        let url = format!("{}{path}", slipway.console);
        let answer = client.get(url).header("accept-encoding", "br").send().await?;
        ensure!(answer.status().is_success(), "{path} answered {}", answer.status());
        let size = answer.bytes().await?.len();
        parts.push(format!("{} {:.1}", path.rsplit('.').next().unwrap_or_default(), kb(size)));
        sum += size;
    }
    report.add("download", kb(sum), "kB", 250.0, parts.join(", "));
    Ok(())
}

/// The files that a page names; the script names the module as the page does.
fn files(page: &str) -> BTreeSet<String> {
    let starts = page.match_indices("/site/").map(|(start, _)| start);
    starts.map(|start| page[start..].split(['"', '\'', ' ', '>', ')']).next().unwrap_or_default().to_owned()).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a size of some kilobytes")]
fn kb(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}
