//! The commands of `slipway` over HTTPS: what the API does, for people at a terminal and for scripts. It knows the API and
//! the words, and no rule: whether something may be done, the server says.
//!
//! Answers go to standard output, progress and refusals to standard error; what came of it is the exit code.

mod command;
mod commands;
mod connection;
mod failure;
mod output;
mod spelling;
mod timeline;
mod waiting;

pub use command::Command;
pub use output::plain;
pub use spelling::in_two_words;

use std::process::ExitCode;

/// Does what a command says, and tells how it went by the exit code.
pub async fn run(command: Command) -> ExitCode {
    let is_json = command.to().is_some_and(|to| to.json);
    match commands::run(command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell(is_json);
            ExitCode::from(failure.exit_code())
        }
    }
}
