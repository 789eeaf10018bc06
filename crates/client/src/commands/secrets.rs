use super::value_from_stdin;
use crate::command::{OfApp, SetSecret, UnsetSecret};
use crate::connection::Connection;
use crate::failure::Result;
use crate::output;
use crate::waiting::finish;
use api::{Delivery, Deploy, Secret, SecretValue};
use reqwest::Method;

/// Lists the secrets.
pub async fn list(app: &OfApp) -> Result<()> {
    let secrets: Vec<Secret> = Connection::to(&app.to)?.get(&["apps", app.name.as_str(), "secrets"]).await?;
    if app.to.json {
        output::json(&secrets);
        return Ok(());
    }
    let given = |secret: &Secret| if secret.delivery == Delivery::File { "file" } else { "environment" }.to_owned();
    let rows: Vec<_> = secrets.into_iter().map(|it| [it.name.clone(), given(&it), it.set_by, it.set_at]).collect();
    output::table(["SECRET", "GIVEN AS", "SET BY", "SET"], &rows);
    Ok(())
}

/// Gives a secret the value from standard input.
pub async fn set(line: &SetSecret) -> Result<()> {
    let to = Connection::to(&line.app.to)?;
    let delivery = if line.environment { Delivery::Environment } else { Delivery::File };
    let value = SecretValue { value: value_from_stdin()?, delivery, reason: None };
    let parts = ["apps", line.app.name.as_str(), "secrets", &line.secret];
    let deploy: Deploy = to.send(to.request(Method::PUT, &parts).json(&value)).await?;
    finish(&to, &line.app, deploy, &line.waiting).await
}

/// Takes a secret away.
pub async fn unset(line: &UnsetSecret) -> Result<()> {
    let to = Connection::to(&line.app.to)?;
    let parts = ["apps", line.app.name.as_str(), "secrets", &line.secret];
    let deploy: Deploy = to.send(to.request(Method::DELETE, &parts)).await?;
    finish(&to, &line.app, deploy, &line.waiting).await
}
