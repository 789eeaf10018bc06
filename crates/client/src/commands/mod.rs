//! One file for each noun.

mod apps;
mod config;
mod deploy;
mod releases;
mod secrets;
mod tokens;
mod whoami;

use crate::command::{AppCommand, Command, ConfigCommand, ReleaseCommand, SecretCommand, TokenCommand};
use crate::failure::{Failure, Result};
use crate::output;
use std::io::Read as _;

/// More than any value may have, in bytes.
const LARGEST: u64 = 1 << 20;

/// Does what a command says.
pub async fn run(command: Command) -> Result<()> {
    match command {
        Command::App(AppCommand::Deploy(it)) => deploy::deploy(*it).await,
        Command::App(AppCommand::List(to)) => apps::list(&to).await,
        Command::App(AppCommand::Inspect(app)) => apps::inspect(&app).await,
        Command::App(AppCommand::Logs(it)) => apps::logs(&it).await,
        Command::App(AppCommand::Remove(it)) => apps::remove(&it).await,
        Command::Release(ReleaseCommand::List(app)) => releases::list(&app).await,
        Command::Release(ReleaseCommand::Diff(it)) => releases::diff(&it).await,
        Command::Release(ReleaseCommand::Rollback(it)) => releases::roll_back(&it).await,
        Command::Config(ConfigCommand::Get(it)) => config::get(&it).await,
        Command::Config(ConfigCommand::Set(it)) => config::set(&it).await,
        Command::Config(ConfigCommand::Unset(it)) => config::unset(&it).await,
        Command::Secret(SecretCommand::List(app)) => secrets::list(&app).await,
        Command::Secret(SecretCommand::Set(it)) => secrets::set(&it).await,
        Command::Secret(SecretCommand::Unset(it)) => secrets::unset(&it).await,
        Command::Token(TokenCommand::List(it)) => tokens::list(&it).await,
        Command::Token(TokenCommand::Create(it)) => tokens::create(&it).await,
        Command::Token(TokenCommand::Remove(it)) => tokens::remove(&it).await,
        Command::Whoami(to) => whoami::show(&to).await,
        Command::Version => {
            output::line(&format!("slipway {}", env!("CARGO_PKG_VERSION")));
            Ok(())
        }
    }
}

/// A value from standard input, without the one line's end that `echo` and editors put behind it.
fn value_from_stdin() -> Result<String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|why| Failure::Broken(format!("Standard input cannot be read: {why}.")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::Invalid("The value is larger than 1 MiB.".to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::Invalid("The value is no UTF-8 text.".to_owned()))?;
    let ended = text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text));
    Ok(ended.unwrap_or(&text).to_owned())
}
