//! An executable becomes an image, and the image runs.

use crate::scene::{Scene, container, on_engine, sample};
use agent::image::ensure_packed;
use bollard::models::{EndpointSettings, NetworkCreateRequest, NetworkingConfig};
use bollard::query_parameters::InspectContainerOptions;
use std::collections::HashMap;

async fn packed(scene: &Scene) -> agent::image::PackedImage {
    let recipe = scene.recipe().with_variable("VERSION", "packed");
    let mut images = ensure_packed(&scene.docker, &sample(), &[recipe]).await.expect("the sample can be packed");
    images.remove(0)
}

#[tokio::test]
async fn a_packed_program_runs_without_root_and_knows_its_environment() {
    on_engine(|scene| async move {
        let image = packed(&scene).await;
        let id = scene.start(container(&image.reference, &["SAMPLE_TEXT=a \"b\" $c"])).await;
        let about = scene.ask(&id, "/whoami").await;
        assert!(about.contains(r#""version":"packed""#), "{about}");
        assert_eq!(scene.ask(&id, "/env?name=SAMPLE_TEXT").await, "a \"b\" $c");
        let config = scene
            .docker
            .inspect_container(&id, None::<InspectContainerOptions>)
            .await
            .expect("it is there")
            .config
            .expect("a config");
        assert_eq!(config.user.as_deref(), Some("65532:65532"));
    })
    .await;
}

#[tokio::test]
async fn a_packed_program_resolves_the_names_of_its_siblings() {
    on_engine(|scene| async move {
        let image = packed(&scene).await;
        let network = format!("slipway-test-{}", scene.name);
        let labels = Some(scene.labels(&[]));
        let request = NetworkCreateRequest { name: network.clone(), labels, ..Default::default() };
        scene.docker.create_network(request).await.expect("a network");
        let on_it = |alias: &str| {
            let aliases = Some(vec![alias.to_owned()]);
            let endpoint = EndpointSettings { aliases, ..Default::default() };
            let mut body = container(&image.reference, &[]);
            body.networking_config =
                Some(NetworkingConfig { endpoints_config: Some(HashMap::from([(network.clone(), endpoint)])) });
            body.host_config.get_or_insert_default().network_mode = Some(network.clone());
            body
        };
        let (asking, asked) = (scene.start(on_it("asking")).await, scene.start(on_it("sibling")).await);
        assert!(scene.ask(&asking, "/resolve?name=sibling").await.trim().parse::<std::net::IpAddr>().is_ok());
        // Its own answer says that it listens by now.
        scene.ask(&asked, "/resolve?name=localhost").await;
        assert_eq!(scene.ask(&asking, "/reach?to=sibling:8080").await, "sibling:8080 accepts connections\n");
        assert_eq!(scene.ask(&asking, "/resolve?name=localhost").await.lines().next(), Some("127.0.0.1"));
    })
    .await;
}

#[tokio::test]
async fn an_unchanged_program_is_loaded_once() {
    on_engine(|scene| async move {
        let first = packed(&scene).await;
        let second = packed(&scene).await;
        assert!(first.was_loaded);
        assert!(!second.was_loaded);
        assert_eq!(first.id, second.id);
        assert_eq!(scene.docker.inspect_image(&first.reference).await.expect("an image").id, Some(first.id));
    })
    .await;
}

#[tokio::test]
async fn a_changed_recipe_replaces_the_image_and_keeps_its_layer() {
    on_engine(|scene| async move {
        let first = packed(&scene).await;
        let layers = |image: bollard::models::ImageInspect| image.root_fs.and_then(|root| root.layers);
        let before = layers(scene.docker.inspect_image(&first.reference).await.expect("an image"));
        let changed = scene.recipe().with_variable("VERSION", "changed");
        let second = ensure_packed(&scene.docker, &sample(), &[changed]).await.expect("packed").remove(0);
        assert!(second.was_loaded);
        assert_ne!(first.id, second.id);
        assert_eq!(layers(scene.docker.inspect_image(&second.reference).await.expect("an image")), before);
    })
    .await;
}

#[tokio::test]
async fn the_samples_share_a_layer_and_differ_in_behaviour() {
    on_engine(|scene| async move {
        let images = agent::samples::ensure_all(&scene.docker, &sample()).await.expect("the samples can be packed");
        let mut layers = Vec::new();
        for image in &images {
            let found = scene.docker.inspect_image(&image.reference).await.expect("it is there");
            assert_eq!(found.id.as_ref(), Some(&image.id), "{}", image.reference);
            layers.push(found.root_fs.and_then(|root| root.layers).expect("layers"));
        }
        layers.dedup();
        assert_eq!(layers.len(), 1, "all have the same single layer");
        let crashing = container("slipway-sample:crashes", &[]);
        let id = scene.start(crashing).await;
        let ended = async || {
            let state = scene.docker.inspect_container(&id, None::<InspectContainerOptions>).await.ok()?.state?;
            state.exit_code.filter(|_| state.running == Some(false))
        };
        assert_eq!(crate::scene::eventually("the sample crashes", ended).await, 3);
    })
    .await;
}
