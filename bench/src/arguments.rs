use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// What the command line says.
#[derive(Debug, Clone)]
pub struct Arguments {
    /// The program to measure.
    pub slipway: PathBuf,
    /// The engine it runs on; one of the testbed's.
    pub docker_socket: PathBuf,
    /// Where the figures go.
    pub results: PathBuf,
    /// The one measurement that is wanted; otherwise all.
    pub name: Option<String>,
}

impl Arguments {
    /// `--slipway PATH --docker-socket PATH --results PATH [NAME]`.
    pub fn from_command_line() -> Result<Self> {
        let (mut slipway, mut docker_socket, mut results, mut name) = (None, None, None, None);
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--slipway" => slipway = words.next(),
                "--docker-socket" => docker_socket = words.next(),
                "--results" => results = words.next(),
                flag if flag.starts_with('-') => bail!("There is no option {flag}."),
                _ => name = Some(word),
            }
        }
        Ok(Self {
            slipway: slipway.context("--slipway is missing")?.into(),
            docker_socket: docker_socket.context("--docker-socket is missing")?.into(),
            results: results.context("--results is missing")?.into(),
            name,
        })
    }
}
