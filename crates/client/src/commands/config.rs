use super::value_from_stdin;
use crate::command::{Get, OfApp, Set, Unset};
use crate::connection::Connection;
use crate::failure::{Failure, Result};
use crate::output;
use crate::waiting::{Waiting, finish};
use api::{Code, Deploy, Problem, Settings, SettingsChange};
use domain::Variables;
use reqwest::Method;
use std::collections::BTreeMap;

/// Prints all variables, or one.
pub async fn get(line: &Get) -> Result<()> {
    let settings: Settings = Connection::to(&line.app.to)?.get(&["apps", line.app.name.as_str(), "settings"]).await?;
    let sentence = "The variables are for those who may change them.";
    let variables = settings.variables.ok_or_else(|| Failure::Refused(Problem::new(Code::Forbidden, sentence)))?;
    let Some(name) = &line.variable else {
        return print_all(variables, line.app.to.json);
    };
    let missing = || Problem::new(Code::NotFound, format!("{} has no variable called “{name}”.", line.app.name));
    let value = variables.get(name).ok_or_else(|| Failure::Refused(missing()))?;
    if line.app.to.json {
        output::json(value);
    } else {
        output::value(value);
    }
    Ok(())
}

fn print_all(variables: BTreeMap<String, String>, is_json: bool) -> Result<()> {
    if is_json {
        output::json(&variables);
    } else {
        output::value(&Variables::try_from(variables)?.to_env_text());
    }
    Ok(())
}

/// Sets variables.
pub async fn set(line: &Set) -> Result<()> {
    let mut changes = BTreeMap::new();
    for pair in &line.pairs {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| Failure::Invalid(format!("“{}” is not NAME=value.", output::plain(pair))))?;
        changes.insert(name.to_owned(), Some(value.to_owned()));
    }
    if let Some(name) = &line.stdin {
        changes.insert(name.clone(), Some(value_from_stdin()?));
    }
    change(&line.app, changes, &line.waiting).await
}

/// Unsets variables.
pub async fn unset(line: &Unset) -> Result<()> {
    let changes = line.names.iter().map(|name| (name.clone(), None)).collect();
    change(&line.app, changes, &line.waiting).await
}

async fn change(app: &OfApp, variables: BTreeMap<String, Option<String>>, waiting: &Waiting) -> Result<()> {
    let to = Connection::to(&app.to)?;
    let change = SettingsChange { variables, ..SettingsChange::default() };
    let request = to.request(Method::PATCH, &["apps", app.name.as_str(), "settings"]).json(&change);
    let deploy: Deploy = to.send(request).await?;
    finish(&to, app, deploy, waiting).await
}
