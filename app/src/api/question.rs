//! Asking one of the functions beside, from either side.

use super::{ApiError, Result, side};
use domain::compact::{self, Unreadable};
use leptos::server_fn::ServerFn;
use serde::{Serialize, de::DeserializeOwned};
use std::pin::Pin;

/// An answer as compact text, still on its way. Answers stay text until a page reads them, so that everything that waits for one is
/// the same code.
pub type Answer = Pin<Box<dyn Future<Output = Result<String>> + Send>>;

/// A call of one of the functions that only read.
pub trait Question:
    ServerFn<Error = ApiError, Output: Serialize + DeserializeOwned> + Serialize + DeserializeOwned
{
}

impl<S> Question for S where
    S: ServerFn<Error = ApiError, Output: Serialize + DeserializeOwned> + Serialize + DeserializeOwned
{
}

/// Asks. The server runs the function, the browser sends for it.
pub fn ask<S: Question>(question: &S) -> Answer {
    match serde_json::to_string(question) {
        Ok(question) => side::ask::<S>(question),
        Err(_) => Box::pin(async { Err(ApiError::Unreached) }),
    }
}

/// Reads an answer.
pub fn read<T: DeserializeOwned>(answer: &str) -> Result<T> {
    compact::read(answer).map_err(|unreadable| match unreadable {
        Unreadable::OtherLayout => ApiError::Outdated,
        Unreadable::Damaged => ApiError::Unreached,
    })
}
