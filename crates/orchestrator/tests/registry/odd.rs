//! Registries that differ from the ordinary, or are unwell.

use crate::client::{client_for, credentials, image, resolve};
use crate::fake::{FakeRegistry, Seen, answer};
use axum::body::Body;
use axum::http::Response;
use orchestrator::Error;
use sha2::{Digest as _, Sha256};
use std::time::Duration;

const MANIFEST: &str = r#"{"schemaVersion":2,"layers":[]}"#;

fn digest(text: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(text)))
}

/// An image that has nothing but a digest.
fn manifest() -> Response<Body> {
    answer(200, &[("docker-content-digest", &digest(MANIFEST))], MANIFEST)
}

/// Docker Hub, GitHub and most others hand out tokens.
#[tokio::test]
async fn a_token_is_fetched_with_the_credentials_and_used_from_then_on() {
    let registry = FakeRegistry::start(|seen: &Seen| {
        let host = seen.headers["host"].to_str().expect("a host");
        match (seen.target.split('?').next(), seen.authorization()) {
            (Some("/token"), Some("Basic YWRhOnNlc2Ft")) => answer(200, &[], r#"{"token":"open-sesame"}"#),
            (Some("/token"), _) => answer(401, &[], "who are you?"),
            (_, Some("Bearer open-sesame")) => manifest(),
            _ => {
                let demand =
                    format!(r#"Bearer realm="http://{host}/token",service="{host}",scope="repository:shop:pull""#);
                answer(401, &[("www-authenticate", &demand)], "")
            }
        }
    })
    .await;
    let client = client_for(&[&registry.address]);
    let wanted = image(&registry.address, "shop", "1.0");
    let resolved = client.resolve(&wanted, Some(&credentials("ada", "sesam"))).await.expect("it is there");
    assert_eq!(resolved.digest.as_str(), digest(MANIFEST));
    let targets: Vec<_> = registry.seen().into_iter().map(|seen| format!("{} {}", seen.method, seen.target)).collect();
    let service = registry.address.replace(':', "%3A");
    let expected = [
        "HEAD /v2/shop/manifests/1.0".to_owned(),
        format!("GET /token?service={service}&scope=repository%3Ashop%3Apull"),
        "HEAD /v2/shop/manifests/1.0".to_owned(),
        format!("GET /v2/shop/manifests/{}", digest(MANIFEST)),
    ];
    assert_eq!(targets, expected);

    let refused = client.resolve(&wanted, Some(&credentials("ada", "wrong"))).await.expect_err("a wrong password");
    assert!(refused.to_string().contains("refuses: wrong credentials"), "{refused}");
}

#[tokio::test]
async fn a_registry_without_the_digest_header_is_asked_for_the_whole() {
    let registry = FakeRegistry::start(|_| answer(200, &[], MANIFEST)).await;
    let resolved = resolve(&registry.address, "shop", "1.0").await.expect("it is there");
    assert_eq!(resolved.digest.as_str(), digest(MANIFEST));
}

#[tokio::test]
async fn a_list_of_many_pages_is_read_to_its_end_without_signatures() {
    let registry = FakeRegistry::start(|seen: &Seen| match seen.target.as_str() {
        "/v2/shop/tags/list?n=1000" => {
            let link = [("link", r#"</v2/shop/tags/list?n=1000&last=1.0>; rel="next""#)];
            answer(
                200,
                &link,
                r#"{"tags":["1.0","sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.sig"]}"#,
            )
        }
        "/v2/shop/tags/list?n=1000&last=1.0" => answer(200, &[], r#"{"tags":["2.0","no tag at all!"]}"#),
        _ => answer(404, &[], ""),
    })
    .await;
    let repository = image(&registry.address, "shop", "1.0").repository;
    let tags = client_for(&[&registry.address]).tags(&repository, None).await.expect("a list");
    assert_eq!(tags.iter().map(|view| view.tag.as_str()).collect::<Vec<_>>(), ["2.0", "1.0"]);
}

#[tokio::test]
async fn a_registry_that_never_answers_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let client = client_for(&[&address]).with_patience(Duration::from_millis(100));
    let error = client.resolve(&image(&address, "shop", "1.0"), None).await.expect_err("nobody answers");
    assert!(matches!(error, Error::Unreachable(_)));
    assert_eq!(error.to_string(), format!("{address} does not answer (nothing within 100 ms)."));
}

#[tokio::test]
async fn what_a_registry_says_of_itself_is_passed_on() {
    for (status, expected, may_help) in [
        (429, "has answered often enough for now (429); try again later.", true),
        (503, "is not well (503 Service Unavailable).", true),
        (418, "does not behave as a registry: it answers with 418 I'm a teapot.", false),
    ] {
        let registry = FakeRegistry::start(move |_| answer(status, &[], "")).await;
        let error = resolve(&registry.address, "shop", "1.0").await.expect_err("it is unwell");
        assert_eq!(error.to_string(), format!("{} {expected}", registry.address));
        assert_eq!(matches!(error, Error::Unreachable(_)), may_help, "{error:?}");
    }
}

/// A deploy needs the digest only; port and size are hints.
#[tokio::test]
async fn an_image_whose_description_is_lost_can_still_be_deployed() {
    let registry =
        FakeRegistry::start(
            |seen: &Seen| {
                if seen.method == "HEAD" { manifest() } else { answer(500, &[], "the disk is gone") }
            },
        )
        .await;
    let resolved = resolve(&registry.address, "shop", "1.0").await.expect("the digest is known");
    assert_eq!((resolved.exposed_port, resolved.size), (None, None));
}
