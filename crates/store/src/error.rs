/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something that must be there once is there already, or two things were asked for that exclude each other. It says
    /// what: `app name`. The transaction goes on as if it had not been tried.
    #[error("the {0} is taken")]
    Conflict(&'static str),
    /// The database could not do it. The transaction it happened in can only be dropped.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// What the database holds cannot be read back. The text names the place, never the value.
    #[error("{0}")]
    Corrupt(String),
    /// A sealed value does not open: it is from another place, changed, or sealed under a key that is not in the key file.
    #[error("{0}")]
    Sealed(String),
    /// The store cannot be opened as asked; the sentence says what to do.
    #[error("{0}")]
    Setup(String),
    /// A transaction in which the database had failed was to be committed; nothing of it was kept.
    #[error("an earlier failure in this transaction was ignored; nothing of it was kept")]
    Aborted,
}

/// The outcome of an operation of the store.
pub type Result<T> = std::result::Result<T, Error>;
