//! `slipway <role>`: one binary, several roles. This is the only crate that sees all others; it wires them and holds no rule.

mod adapters;
mod audit;
mod certificates;
mod command;
mod dns;
mod docker;
mod folder;
mod http;
mod oidc;
mod run;
mod runtime;
mod terminal;

use anyhow::Result;
use clap::Parser;
use command::{AuditCommand, Command, Role};
use std::process::ExitCode;

fn main() -> Result<ExitCode> {
    let command = match Command::try_parse_from(client::in_two_words(std::env::args_os())) {
        Ok(command) => command,
        Err(why) => return Ok(explain(&why)),
    };
    start_tracing();
    match command.role {
        Role::Run(options) => {
            tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run::run(*options))?;
        }
        Role::Client(command) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            return Ok(runtime.block_on(client::run(command)));
        }
        Role::Ingress(options) => ingress::run(options.into())?,
        Role::Audit(AuditCommand::Verify(options)) => {
            return tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(audit::verify(options));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows help, or what is wrong with the command line, which may hold what a terminal would act on.
fn explain(why: &clap::Error) -> ExitCode {
    if why.use_stderr() {
        eprint!("{}", client::plain(&why.render().to_string()));
    } else {
        let _nobody_reads = why.print();
    }
    ExitCode::from(u8::try_from(why.exit_code()).unwrap_or(1))
}

/// Warnings of everything and notes of our own go to the terminal; `SLIPWAY_LOG` asks for more or less. Pingora calls every
/// visitor who hangs up an error, and says nothing else that the ingress does not count itself.
fn start_tracing() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("SLIPWAY_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,slipway=info,pingora_proxy=off,pingora_core=off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
}
