//! Reading logs in tests, and a connection that can be cut meanwhile.

use crate::scene::{PATIENCE, Scene, container, engine_socket, sample};
use agent::image::ensure_packed;
use agent::{LocalAgent, labels};
use domain::{LogLine, ReleaseId};
use futures::StreamExt;
use futures::stream::BoxStream;
use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// A release that only this test has.
pub fn release(scene: &Scene, number: u32) -> ReleaseId {
    let own = scene.name.rsplit('-').next().and_then(|of| of.parse::<u32>().ok()).unwrap_or(0);
    let id = format!("00000000-0000-7000-8000-{:06x}{own:03x}{number:03x}", std::process::id());
    id.parse().expect("an id")
}

/// Starts a replica of a release in a slot.
pub async fn replica(scene: &Scene, number: u32, slot: u32, environment: &[&str]) -> String {
    ensure_packed(&scene.docker, &sample(), &[scene.recipe()]).await.expect("the sample can be packed");
    let mut body = container(&scene.recipe().reference, environment);
    let (release, task) = (release(scene, number).to_string(), format!("app-x-r{number}.{slot}.abc"));
    body.labels = Some(scene.labels(&[(labels::RELEASE, &release), (labels::TASK_NAME, &task)]));
    scene.start(body).await
}

/// Opens the logs of the first release.
pub async fn follow(scene: &Scene, last: u32) -> BoxStream<'static, LogLine> {
    let agent = LocalAgent::new(scene.docker.clone());
    let (_, sources) = watch::channel(vec![(release(scene, 1), 1)]);
    agent.logs(sources, last, true).await.expect("the engine answers")
}

/// Reads lines until one fits, and gives all of them.
pub async fn until(lines: &mut BoxStream<'static, LogLine>, fits: impl Fn(&LogLine) -> bool) -> Vec<LogLine> {
    let mut read = Vec::new();
    loop {
        let line = timeout(PATIENCE, lines.next()).await;
        let line =
            line.unwrap_or_else(|_| panic!("no more lines after {:?}", read.last())).expect("the stream goes on");
        read.push(line);
        if read.last().is_some_and(&fits) {
            return read;
        }
    }
}

/// Reads lines until each of these has come, whichever is first, and gives all of them.
pub async fn until_all(lines: &mut BoxStream<'static, LogLine>, wanted: &[&str]) -> Vec<LogLine> {
    let missing = RefCell::new(wanted.to_vec());
    until(lines, |line| {
        missing.borrow_mut().retain(|start| !line.text.starts_with(start));
        missing.borrow().is_empty()
    })
    .await
}

/// The numbers of the lines `NAME 1`, `NAME 2`.
pub fn numbers(lines: &[LogLine], name: &str) -> Vec<u64> {
    let number = |line: &LogLine| line.text.strip_prefix(name)?.trim_start().split(' ').next()?.parse().ok();
    lines.iter().filter_map(number).collect()
}

pub fn assert_gapless(numbers: &[u64]) {
    let breaks: Vec<_> = numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1).collect();
    assert_eq!(breaks, Vec::<&[u64]>::new(), "between {:?} and {:?}", numbers.first(), numbers.last());
}

/// A way to the engine that can be cut.
pub struct Cable {
    pub socket: PathBuf,
    connections: Arc<tokio::sync::Mutex<JoinSet<()>>>,
    _folder: tempfile::TempDir,
    _listening: JoinSet<()>,
}

impl Cable {
    pub fn to_engine() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("engine.sock");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let connections = Arc::new(tokio::sync::Mutex::new(JoinSet::new()));
        let mut listening = JoinSet::new();
        let (all, engine) = (Arc::clone(&connections), engine_socket());
        listening.spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let engine = engine.clone();
                all.lock().await.spawn(async move {
                    if let Ok(mut far) = UnixStream::connect(&engine).await {
                        let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                    }
                });
            }
        });
        Self { socket, connections, _folder: folder, _listening: listening }
    }

    pub async fn cut(&self) {
        self.connections.lock().await.shutdown().await;
    }
}
