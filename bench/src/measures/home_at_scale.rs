//! The first page of somebody who sees a hundred apps, in a company of ten thousand people and ten thousand apps, on both
//! databases. The apps are only pretended: what is measured are store, permission and page.

use crate::{arguments::Arguments, http, report::Report, seed, slipway::Slipway};
use anyhow::{Context, Result, ensure};
use std::time::Instant;
use store::{SealingKey, Store};

const PAGES: usize = 500;
/// An app of a team that the operator belongs to, and one of a team that they do not.
const SEEN: &str = "app-900-1-4";
const UNSEEN: &str = "app-901-1-4";

pub async fn run(arguments: &Arguments, report: &mut Report) -> Result<()> {
    for (name, database) in
        [("home_at_scale_sqlite", None), ("home_at_scale_postgres", Some(testkit::postgres::new_database()))]
    {
        let (p50, p99) = measure(arguments, database).await?;
        let people = seed::TEAMS * seed::PEOPLE;
        let how = format!(
            "{people} people, {} teams, {} apps, of which one person sees 100; p50 {p50:.1} ms",
            seed::TEAMS,
            seed::TEAMS * seed::APPS
        );
        report.add(name, p99, "ms", 30.0, how);
    }
    Ok(())
}

/// The median and the 99th percentile, in milliseconds.
async fn measure(arguments: &Arguments, database: Option<String>) -> Result<(f64, f64)> {
    let slipway = Slipway::pretending(arguments, database.as_deref()).await?;
    let project = slipway.project("bench").await?;
    slipway.create(&project, "model").await?;
    let bytes = [0; 32];
    let key = SealingKey::load_or_create(&slipway.folder().join("sealing.key"), bytes)?;
    let file = format!("sqlite:{}", slipway.folder().join("slipway.db").display());
    let store = Store::open(&database.unwrap_or(file), key).await?;
    seed::company(&store).await.context("the company cannot be written")?;
    store.close().await;
    let mut millis = Vec::new();
    for _ in 0..PAGES {
        let began = Instant::now();
        let page = slipway.page("/").await?;
        millis.push(began.elapsed().as_secs_f64() * 1000.0);
        ensure!(page.contains(SEEN) && !page.contains(UNSEEN), "the page shows other apps than the person's own");
    }
    millis.sort_by(f64::total_cmp);
    Ok((http::percentile(&millis, 0.5), http::percentile(&millis, 0.99)))
}
