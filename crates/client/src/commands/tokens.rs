use crate::command::{CreateToken, RemoveToken, Tokens};
use crate::connection::Connection;
use crate::failure::{Failure, Result};
use crate::output::{self, error_line};
use api::{Code, MadeToken, NewToken, Problem, Token};
use reqwest::Method;

/// Where the tokens of an app are, or one's own.
fn place(of: &Tokens) -> Vec<&str> {
    of.name.as_ref().map_or_else(|| vec!["me", "tokens"], |name| vec!["apps", name.as_str(), "tokens"])
}

/// Lists tokens.
pub async fn list(of: &Tokens) -> Result<()> {
    let tokens: Vec<Token> = Connection::to(&of.to)?.get(&place(of)).await?;
    if of.to.json {
        output::json(&tokens);
        return Ok(());
    }
    let row = |it: Token| [it.name, it.state, it.expires_at, it.used_at.unwrap_or_default(), it.made_by, it.id];
    let rows: Vec<_> = tokens.into_iter().map(row).collect();
    output::table(["TOKEN", "STATE", "UNTIL", "LAST USED", "BY", "ID"], &rows);
    Ok(())
}

/// Makes a token; its text alone goes to standard output.
pub async fn create(line: &CreateToken) -> Result<()> {
    let to = Connection::to(&line.app.to)?;
    let new = NewToken { name: line.token_name.clone(), days: line.days };
    let request = to.request(Method::POST, &["apps", line.app.name.as_str(), "tokens"]).json(&new);
    let made: MadeToken = to.send(request).await?;
    if line.app.to.json {
        output::json(&made);
        return Ok(());
    }
    error_line(&output::plain(&format!(
        "{} deploys {} until {}. It is shown only this once.",
        made.token.name, line.app.name, made.token.expires_at
    )));
    output::line(&made.text);
    Ok(())
}

/// Withdraws a token, by name or id.
pub async fn remove(line: &RemoveToken) -> Result<()> {
    let (to, mut parts) = (Connection::to(&line.of.to)?, place(&line.of));
    let tokens: Vec<Token> = to.get(&parts).await?;
    let found = tokens.into_iter().find(|it| it.id == line.token_name || it.name == line.token_name);
    let missing = || Problem::new(Code::NotFound, format!("There is no token called “{}”.", line.token_name));
    let token = found.ok_or_else(|| Failure::Refused(missing()))?;
    parts.push(&token.id);
    to.order(to.request(Method::DELETE, &parts)).await?;
    if line.of.to.json {
        output::json(&serde_json::json!({ "removed": token.id }));
    } else {
        output::line(&format!("{} works no longer.", token.name));
    }
    Ok(())
}
