//! What happens every day, against a real registry.

use crate::client::{client_for, credentials, image, resolve};
use crate::real::{PASSWORD, RealRegistry};
use domain::{Tag, Timestamp};
use orchestrator::Error;

#[tokio::test]
async fn a_tag_leads_to_the_digest_it_has_now() {
    let registry = RealRegistry::anonymous().await;
    let first = registry.put("team/shop", "1.0", "2020-01-01T00:00:00Z").await;
    let resolved = resolve(&registry.address, "team/shop", "1.0").await.expect("it is there");
    assert_eq!(resolved.digest.as_str(), first);
    assert_eq!((resolved.is_local, resolved.exposed_port), (false, Some(9000)));
    assert!(resolved.size.is_some_and(|size| size > 0));

    let client = client_for(&[&registry.address]);
    let wanted = image(&registry.address, "team/shop", "1.0");
    client.resolve(&wanted, None).await.expect("it is there");
    let second = registry.put("team/shop", "1.0", "2021-01-01T00:00:00Z").await;
    assert_ne!(first, second);
    assert_eq!(client.resolve(&wanted, None).await.expect("it is there").digest.as_str(), second);
}

#[tokio::test]
async fn an_index_is_pinned_as_a_whole_and_read_for_this_kind_of_machine() {
    let registry = RealRegistry::anonymous().await;
    let inner = registry.put("shop", "inner", "2020-01-01T00:00:00Z").await;
    let own = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let index = registry.put_index("shop", "2.0", &[("s390x", &inner), (own, &inner)]).await;
    let resolved = resolve(&registry.address, "shop", "2.0").await.expect("it is there");
    assert_eq!((resolved.digest.as_str(), resolved.exposed_port), (index.as_str(), Some(9000)));

    registry.put_index("shop", "big-iron", &[("s390x", &inner)]).await;
    let refused = resolve(&registry.address, "shop", "big-iron").await.expect_err("not for this machine");
    assert!(matches!(refused, Error::NoSuchImage(_)));
    assert_eq!(refused.to_string(), format!("shop is not made for linux/{own}, only for linux/s390x."));
}

#[tokio::test]
async fn a_tag_that_is_not_there_is_refused_with_the_newest_that_are() {
    let registry = RealRegistry::anonymous().await;
    for (tag, created) in [("1.7", "2020-01-01T00:00:00Z"), ("1.8", "2021-01-01T00:00:00Z")] {
        registry.put("team/shop", tag, created).await;
    }
    let refused = resolve(&registry.address, "team/shop", "1.9").await.expect_err("there is no such tag");
    assert!(matches!(refused, Error::NoSuchImage(_)));
    let address = &registry.address;
    let expected = format!("There is no tag 1.9 of team/shop in {address}; the newest are 1.8, 1.7.");
    assert_eq!(refused.to_string(), expected);
    let refused = resolve(address, "team/nothing", "1.0").await.expect_err("there is no such image");
    assert_eq!(refused.to_string(), format!("{address} has no image team/nothing."));
}

#[tokio::test]
async fn tags_are_listed_by_age_and_not_by_name() {
    let registry = RealRegistry::anonymous().await;
    let dates = [("1.0", "2020-01-01T00:00:00Z"), ("9.0", "2019-01-01T00:00:00Z"), ("main", "2021-01-01T00:00:00.5Z")];
    for (tag, created) in dates {
        registry.put("shop", tag, created).await;
    }
    let repository = image(&registry.address, "shop", "1.0").repository;
    let tags = client_for(&[&registry.address]).tags(&repository, None).await.expect("a list");
    assert_eq!(tags.iter().map(|view| view.tag.as_str()).collect::<Vec<_>>(), ["main", "1.0", "9.0"]);
    assert_eq!(tags[0].made_at, Some(Timestamp(1_609_459_200_500)));
    assert!(tags.iter().all(|view| view.digest.is_some() && view.size.is_some()));
}

#[tokio::test]
async fn a_private_registry_wants_the_right_password() {
    let registry = RealRegistry::with_users().await;
    let digest = registry.put("team/shop", "1.0", "2020-01-01T00:00:00Z").await;
    let client = client_for(&[&registry.address]);
    let wanted = image(&registry.address, "team/shop", "1.0");
    let address = &registry.address;

    let resolved = client.resolve(&wanted, Some(&credentials("ada", PASSWORD))).await.expect("it is there");
    assert_eq!(resolved.digest.as_str(), digest);
    let tags = client.tags(&wanted.repository, Some(&credentials("ada", PASSWORD))).await.expect("a list");
    assert_eq!(tags.iter().map(|view| &view.tag).collect::<Vec<&Tag>>(), [&wanted.tag]);

    let refused = client.resolve(&wanted, Some(&credentials("ada", "wrong"))).await.expect_err("a wrong password");
    assert!(matches!(refused, Error::NoSuchImage(_)));
    let expected = format!("{address} refuses: wrong credentials, or ada may not pull team/shop.");
    assert_eq!(refused.to_string(), expected);
    let refused = client.resolve(&wanted, None).await.expect_err("no password");
    let expected = "shows team/shop to nobody without credentials. It is private, or it does not exist.";
    assert_eq!(refused.to_string(), format!("{address} {expected}"));
}

#[tokio::test]
async fn a_registry_that_is_down_is_named() {
    let mut registry = RealRegistry::anonymous().await;
    registry.stop();
    let error = resolve(&registry.address, "shop", "1.0").await.expect_err("nobody is there");
    assert!(matches!(error, Error::Unreachable(_)));
    assert_eq!(error.to_string(), format!("{} does not answer (connection refused).", registry.address));
}

#[tokio::test]
async fn a_private_address_is_not_asked_unless_the_operator_allows_it() {
    let registry = RealRegistry::anonymous().await;
    registry.put("shop", "1.0", "2020-01-01T00:00:00Z").await;
    let port = registry.address.rsplit_once(':').expect("a port").1;
    for address in [registry.address.clone(), format!("localhost:{port}")] {
        let refused = client_for(&[]).resolve(&image(&address, "shop", "1.0"), None).await.expect_err("it is private");
        assert!(matches!(&refused, Error::Refused(why) if why.contains("has a private address")), "{refused:?}");
        resolve(&address, "shop", "1.0").await.expect("the operator allows it");
    }
}
