//! Sign-in against a real OpenID provider, with a browser's steps in between.

mod attacks;
mod browser;
mod outages;
mod people;
mod provider;

use browser::Browser;
use domain::Timestamp;
use identity::{Answer, Identity, Pending, Provider, Refused, SignIn};
use provider::Running;
use std::time::SystemTime;
use url::Url;

/// The real present: the provider dates its tokens by it.
#[expect(clippy::disallowed_methods, reason = "the provider is a process of its own and has no other clock")]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock after 1970");
    Timestamp(since.as_millis().try_into().expect("a year before 292 million"))
}

fn installation(provider: &Running) -> Provider {
    Provider::new(provider.config()).expect("a valid configuration")
}

async fn begin(installation: &Provider) -> (Url, Pending) {
    installation.begin(now()).await.expect("the provider runs")
}

/// A whole sign-in in a fresh browser.
async fn sign_in(installation: &Provider, email: &str) -> Result<Identity, Refused> {
    let (url, pending) = begin(installation).await;
    let answer = Browser::new().sign_in(&url, email).await;
    installation.finish(pending, answer, now()).await
}

/// The code of the refusal, or `signed in`.
fn outcome(result: Result<Identity, Refused>) -> &'static str {
    result.map_or_else(|refused| refused.code(), |_| "signed in")
}

/// What an attacker has who can read a session. The type itself cannot be cloned.
fn copy(pending: &Pending) -> Pending {
    serde_json::from_str(&serde_json::to_string(pending).expect("JSON")).expect("a pending sign-in")
}

fn copy_of(answer: &Answer) -> Answer {
    serde_json::from_str(&serde_json::to_string(answer).expect("JSON")).expect("an answer")
}
