use bollard::errors::Error as Engine;

/// What went wrong, as a sentence for a person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine does not answer. Trying again may help.
    #[error("{0}")]
    Unreachable(String),
    /// The engine, or this node, refused for a reason that trying again will not change.
    #[error("{0}")]
    Refused(String),
}

/// The outcome of a call.
pub type Result<T> = std::result::Result<T, Error>;

impl From<Engine> for Error {
    /// Docker's own words when it answered at all.
    fn from(error: Engine) -> Self {
        match error {
            Engine::DockerResponseServerError { message, .. } => {
                Self::Refused(format!("The Docker engine refused: {}.", message.trim_end_matches(['.', '\n'])))
            }
            Engine::DockerStreamError { error } => {
                Self::Refused(format!("The Docker engine refused: {}.", error.trim_end_matches(['.', '\n'])))
            }
            Engine::SocketNotFoundError(path) => Self::Unreachable(format!("There is no Docker engine at {path}.")),
            other => Self::Unreachable(format!("The Docker engine does not answer: {other}.")),
        }
    }
}

/// Whether the engine said that the thing asked for is not there.
pub(crate) fn is_not_found(error: &Engine) -> bool {
    matches!(error, Engine::DockerResponseServerError { status_code: 404, .. })
}
