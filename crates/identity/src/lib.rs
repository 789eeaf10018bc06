//! Who somebody is, by the word of an OpenID Connect issuer.
//!
//! Two steps: [`SignIn::begin`] gives the address to send the browser to, and a [`Pending`] that the caller keeps in that
//! browser's session; [`SignIn::finish`] takes the pending sign-in *out* of the session together with what the browser
//! brought back, and answers with an [`Identity`] or with a [`Refused`] that has a sentence for the person.
//!
//! What is absent here: no session, no account, no clock. Whether the identity may do anything is the platform's business.

mod admission;
mod config;
mod error_chain;
mod http;
mod issuer;
pub mod memory;
mod oidc;
mod pending;
mod refused;

pub use config::{DomainProof, IssuerConfig};
pub use oidc::Provider;
pub use pending::{Answer, Pending};
pub use refused::Refused;

use async_trait::async_trait;
use domain::{Email, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

/// Somebody whom an issuer has vouched for, and whom the rules of this installation admit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The issuer's name for the account; never changes, unlike the address.
    pub subject: String,
    /// The verified address.
    pub email: Email,
    /// As the issuer writes it, or the address's first half.
    pub name: String,
    /// The company's directory that holds the account (`hd`), where the issuer says so.
    pub hosted_domain: Option<String>,
}

/// A way to find out who somebody is: an OpenID Connect issuer, or the stand-in of the tests.
#[async_trait]
pub trait SignIn: Send + Sync {
    /// What the button says: `Google`.
    fn name(&self) -> &str;

    /// Where to send the browser, and what to keep in its session until it comes back.
    async fn begin(&self, now: Timestamp) -> Result<(Url, Pending), Refused>;

    /// Judges what the browser brought back. The caller has already removed `pending` from the session, so that nothing can
    /// be tried twice.
    async fn finish(&self, pending: Pending, answer: Answer, now: Timestamp) -> Result<Identity, Refused>;
}
