//! What the tests of this crate share: a real engine, the sample's executable, and tidying up after themselves.

use agent::image::Recipe;
use agent::labels;
use bollard::Docker;
use bollard::models::{ContainerCreateBody, HostConfig, PortBinding};
use bollard::query_parameters::{
    CreateContainerOptions, InspectContainerOptions, ListContainersOptionsBuilder, ListImagesOptions,
    ListNetworksOptions, RemoveContainerOptionsBuilder, RemoveImageOptions, StartContainerOptions,
};
use futures::FutureExt;
use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Everything that a test makes carries this label, with the test's name for itself.
pub const TEST_LABEL: &str = "slipway.test";

/// What the names of all scenes start with, so that nobody else's things are taken for ours.
const PREFIX: &str = "agent-test-";

/// How long something may take that happens at once on an idle machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A test's hold on the engine.
pub struct Scene {
    pub docker: Docker,
    /// Process and number: unique among all tests that run at this time.
    pub name: String,
}

/// Runs a test and takes away what it made, also when it fails.
pub fn on_engine<F: Future<Output = ()>>(test: impl FnOnce(Arc<Scene>) -> F) -> impl Future<Output = ()> {
    // On the heap, since tests hold much.
    Box::pin(run(test))
}

async fn run<F: Future<Output = ()>>(test: impl FnOnce(Arc<Scene>) -> F) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("{PREFIX}{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let scene = Arc::new(Scene { docker: engine().await, name });
    scene.remove(|of| !Path::new("/proc").join(of.split('-').next().unwrap_or_default()).exists()).await;
    let outcome = AssertUnwindSafe(test(Arc::clone(&scene))).catch_unwind().await;
    scene.remove(|of| scene.name == format!("{PREFIX}{of}")).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure);
    }
}

async fn engine() -> Docker {
    let socket = engine_socket();
    // Ports that containers publish are found where their engine is.
    testkit::testbed::enter_network_of(&socket);
    agent::connect(&socket).await.expect("the engine at SLIPWAY_TEST_ENGINE answers")
}

/// The socket of the engine that tests use.
#[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
pub fn engine_socket() -> PathBuf {
    std::env::var_os("SLIPWAY_TEST_ENGINE").map(PathBuf::from).expect(
        "these tests need a real Docker engine: set SLIPWAY_TEST_ENGINE to the path of its socket, \
         for example /var/run/docker.sock",
    )
}

/// The sample's executable, where cargo puts it: beside the folder of the test's own.
pub fn sample() -> PathBuf {
    let own = std::env::current_exe().expect("the test has a path");
    let path = own.ancestors().nth(2).expect("target/debug/deps/test").join(agent::samples::EXECUTABLE);
    assert!(path.exists(), "{} is not there: run `cargo build -p sample` first", path.display());
    path
}

impl Scene {
    /// An image that only this test uses.
    pub fn recipe(&self) -> Recipe {
        let mut recipe = Recipe::named(format!("slipway-test:{}", self.name));
        recipe.labels.extend(self.labels(&[]));
        recipe
    }

    /// Labels that mark a thing as this test's, and others.
    pub fn labels(&self, others: &[(&str, &str)]) -> HashMap<String, String> {
        let own = [(TEST_LABEL, self.name.as_str())];
        own.iter().chain(others).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// Starts a container whose port 8080 is published on loopback, and gives its id.
    pub async fn start(&self, mut body: ContainerCreateBody) -> String {
        let ours = self.labels(&[]);
        body.labels.get_or_insert_default().extend(ours);
        let loopback = PortBinding { host_ip: Some("127.0.0.1".into()), host_port: None };
        let host = body.host_config.get_or_insert_default();
        host.port_bindings = Some(HashMap::from([("8080/tcp".to_owned(), Some(vec![loopback]))]));
        body.exposed_ports = Some(vec!["8080/tcp".to_owned()]);
        let made = self.docker.create_container(None::<CreateContainerOptions>, body).await.expect("a container");
        self.docker.start_container(&made.id, None::<StartContainerOptions>).await.expect("it starts");
        made.id
    }

    /// The port on loopback that leads to a container.
    pub async fn port_of(&self, id: &str) -> u16 {
        let container = self.docker.inspect_container(id, None::<InspectContainerOptions>).await.expect("it is there");
        let ports = container.network_settings.and_then(|network| network.ports).unwrap_or_default();
        let binding = ports.get("8080/tcp").and_then(Option::as_ref).and_then(|bindings| bindings.first());
        binding.and_then(|binding| binding.host_port.as_ref()).and_then(|port| port.parse().ok()).expect("a port")
    }

    /// Asks the sample in a container until it answers, and gives the body of its answer.
    pub async fn ask(&self, id: &str, path: &str) -> String {
        let address = format!("127.0.0.1:{}", self.port_of(id).await);
        eventually(&format!("{path} is answered"), async || get(&address, path).await.ok().filter(|b| !b.is_empty()))
            .await
    }

    /// Removes what is due until nothing is left: a network stays in use for a moment after its containers have gone.
    async fn remove(&self, is_due: impl Fn(&str) -> bool) {
        let began = Instant::now();
        while self.remove_once(&is_due).await > 0 {
            assert!(began.elapsed() < PATIENCE, "some things of {} cannot be removed", self.name);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Tries to remove each thing, and counts them.
    async fn remove_once(&self, is_due: impl Fn(&str) -> bool) -> usize {
        let is_due = |labels: HashMap<String, String>| {
            let mut owners = [TEST_LABEL, labels::PLATFORM].iter().filter_map(|name| labels.get(*name));
            owners.any(|owner| owner.strip_prefix(PREFIX).is_some_and(&is_due))
        };
        let mut found = 0;
        let all = ListContainersOptionsBuilder::new().all(true).build();
        for container in self.docker.list_containers(Some(all)).await.expect("containers") {
            if is_due(container.labels.unwrap_or_default()) {
                found += 1;
                let force = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
                let _ = self.docker.remove_container(&container.id.unwrap_or_default(), Some(force)).await;
            }
        }
        for network in self.docker.list_networks(None::<ListNetworksOptions>).await.expect("networks") {
            if is_due(network.labels.unwrap_or_default()) {
                found += 1;
                let _ = self.docker.remove_network(&network.id.unwrap_or_default()).await;
            }
        }
        for image in self.docker.list_images(None::<ListImagesOptions>).await.expect("images") {
            if is_due(image.labels) {
                found += 1;
                let _ = self.docker.remove_image(&image.id, None::<RemoveImageOptions>, None).await;
            }
        }
        found
    }
}

/// A container from an image, with environment and labels.
pub fn container(image: &str, environment: &[&str]) -> ContainerCreateBody {
    ContainerCreateBody {
        image: Some(image.to_owned()),
        env: Some(environment.iter().map(|variable| (*variable).to_owned()).collect()),
        host_config: Some(HostConfig::default()),
        ..Default::default()
    }
}

/// Tries until there is an answer.
pub async fn eventually<T>(what: &str, attempt: impl AsyncFn() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = attempt().await {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "waited {} s until {what}", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The body of the answer to a GET request.
pub async fn get(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Ok(answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}
