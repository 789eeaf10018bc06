//! Who is let in.

use crate::{Browser, Running, begin, installation, now, outcome, sign_in};
use domain::Secret;
use identity::{DomainProof, IssuerConfig, Provider, SignIn};
use serde_json::json;

#[tokio::test]
async fn somebody_of_the_company_is_signed_in() {
    let provider = Running::start();
    let ada = sign_in(&installation(&provider), "ada@example.com").await.expect("an account of the company");
    assert_eq!(ada.subject, "1001");
    assert_eq!(ada.email.as_str(), "ada@example.com");
    assert_eq!(ada.name, "Ada Lovelace");
    assert_eq!(ada.hosted_domain.as_deref(), Some("example.com"));
}

#[tokio::test]
async fn somebody_of_another_company_is_told_which_account_to_take() {
    let provider = Running::start();
    let refused = sign_in(&installation(&provider), "other@wrong.example").await.expect_err("another company");
    assert_eq!(refused.code(), "wrong_domain");
    assert_eq!(
        refused.to_string(),
        "other@wrong.example is not an account of example.com. Sign in with your company account."
    );
}

#[tokio::test]
async fn a_private_account_is_refused_even_when_its_address_is_of_the_company() {
    let provider = Running::start();
    let installation = installation(&provider);
    for email in ["mallory@gmail.com", "lookalike@example.com"] {
        assert_eq!(outcome(sign_in(&installation, email).await), "private_account", "{email}");
    }
}

#[tokio::test]
async fn an_unverified_address_is_refused() {
    let provider = Running::start();
    assert_eq!(outcome(sign_in(&installation(&provider), "unverified@example.com").await), "unverified");
}

#[tokio::test]
async fn who_presses_cancel_is_not_signed_in() {
    let provider = Running::start();
    let installation = installation(&provider);
    let (url, pending) = begin(&installation).await;
    let answer = Browser::new().cancel(&url).await;
    assert_eq!(outcome(installation.finish(pending, answer, now()).await), "declined");
}

#[tokio::test]
async fn an_issuer_that_tells_the_address_only_at_its_userinfo_endpoint_works_too() {
    let provider = Running::with(&["--claims-at", "userinfo"]);
    let installation = installation(&provider);
    let ada = sign_in(&installation, "ada@example.com").await.expect("an account of the company");
    assert_eq!((ada.email.as_str(), ada.name.as_str()), ("ada@example.com", "Ada Lovelace"));
    assert_eq!(outcome(sign_in(&installation, "unverified@example.com").await), "unverified");
    assert_eq!(outcome(sign_in(&installation, "lookalike@example.com").await), "private_account");
}

#[tokio::test]
async fn a_company_s_own_issuer_may_prove_membership_by_the_address() {
    let provider = Running::start();
    let config = IssuerConfig { domain_proof: DomainProof::EmailAddress, ..provider.config() };
    let installation = Provider::new(config).expect("a valid configuration");
    assert_eq!(outcome(sign_in(&installation, "lookalike@example.com").await), "signed in");
    assert_eq!(outcome(sign_in(&installation, "mallory@gmail.com").await), "wrong_domain");
}

#[tokio::test]
async fn an_account_without_an_address_is_refused() {
    let provider = Running::start();
    provider.misbehave(json!({ "claims": { "email": "" } })).await;
    assert_eq!(outcome(sign_in(&installation(&provider), "ada@example.com").await), "no_email");
}

#[tokio::test]
async fn a_wrong_client_secret_is_the_operator_s_to_mend() {
    let provider = Running::start();
    let config = IssuerConfig { client_secret: Secret::new("wrong".to_owned()), ..provider.config() };
    let installation = Provider::new(config).expect("a valid configuration");
    assert_eq!(outcome(sign_in(&installation, "ada@example.com").await), "misconfigured");
}
