//! The command line.

use crate::waiting::Waiting;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What can be asked of a server. Each noun may be joined with its verb by a colon: `slipway app:deploy`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Apps: deploy, list, inspect, logs, remove.
    #[command(subcommand)]
    App(AppCommand),
    /// Releases of an app: list, diff, rollback.
    #[command(subcommand)]
    Release(ReleaseCommand),
    /// Variables of an app: get, set, unset.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Secrets of an app: list, set, unset.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Tokens: list, create, remove.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Says for whom the token stands.
    Whoami(To),
    /// Says which version this is.
    Version,
}

/// Which server, with which token, and for whom the answer is.
#[derive(Debug, Clone, Args)]
pub struct To {
    /// The server, such as `https://paas.example.com`.
    #[arg(long, env = "SLIPWAY_URL", value_name = "URL")]
    pub server: Option<String>,
    /// The token. On the command line others on this machine can see it: use the variable or a file.
    #[arg(long, env = "SLIPWAY_TOKEN", hide = true, hide_env_values = true)]
    pub token: Option<String>,
    /// A file that holds the token.
    #[arg(long, env = "SLIPWAY_TOKEN_FILE", value_name = "PATH")]
    pub token_file: Option<PathBuf>,
    /// Answers in JSON.
    #[arg(long)]
    pub json: bool,
}

/// An app on a server.
#[derive(Debug, Clone, Args)]
pub struct OfApp {
    /// The app's name.
    #[arg(long, short, value_name = "APP")]
    pub name: domain::AppName,
    /// Where it is.
    #[command(flatten)]
    pub to: To,
}

/// Apps.
#[derive(Debug, Subcommand)]
pub enum AppCommand {
    /// Deploys a tag of an image, and waits until it has the traffic and has proved itself. A redeploy needs only name and tag.
    #[command(
        after_help = "Examples:\n  slipway app:deploy --image registry.example.com/shop --tag 1.0 --name shop\n  slipway app:deploy --tag 1.1 -n shop"
    )]
    Deploy(Box<Deploy>),
    /// Lists the apps of your teams.
    List(To),
    /// Shows an app and what runs of it.
    Inspect(OfApp),
    /// Prints what the replicas write.
    Logs(Logs),
    /// Deletes an app: its address stops answering at once.
    Remove(Remove),
}

/// What is deployed.
#[derive(Debug, Args)]
pub struct Deploy {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// The image; the last release's when left out.
    #[arg(long, short)]
    pub image: Option<String>,
    /// The tag. It may also stand behind the image, after a colon.
    #[arg(long, short)]
    pub tag: Option<String>,
    /// The project of a new app, as PROJECT or TEAM/PROJECT. Not needed when there is one only.
    #[arg(long, short)]
    pub project: Option<String>,
    /// Why, for the list of releases.
    #[arg(long, short)]
    pub reason: Option<String>,
    /// Why it shall happen although the project is frozen. Owners may say so.
    #[arg(long)]
    pub despite: Option<String>,
    /// Where the app listens.
    #[arg(long)]
    pub port: Option<u64>,
    /// How many copies run.
    #[arg(long)]
    pub replicas: Option<u64>,
    /// MiB, for each replica.
    #[arg(long)]
    pub memory: Option<u64>,
    /// Thousandths of a core, for each replica.
    #[arg(long)]
    pub cpu: Option<u64>,
    /// Only says what would become different.
    #[arg(long)]
    pub dry_run: bool,
    /// How long one waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// Which lines.
#[derive(Debug, Args)]
pub struct Logs {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// How many of the last lines of each replica come first.
    #[arg(long, default_value_t = 200)]
    pub last: u32,
    /// Goes on with new lines as they come.
    #[arg(long, short)]
    pub follow: bool,
}

/// What is deleted.
#[derive(Debug, Args)]
pub struct Remove {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// Yes, with all its releases, variables and secrets.
    #[arg(long)]
    pub yes: bool,
}

/// Releases.
#[derive(Debug, Subcommand)]
pub enum ReleaseCommand {
    /// Lists the last releases of an app, the newest first.
    List(OfApp),
    /// Shows what two releases do not have in common.
    Diff(Diff),
    /// Brings an earlier release back, image and settings together.
    Rollback(Rollback),
}

/// Two releases.
#[derive(Debug, Args)]
pub struct Diff {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// The one, such as 1 or r1.
    #[arg(value_parser = number)]
    pub from: u32,
    /// The other.
    #[arg(value_parser = number)]
    pub to: u32,
}

/// The release to go back to.
#[derive(Debug, Args)]
pub struct Rollback {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// Which release, such as 1 or r1.
    #[arg(value_parser = number)]
    pub release: u32,
    /// How long one waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// Variables.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Prints the variables as `.env` text, or the value of one.
    Get(Get),
    /// Sets variables, in one release.
    #[command(
        after_help = "Examples:\n  slipway config:set -n shop GREETING=hello COLOUR=blue\n  slipway config:set -n shop --stdin CERTIFICATE < certificate.pem"
    )]
    Set(Set),
    /// Unsets variables, in one release.
    Unset(Unset),
}

