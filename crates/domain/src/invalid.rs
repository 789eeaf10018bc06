use serde::{Deserialize, Serialize};

/// Input that cannot be accepted: which field, and a sentence that says what is wrong and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{sentence}")]
pub struct Invalid {
    /// The field of the form or request, in snake case, such as `name`.
    pub field: String,
    /// What is wrong and what to do, for a person.
    pub sentence: String,
}

impl Invalid {
    /// Says what is wrong with `field`.
    pub fn new(field: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { field: field.into(), sentence: sentence.into() }
    }
}
