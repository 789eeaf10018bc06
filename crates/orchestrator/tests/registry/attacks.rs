//! Registries that want to use the platform: to reach what only it can reach, or to get what only it knows.

use crate::client::{client_for, credentials, image, resolve};
use crate::fake::{FakeRegistry, Seen, answer};
use orchestrator::Error;
use orchestrator::registry::{Registry, RegistryPolicy};

const MANIFEST: &str = r#"{"schemaVersion":2,"layers":[]}"#;

/// A server inside, for example the cloud's metadata service.
async fn inside() -> FakeRegistry {
    FakeRegistry::start(|_| answer(200, &[], "a secret of the company")).await
}

/// A registry that the operator allows redirects a request to somewhere that the operator did not allow.
#[tokio::test]
async fn a_redirect_does_not_lead_inside() {
    let inside = inside().await;
    let target = format!("http://{}/latest/meta-data", inside.address);
    let registry = FakeRegistry::start(move |_| answer(307, &[("location", &target)], "")).await;
    let refused = resolve(&registry.address, "shop", "1.0").await.expect_err("it leads inside");
    assert!(matches!(&refused, Error::Refused(why) if why.contains("has a private address")), "{refused:?}");
    assert!(inside.seen().is_empty());
}

/// The address of the token server is the registry's choice, too.
#[tokio::test]
async fn a_demand_for_a_token_does_not_lead_inside() {
    let inside = inside().await;
    let demand = format!(r#"Bearer realm="http://{}/latest/api/token",service="x""#, inside.address);
    let registry = FakeRegistry::start(move |_| answer(401, &[("www-authenticate", &demand)], "")).await;
    let wanted = image(&registry.address, "shop", "1.0");
    let answer = client_for(&[&registry.address]).resolve(&wanted, Some(&credentials("ada", "sesam"))).await;
    assert!(matches!(&answer, Err(Error::Refused(why)) if why.contains("has a private address")), "{answer:?}");
    assert!(inside.seen().is_empty());
}

/// A public name with a private address, and a file on this machine.
#[tokio::test]
async fn neither_names_nor_other_schemes_lead_inside() {
    let inside = inside().await;
    let port = inside.address.rsplit_once(':').expect("a port").1.to_owned();
    for target in
        [format!("http://localhost:{port}/"), "file:///etc/passwd".to_owned(), format!("ftp://127.0.0.1:{port}/")]
    {
        let registry = FakeRegistry::start(move |_| answer(302, &[("location", &target)], "")).await;
        let refused = resolve(&registry.address, "shop", "1.0").await.expect_err("it leads inside");
        assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
    }
    assert!(inside.seen().is_empty());
}

/// Registries redirect downloads to a store; the store must not get what opens the registry.
#[tokio::test]
async fn credentials_do_not_follow_a_redirect_to_another_server() {
    let store = FakeRegistry::start(|_| answer(200, &[], MANIFEST)).await;
    let target = format!("http://{}/somewhere", store.address);
    let registry = FakeRegistry::start(move |seen: &Seen| match seen.authorization() {
        None => answer(401, &[("www-authenticate", r#"Basic realm="x""#)], ""),
        Some(_) => answer(307, &[("location", &target)], ""),
    })
    .await;
    let client = client_for(&[&registry.address, &store.address]);
    let wanted = image(&registry.address, "shop", "1.0");
    client.resolve(&wanted, Some(&credentials("ada", "sesam"))).await.expect("the store has it");
    assert!(!store.seen().is_empty() && store.seen().iter().all(|seen| seen.authorization().is_none()));
    assert!(registry.seen().iter().any(|seen| seen.authorization() == Some("Basic YWRhOnNlc2Ft")));
}

#[tokio::test]
async fn redirects_without_end_are_given_up() {
    let registry = FakeRegistry::start(|_| answer(307, &[("location", "/v2/round/and/round")], "")).await;
    let refused = resolve(&registry.address, "shop", "1.0").await.expect_err("it never ends");
    assert!(refused.to_string().contains("one redirect after the other"), "{refused}");
    assert!(registry.seen().len() < 10, "{}", registry.seen().len());
}

#[tokio::test]
async fn a_list_without_end_is_not_read_to_its_end() {
    let registry = FakeRegistry::start(|seen: &Seen| {
        let link = [("link", r#"</v2/shop/tags/list?n=1000&again>; rel="next""#)];
        if seen.target.contains("tags/list") { answer(200, &link, r#"{"tags":["1.0"]}"#) } else { answer(404, &[], "") }
    })
    .await;
    let repository = image(&registry.address, "shop", "1.0").repository;
    client_for(&[&registry.address]).tags(&repository, None).await.expect("a list");
    let pages = registry.seen().iter().filter(|seen| seen.target.contains("tags/list")).count();
    assert!(pages <= 20, "{pages}");
}

/// Nine megabytes of “manifest”.
#[tokio::test]
async fn a_description_without_end_is_not_read_to_its_end() {
    let registry = FakeRegistry::start(|_| answer(200, &[], vec![b' '; 9 << 20])).await;
    let refused = resolve(&registry.address, "shop", "1.0").await.expect_err("it is too long");
    assert!(refused.to_string().contains("more than 8 MiB"), "{refused}");
}

#[tokio::test]
async fn content_that_does_not_have_its_digest_is_not_believed() {
    let digest = format!("sha256:{}", "ab".repeat(32));
    let lie = r#"{"schemaVersion":2,"layers":[{"digest":"x","size":5}]}"#;
    let registry = FakeRegistry::start(move |_| answer(200, &[("docker-content-digest", &digest)], lie)).await;
    let resolved = resolve(&registry.address, "shop", "1.0").await.expect("the digest is what the nodes will check");
    assert_eq!((resolved.size, resolved.exposed_port), (None, None));
}

/// The registry speaks plain HTTP, and nobody said that it may.
#[tokio::test]
async fn no_credentials_go_out_unencrypted_unless_the_operator_says_so() {
    let registry = FakeRegistry::start(|_| answer(200, &[], MANIFEST)).await;
    let port = registry.address.rsplit_once(':').expect("a port").1;
    // An address that is not spelled as loopback, like that of any registry in the company's network.
    let address = format!("0.0.0.0:{port}");
    let wanted = image(&address, "shop", "1.0");
    let policy = |insecure| RegistryPolicy { allowed: vec![address.clone()], insecure };
    let strict = Registry::new(policy(vec![])).expect("a client");
    let error = strict.resolve(&wanted, None).await.expect_err("it speaks no TLS");
    assert!(matches!(&error, Error::Unreachable(why) if why.contains("does not speak HTTPS")), "{error:?}");
    assert!(registry.seen().is_empty());
    let lenient = Registry::new(policy(vec![address.clone()])).expect("a client");
    lenient.resolve(&wanted, None).await.expect("the operator allows it");
}
