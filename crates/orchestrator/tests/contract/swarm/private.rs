//! An image of a registry that wants a password: the nodes fetch it with what the release carries, and only with that.

use super::OnSwarm;
use crate::real::{PASSWORD, RealRegistry};
use crate::support::{failure, fresh, order, running};
use bollard::Docker;
use bollard::auth::DockerCredentials;
use bollard::query_parameters::{PushImageOptionsBuilder, RemoveImageOptions, TagImageOptionsBuilder};
use domain::{ImageRef, Secret, SettingsForm};
use futures::TryStreamExt;
use orchestrator::registry::RegistryPolicy;
use orchestrator::swarm::Swarm;
use orchestrator::{Credentials, Orchestrator, ReleaseSpec};
use std::net::{IpAddr, Ipv4Addr};

pub async fn a_private_image_is_fetched_with_the_releases_credentials(world: &OnSwarm) {
    let registry = RealRegistry::start(address_for_engines(), true).await;
    let image = crate::support::image(&format!("{}/private/shop:1.0", registry.address));
    push(world, &image).await;

    let policy = RegistryPolicy { allowed: vec![registry.address.clone()], insecure: vec![registry.address.clone()] };
    let swarm = Swarm::connect(&world.socket, &world.platform, policy).await.expect("the engine answers");
    let right = Credentials { username: "ada".to_owned(), password: Secret::new(PASSWORD.to_owned()) };
    let resolved = swarm.resolve(&image, Some(&right)).await.expect("it was pushed");
    assert!(!resolved.is_local);

    let form = SettingsForm::default();
    let template = order(world, fresh(), form).await;
    let spec = |credentials: Option<&Credentials>| {
        let mut spec = ReleaseSpec { is_local: false, credentials: credentials.cloned(), ..template.clone() };
        (spec.release.id, spec.release.app_id) = (fresh(), fresh());
        (spec.release.image, spec.release.digest) = (image.clone(), resolved.digest.clone());
        spec
    };
    let without = spec(None);
    swarm.ensure_release(&without).await.expect("accepted");
    let reason = failure(world, without.release.id).await.reason.expect("a reason");
    assert!(reason.ends_with(&format!("could not fetch the image {}", image.repository)), "{reason}");
    swarm.remove_release(without.release.id).await.expect("removed");

    let with = spec(Some(&right));
    swarm.ensure_release(&with).await.expect("accepted");
    running(world, with.release.id, 1).await;
    // The copies that start later need the credentials as well.
    swarm.scale(with.release.id, 2).await.expect("scaled");
    running(world, with.release.id, 2).await;
    swarm.remove_release(with.release.id).await.expect("removed");
    let pinned = format!("{}@{}", image.repository, resolved.digest);
    crate::support::eventually("the end of the image", async || remove(&world.docker, &pinned).await).await;
}

/// Where engines can reach a registry of ours: on the testbed's bridge, since each of its engines has a loopback of its own.
#[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
fn address_for_engines() -> IpAddr {
    let bridge = std::env::var("SLIPWAY_TESTBED_REGISTRY").ok();
    let bridge = bridge.and_then(|address| address.split(':').next()?.parse().ok());
    bridge.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// Puts the sample into the registry and takes every trace of that from the engine.
async fn push(world: &OnSwarm, image: &ImageRef) {
    // As in the client under test: what bollard writes is not what engines read.
    let docker = world.docker.clone().with_request_modifier(|mut request: bollard::BollardRequest| {
        if let Some(header) = request.headers_mut().get_mut("X-Registry-Auth") {
            let safe = header.to_str().expect("text").replace('+', "-").replace('/', "_");
            *header = safe.parse().expect("a header");
        }
        request
    });
    let credentials = DockerCredentials {
        username: Some("ada".to_owned()),
        password: Some(PASSWORD.to_owned()),
        ..Default::default()
    };
    let (repository, tag) = (image.repository.as_str(), image.tag.as_str());
    let named = TagImageOptionsBuilder::new().repo(repository).tag(tag).build();
    docker.tag_image(crate::support::IMAGE, Some(named)).await.expect("tagged");
    let options = PushImageOptionsBuilder::new().tag(tag).build();
    let pushed: Result<Vec<_>, _> = docker.push_image(repository, Some(options), Some(credentials)).try_collect().await;
    pushed.expect("pushed");
    remove(&docker, &image.to_string()).await.expect("untagged");
}

async fn remove(docker: &Docker, name: &str) -> Result<(), String> {
    match docker.remove_image(name, None::<RemoveImageOptions>, None).await {
        // Another node of the swarm has run it.
        Ok(_) | Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
