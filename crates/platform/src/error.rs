//! The one error type at the platform's edge.

use domain::{Invalid, Refusal};

/// Why something was not done. Five kinds carry a sentence for the person; the sixth keeps its cause for the log and shows
/// an incident number.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not there, or not there for this actor: the two cannot be told apart.
    #[error("There is no {kind} called “{name}”.")]
    NotFound {
        /// `app`, `project`, …
        kind: &'static str,
        /// What was asked for.
        name: String,
    },
    /// Something else stands in the way now; a later try may work.
    #[error("{0}")]
    Conflict(String),
    /// The input cannot be accepted.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The actor's role does not allow it.
    #[error(transparent)]
    Forbidden(#[from] Refusal),
    /// A part that is needed does not answer.
    #[error("{0}")]
    Unavailable(String),
    /// A defect, or a broken disk. The person sees the incident number, the log has the cause.
    #[error("Something went wrong on our side. Incident {incident}.")]
    Internal {
        /// Stands in the log beside the cause.
        incident: String,
    },
}

/// The outcome of an operation.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Not there.
    pub fn not_found(kind: &'static str, name: impl Into<String>) -> Self {
        Self::NotFound { kind, name: name.into() }
    }

    /// Keeps the cause in the log under a new incident number.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let incident = incident();
        tracing::error!(error.incident = %incident, error.cause = %cause, "an operation failed for a reason of our own");
        Self::Internal { incident }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::internal(error)
    }
}

impl From<orchestrator::Error> for Error {
    fn from(error: orchestrator::Error) -> Self {
        use orchestrator::Error as E;
        match error {
            E::Unreachable(sentence) => Self::Unavailable(sentence),
            E::NoSuchImage(sentence) => Invalid::new("image", sentence).into(),
            E::Refused(sentence) => Self::Conflict(sentence),
        }
    }
}

/// A number that people can tell, and that stands once in the log.
#[expect(
    clippy::disallowed_methods,
    reason = "errors are made where no source of randomness is at hand, and nothing depends on it"
)]
fn incident() -> String {
    format!("{:08x}", rand::random::<u32>())
}

/// Turns “nothing there” into the sentence for it.
pub(crate) trait OrNotFound<T> {
    fn or_not_found(self, kind: &'static str, name: impl Into<String>) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self, kind: &'static str, name: impl Into<String>) -> Result<T> {
        self.ok_or_else(|| Error::not_found(kind, name))
    }
}
