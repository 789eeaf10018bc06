use crate::command::{Logs, OfApp, Remove, To};
use crate::connection::Connection;
use crate::failure::{Failure, Result};
use crate::output;
use api::{App, AppDetail, LogLine};
use futures::StreamExt as _;
use reqwest::Method;

/// Lists the apps.
pub async fn list(to: &To) -> Result<()> {
    let apps: Vec<App> = Connection::to(to)?.get(&["apps"]).await?;
    if to.json {
        output::json(&apps);
        return Ok(());
    }
    let rows: Vec<_> = apps.into_iter().map(row).collect();
    output::table(["APP", "STATE", "RELEASE", "TAG", "PROJECT", "ADDRESS"], &rows);
    Ok(())
}

fn row(app: App) -> [String; 6] {
    let (release, tag) = app.release.map_or_else(Default::default, |it| (format!("r{}", it.number), it.tag));
    [app.name, app.health, release, tag, format!("{}/{}", app.team, app.project), app.address]
}

/// Shows an app.
pub async fn inspect(app: &OfApp) -> Result<()> {
    let detail: AppDetail = Connection::to(&app.to)?.get(&["apps", app.name.as_str()]).await?;
    if app.to.json {
        output::json(&detail);
        return Ok(());
    }
    output::line(&format!("{}  {}", detail.app.name, detail.app.address));
    output::line(&detail.app.state);
    if let Some(deploy) = &detail.deploying {
        output::line(&deploy.headline);
    }
    let row = |it: api::Replica| {
        let (node, why) = (it.node.unwrap_or_default(), it.reason.unwrap_or_default());
        [format!("r{}.{}", it.release, it.slot), it.state, node, it.since, why]
    };
    let rows: Vec<_> = detail.replicas.into_iter().map(row).collect();
    if !rows.is_empty() {
        output::table(["REPLICA", "STATE", "NODE", "SINCE", "WHY"], &rows);
    }
    Ok(())
}

/// Prints lines until there are no more, or with `--follow` until Ctrl-C.
pub async fn logs(line: &Logs) -> Result<()> {
    let to = Connection::to(&line.app.to)?;
    let request = to.request(Method::GET, &["apps", line.app.name.as_str(), "logs"]);
    let request = request.query(&[("last", line.last.to_string()), ("follow", line.follow.to_string())]);
    let mut body = to.respond(request).await?.bytes_stream();
    let mut rest = Vec::new();
    while let Some(part) = body.next().await {
        let part = part.map_err(|_| Failure::Unreachable("The server went away in the middle.".to_owned()))?;
        rest.extend_from_slice(&part);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let written: Vec<u8> = rest.drain(..=end).collect();
            if let Ok(written) = serde_json::from_slice::<LogLine>(&written) {
                print(&written, line.app.to.json);
            }
        }
    }
    if line.follow {
        return Err(Failure::Unreachable("The server ended the stream.".to_owned()));
    }
    Ok(())
}

fn print(line: &LogLine, is_json: bool) {
    if is_json {
        output::json_line(line);
    } else {
        output::line(&format!("{} r{}.{} {}", line.at, line.release, line.slot, line.text));
    }
}

/// Deletes an app, when one means it.
pub async fn remove(line: &Remove) -> Result<()> {
    let name = &line.app.name;
    if !line.yes {
        let sentence =
            format!("This deletes {name} with all its releases, variables and secrets. Repeat it with --yes.");
        return Err(Failure::Invalid(sentence));
    }
    let to = Connection::to(&line.app.to)?;
    to.order(to.request(Method::DELETE, &["apps", name.as_str()])).await?;
    if line.app.to.json {
        output::json(&serde_json::json!({ "removed": name }));
    } else {
        output::line(&format!("{name} is deleted."));
    }
    Ok(())
}
