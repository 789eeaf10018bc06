use crate::command::{Diff, OfApp, Rollback};
use crate::connection::Connection;
use crate::failure::Result;
use crate::output;
use crate::waiting::finish;
use api::{Comparison, Deploy, Difference, Release};
use reqwest::Method;

/// Lists the releases.
pub async fn list(app: &OfApp) -> Result<()> {
    let releases: Vec<Release> = Connection::to(&app.to)?.get(&["apps", app.name.as_str(), "releases"]).await?;
    if app.to.json {
        output::json(&releases);
        return Ok(());
    }
    let row = |it: Release| [format!("r{}", it.number), it.tag, it.made_at, it.made_by, it.reason];
    let rows: Vec<_> = releases.into_iter().map(row).collect();
    output::table(["RELEASE", "TAG", "MADE", "BY", "WHY"], &rows);
    Ok(())
}

/// Compares two releases.
pub async fn diff(line: &Diff) -> Result<()> {
    let (from, to) = (line.from.to_string(), line.to.to_string());
    let parts = ["apps", line.app.name.as_str(), "releases", &from, "diff", &to];
    let comparison: Comparison = Connection::to(&line.app.to)?.get(&parts).await?;
    if line.app.to.json {
        output::json(&comparison);
    } else {
        print(&comparison.differences);
    }
    Ok(())
}

/// Prints differences, one on each line.
pub fn print(differences: &[Difference]) {
    if differences.is_empty() {
        output::line("Nothing is different.");
    }
    for it in differences {
        let what = it.name.as_ref().map_or_else(|| it.part.clone(), |name| format!("{} {name}", it.part));
        output::line(&match (&it.before, &it.after) {
            (Some(before), Some(after)) => format!("{what}: {before} → {after}"),
            (Some(before), None) => format!("{what}: {before} → ({})", it.change),
            (None, Some(after)) => format!("{what}: {after} ({})", it.change),
            (None, None) => format!("{what}: {}", it.change),
        });
    }
}

/// Brings a release back.
pub async fn roll_back(line: &Rollback) -> Result<()> {
    let (to, number) = (Connection::to(&line.app.to)?, line.release.to_string());
    let parts = ["apps", line.app.name.as_str(), "releases", &number, "rollback"];
    let deploy: Deploy = to.send(to.request(Method::POST, &parts)).await?;
    finish(&to, &line.app, deploy, &line.waiting).await
}
