//! Certificates from the operator's files: taken, replaced, refused, and what people see of that.

use crate::harness::{Files, Harness};
use domain::{CertificateKey, CertificatesView, Validity};
use platform::{Error, Pair};
use rcgen::{CertificateParams, KeyPair};
use std::sync::Arc;
use std::time::Duration;

/// For the harness' platform, good from before the tests' time to long after it, or in that many days from its beginning.
fn pair(names: &[&str], days: Option<i64>) -> Pair {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut wanted = CertificateParams::new(names).expect("names");
    // The harness' clock begins on 2023-11-14.
    wanted.not_before = rcgen::date_time_ymd(2023, 11, 14);
    wanted.not_after =
        wanted.not_before + Duration::from_hours(24 * u64::try_from(days.unwrap_or(9000)).expect("a span"));
    let key = KeyPair::generate().expect("a key");
    let chain = wanted.self_signed(&key).expect("a certificate").pem();
    (chain, CertificateKey::new(key.serialize_pem()))
}

fn good() -> Pair {
    pair(&["localhost", "*.localhost"], None)
}

async fn seen(h: &Harness) -> CertificatesView {
    let chief = h.person("chief@example.com").await;
    h.platform.certificates().list(&chief).await.expect("a view")
}

/// What stands in the table of the ingress.
fn served(h: &Harness) -> Vec<String> {
    h.table().https.expect("HTTPS").certificates.into_iter().map(|served| served.chain).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_taken_from_its_files_when_they_change() {
    let files = Arc::new(Files::default());
    let (first, second) = (good(), good());
    *files.0.lock().expect("a lock") = Some(first.clone());
    let h = Harness::with_https(files.clone()).await;
    h.platform.certificates().begin().await.expect("a good pair");
    h.eventually("it is served", async || h.has_table() && served(&h) == [first.0.clone()]).await;
    *files.0.lock().expect("a lock") = Some(second.clone());
    h.eventually("the other one is served", async || served(&h) == [second.0.clone()]).await;
    let view = seen(&h).await;
    assert!(view.is_https && view.trouble.is_none(), "{view:?}");
    assert_eq!(view.certificates[0].0.names, ["localhost", "*.localhost"]);
    assert_eq!(view.certificates[0].1, Validity::Good);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_files_is_said_and_the_last_good_pair_stays() {
    let files = Arc::new(Files::default());
    let first = good();
    *files.0.lock().expect("a lock") = Some(first.clone());
    let h = Harness::with_https(files.clone()).await;
    h.platform.certificates().begin().await.expect("a good pair");
    let stranger = (good().0, good().1);
    let cases = [
        (Some(stranger), "does not match the key"),
        (Some(pair(&["localhost"], None)), "which any-app.localhost is not among"),
        (Some(pair(&["other.example", "*.other.example"], None)), "which localhost is not among"),
        (Some(("half a fi".to_owned(), first.1.clone())), "cannot be read"),
        (None, "The certificate's file /etc/tls/chain.pem is not there."),
    ];
    for (held, expected) in cases {
        *files.0.lock().expect("a lock") = held;
        h.eventually(expected, async || seen(&h).await.trouble.is_some_and(|said| said.contains(expected))).await;
        h.eventually("the first one stays", async || served(&h) == [first.0.clone()]).await;
        h.platform.certificates().begin().await.expect("a start works with what was kept");
    }
    *files.0.lock().expect("a lock") = Some(first);
    h.eventually("all is well again", async || seen(&h).await.trouble.is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_never_had_a_good_certificate_says_so_at_its_start() {
    let files = Arc::new(Files::default());
    *files.0.lock().expect("a lock") = Some(pair(&["localhost"], None));
    let h = Harness::with_https(files.clone()).await;
    let refused = h.platform.certificates().begin().await.expect_err("no certificate").to_string();
    assert_eq!(
        refused,
        "The certificate is for localhost, which any-app.localhost is not among. Get one that has this name too."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_certificate_is_seen_long_before_it_comes() {
    let files = Arc::new(Files::default());
    *files.0.lock().expect("a lock") = Some(pair(&["localhost", "*.localhost"], Some(90)));
    let h = Harness::with_https(files).await;
    h.platform.certificates().begin().await.expect("a good pair");
    let day = Duration::from_hours(24);
    for (days, validity) in [(58, Validity::Good), (3, Validity::EndsSoon), (30, Validity::Ended)] {
        h.clock.advance(day * days);
        assert_eq!(seen(&h).await.certificates[0].1, validity, "after {days} more days");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_not_for_everybody_to_see() {
    let h = Harness::start().await;
    let ada = h.person("ada@example.com").await;
    let refused = h.platform.certificates().list(&ada).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    assert!(!seen(&h).await.is_https);
}

/// What a page or a log shows must not hold a key.
#[tokio::test(flavor = "multi_thread")]
async fn no_key_leaves_by_the_page() {
    let files = Arc::new(Files::default());
    let (chain, key) = good();
    *files.0.lock().expect("a lock") = Some((chain, key.clone()));
    let h = Harness::with_https(files).await;
    h.platform.certificates().begin().await.expect("a good pair");
    let secret = key.expose().lines().nth(1).expect("a line").to_owned();
    let page = serde_json::to_string(&seen(&h).await).expect("text");
    assert!(page.contains("localhost") && !page.contains(&secret), "{page}");
}