/// Which variable.
#[derive(Debug, Args)]
pub struct Get {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// Its name; all when left out.
    pub variable: Option<String>,
}

/// What is set.
#[derive(Debug, Args)]
pub struct Set {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// `NAME=value`, several times.
    #[arg(value_name = "NAME=VALUE", required_unless_present = "stdin")]
    pub pairs: Vec<String>,
    /// The variable whose value comes from standard input, without one line's end behind it.
    #[arg(long, value_name = "NAME")]
    pub stdin: Option<String>,
    /// How long one waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// What is unset.
#[derive(Debug, Args)]
pub struct Unset {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// The names.
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// How long one waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// Secrets.
#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Lists the names of the secrets, never their values.
    List(OfApp),
    /// Gives a secret the value that comes from standard input, without one line's end behind it.
    #[command(after_help = "Example:\n  slipway secret:set -n shop API_KEY < key.txt")]
    Set(SetSecret),
    /// Takes a secret away.
    Unset(UnsetSecret),
}

/// Which secret, and how it is given.
#[derive(Debug, Args)]
pub struct SetSecret {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// Its name.
    pub secret: String,
    /// Gives it as a variable of the environment instead of a file.
    #[arg(long)]
    pub environment: bool,
    /// How long one waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// Which secret.
#[derive(Debug, Args)]
pub struct UnsetSecret {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// Its name.
    pub secret: String,
    /// How long one waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// Tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Lists the tokens of an app, or without one your own.
    List(Tokens),
    /// Makes a token that deploys an app and nothing else, and prints it this once.
    Create(CreateToken),
    /// Lets a token work no longer.
    Remove(RemoveToken),
}

/// Whose tokens.
#[derive(Debug, Args)]
pub struct Tokens {
    /// The app; your own when left out.
    #[arg(long, short, value_name = "APP")]
    pub name: Option<domain::AppName>,
    /// Where.
    #[command(flatten)]
    pub to: To,
}

/// A token to come.
#[derive(Debug, Args)]
pub struct CreateToken {
    /// The app.
    #[command(flatten)]
    pub app: OfApp,
    /// What it is called.
    pub token_name: String,
    /// For how many days it works.
    #[arg(long)]
    pub days: Option<u64>,
}

/// A token to go.
#[derive(Debug, Args)]
pub struct RemoveToken {
    /// Whose.
    #[command(flatten)]
    pub of: Tokens,
    /// Its name or id.
    pub token_name: String,
}

fn number(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix('r').unwrap_or(text);
    digits.parse().map_err(|_| "a release is a number, such as 1 or r1".to_owned())
}

impl Command {
    /// Which server it is for.
    pub fn to(&self) -> Option<&To> {
        Some(match self {
            Self::App(AppCommand::Deploy(it)) => &it.app.to,
            Self::App(AppCommand::Logs(it)) => &it.app.to,
            Self::App(AppCommand::Remove(it)) => &it.app.to,
            Self::App(AppCommand::Inspect(it))
            | Self::Release(ReleaseCommand::List(it))
            | Self::Secret(SecretCommand::List(it)) => &it.to,
            Self::Release(ReleaseCommand::Diff(it)) => &it.app.to,
            Self::Release(ReleaseCommand::Rollback(it)) => &it.app.to,
            Self::Config(ConfigCommand::Get(it)) => &it.app.to,
            Self::Config(ConfigCommand::Set(it)) => &it.app.to,
            Self::Config(ConfigCommand::Unset(it)) => &it.app.to,
            Self::Secret(SecretCommand::Set(it)) => &it.app.to,
            Self::Secret(SecretCommand::Unset(it)) => &it.app.to,
            Self::Token(TokenCommand::List(it)) => &it.to,
            Self::Token(TokenCommand::Create(it)) => &it.app.to,
            Self::Token(TokenCommand::Remove(it)) => &it.of.to,
            Self::App(AppCommand::List(to)) | Self::Whoami(to) => to,
            Self::Version => return None,
        })
    }
}
