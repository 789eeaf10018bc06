//! What happens when the provider is away, changes, or is another one than was configured.

use crate::{Browser, Running, begin, installation, now, outcome, sign_in};
use identity::{IssuerConfig, Provider, SignIn};
use serde_json::json;

#[tokio::test]
async fn a_provider_that_is_down_at_start_is_found_when_it_comes_back() {
    let provider = Running::start();
    let config = provider.config();
    let port = provider.stop();
    let installation = Provider::new(config).expect("a provider that is down keeps nothing from starting");
    let refused = installation.begin(now()).await.map(|_| ()).expect_err("nobody is there");
    assert_eq!(refused.code(), "unreachable");
    assert!(refused.is_an_outage());
    assert_eq!(refused.to_string(), "127.0.0.1 does not answer at the moment. Try again in a minute.");
    let _back = Running::with(&["--port", &port]);
    assert_eq!(outcome(sign_in(&installation, "ada@example.com").await), "signed in");
}

#[tokio::test]
async fn a_provider_that_goes_away_in_the_middle_signs_nobody_in() {
    let provider = Running::start();
    let installation = installation(&provider);
    let (url, pending) = begin(&installation).await;
    let answer = Browser::new().sign_in(&url, "ada@example.com").await;
    drop(provider);
    assert_eq!(outcome(installation.finish(pending, answer, now()).await), "unreachable");
}

#[tokio::test]
async fn rotated_keys_are_fetched_when_they_are_first_met() {
    let provider = Running::start();
    let installation = installation(&provider);
    assert_eq!(outcome(sign_in(&installation, "ada@example.com").await), "signed in");
    provider.rotate_keys().await;
    assert_eq!(outcome(sign_in(&installation, "ada@example.com").await), "signed in");
}

#[tokio::test]
async fn an_issuer_that_calls_itself_something_else_is_not_trusted() {
    let provider = Running::start();
    provider.misbehave(json!({ "discovery": { "issuer": "https://accounts.google.com" } })).await;
    let refused = installation(&provider).check(now()).await.expect_err("another name");
    assert_eq!(refused.code(), "wrong_issuer");
    let cause = refused.cause().expect("both names");
    assert!(cause.contains("https://accounts.google.com") && cause.contains(&provider.issuer), "{cause}");
}

#[tokio::test]
async fn what_is_no_issuer_is_the_operator_s_to_mend() {
    let provider = Running::start();
    let config = IssuerConfig { issuer: format!("{}/nothing/here", provider.issuer), ..provider.config() };
    let refused = Provider::new(config).expect("a valid address").check(now()).await.expect_err("no issuer there");
    assert_eq!(refused.code(), "misconfigured");
}

#[tokio::test]
async fn an_old_discovery_document_is_better_than_none() {
    let provider = Running::start();
    let installation = installation(&provider);
    installation.check(now()).await.expect("the provider runs");
    drop(provider);
    let next_week = now().plus_millis(7 * 24 * 3600 * 1000);
    assert!(installation.begin(next_week).await.is_ok());
}

#[tokio::test]
async fn a_proxy_s_error_page_is_an_outage_and_not_an_answer() {
    let provider = Running::with(&["--claims-at", "userinfo"]);
    let installation = installation(&provider);
    for address in ["/token", "/me"] {
        provider.misbehave(json!({ "failing": address })).await;
        assert_eq!(outcome(sign_in(&installation, "ada@example.com").await), "unreachable", "{address}");
    }
    provider.misbehave(json!({ "failing": "/.well-known/openid-configuration" })).await;
    assert_eq!(installation.check(now()).await.expect_err("no document").code(), "unreachable");
}
