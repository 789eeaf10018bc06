//! What somebody tries who wants to be somebody else.

use crate::{Browser, Running, begin, copy, copy_of, installation, now, outcome, sign_in};
use identity::{Answer, SignIn};
use serde_json::json;

#[tokio::test]
async fn a_code_works_once() {
    let provider = Running::start();
    let installation = installation(&provider);
    let (url, pending) = begin(&installation).await;
    let answer = Browser::new().sign_in(&url, "ada@example.com").await;
    let first = installation.finish(copy(&pending), copy_of(&answer), now()).await;
    assert_eq!(outcome(first), "signed in");
    assert_eq!(outcome(installation.finish(pending, answer, now()).await), "code_refused");
}

/// Mallory sends Ada a link to the callback with Mallory's own code, so that Ada works in Mallory's account.
#[tokio::test]
async fn an_answer_to_somebody_else_s_sign_in_is_refused() {
    let provider = Running::start();
    let installation = installation(&provider);
    let (_, ada) = begin(&installation).await;
    let (url, _mallory) = begin(&installation).await;
    let answer = Browser::new().sign_in(&url, "grace@example.com").await;
    assert_eq!(outcome(installation.finish(ada, answer, now()).await), "forged_state");
}

/// Mallory has caught Ada's code and puts it into a sign-in of his own, with the right state: only PKCE tells them apart.
#[tokio::test]
async fn a_stolen_code_is_worth_nothing_in_another_sign_in() {
    let provider = Running::start();
    let installation = installation(&provider);
    let (url, _ada) = begin(&installation).await;
    let stolen = Browser::new().sign_in(&url, "ada@example.com").await;
    let (url, mallory) = begin(&installation).await;
    let own = Browser::new().sign_in(&url, "grace@example.com").await;
    let answer = Answer { code: stolen.code, ..own };
    assert_eq!(outcome(installation.finish(mallory, answer, now()).await), "code_refused");
}

#[tokio::test]
async fn a_token_for_another_nonce_is_refused() {
    let provider = Running::start();
    let installation = installation(&provider);
    let (mut url, pending) = begin(&installation).await;
    let query = url.query_pairs().into_owned().collect::<Vec<_>>();
    let other = query.iter().map(|(name, value)| (name, if name == "nonce" { "another" } else { value }));
    url.query_pairs_mut().clear().extend_pairs(other);
    let answer = Browser::new().sign_in(&url, "ada@example.com").await;
    assert_eq!(outcome(installation.finish(pending, answer, now()).await), "wrong_nonce");
}

#[tokio::test]
async fn a_token_without_a_nonce_is_refused() {
    let provider = Running::start();
    provider.misbehave(json!({ "claims": { "nonce": null } })).await;
    assert_eq!(outcome(sign_in(&installation(&provider), "ada@example.com").await), "wrong_nonce");
}

#[tokio::test]
async fn a_sign_in_that_took_eleven_minutes_is_refused() {
    let provider = Running::start();
    let installation = installation(&provider);
    let (url, pending) = begin(&installation).await;
    let answer = Browser::new().sign_in(&url, "ada@example.com").await;
    let later = now().plus_millis(11 * 60 * 1000);
    assert_eq!(outcome(installation.finish(pending, answer, later).await), "too_late");
}

#[tokio::test]
async fn a_token_that_has_run_out_is_refused() {
    let provider = Running::with(&["--id-token-seconds", "60"]);
    let installation = installation(&provider);
    let (url, pending) = begin(&installation).await;
    let answer = Browser::new().sign_in(&url, "ada@example.com").await;
    let later = now().plus_millis(5 * 60 * 1000);
    assert_eq!(outcome(installation.finish(pending, answer, later).await), "token_expired");
}

#[tokio::test]
async fn only_the_issuer_s_own_key_signs() {
    let provider = Running::start();
    let installation = installation(&provider);
    // Even where the issuer's document allows the weaker ones.
    let discovery = json!({ "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"] });
    for signer in ["stranger", "secret", "nobody"] {
        provider.misbehave(json!({ "discovery": discovery, "signedBy": signer })).await;
        assert_eq!(outcome(sign_in(&installation, "ada@example.com").await), "bad_token", "signed by {signer}");
    }
    provider.misbehave(json!({})).await;
    assert_eq!(outcome(sign_in(&installation, "ada@example.com").await), "signed in");
}

#[tokio::test]
async fn a_token_for_or_from_somebody_else_is_refused() {
    let provider = Running::start();
    let installation = installation(&provider);
    for claims in [
        json!({ "aud": "another-client" }),
        json!({ "aud": ["slipway", "another-client"] }),
        json!({ "aud": null }),
        json!({ "iss": "https://accounts.google.com" }),
    ] {
        provider.misbehave(json!({ "claims": claims })).await;
        assert_eq!(outcome(sign_in(&installation, "ada@example.com").await), "bad_token", "{claims}");
    }
}

#[tokio::test]
async fn a_verified_mark_that_is_missing_counts_as_no() {
    let provider = Running::start();
    provider.misbehave(json!({ "claims": { "email_verified": null } })).await;
    assert_eq!(outcome(sign_in(&installation(&provider), "ada@example.com").await), "unverified");
}

/// The access token of one account, the userinfo of another: the two must speak of the same person.
#[tokio::test]
async fn a_userinfo_answer_about_somebody_else_is_refused() {
    let provider = Running::with(&["--claims-at", "userinfo"]);
    provider.misbehave(json!({ "userinfo": { "sub": "1002", "email": "grace@example.com" } })).await;
    assert_eq!(outcome(sign_in(&installation(&provider), "ada@example.com").await), "bad_token");
}
