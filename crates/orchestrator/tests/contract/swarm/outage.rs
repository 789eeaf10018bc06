//! An engine that goes away in the middle: a socket of our own in front of the real one, which can be taken away.

use super::OnSwarm;
use crate::support::{fresh, order, running};
use domain::SettingsForm;
use orchestrator::{Error, Orchestrator};
use std::path::{Path, PathBuf};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

/// Passes on everything between its socket and the engine, until it is dropped.
struct Relay {
    _tasks: JoinSet<()>,
    socket: PathBuf,
}

impl Relay {
    fn start(socket: &Path, engine: &Path) -> Self {
        let listener = UnixListener::bind(socket).expect("a socket");
        let (mut tasks, engine) = (JoinSet::new(), engine.to_owned());
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let engine = engine.clone();
                connections.spawn(async move {
                    let mut far = UnixStream::connect(engine).await.expect("the engine answers");
                    drop(tokio::io::copy_bidirectional(&mut near, &mut far).await);
                });
            }
        });
        Self { _tasks: tasks, socket: socket.to_owned() }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.socket));
    }
}

pub async fn an_engine_that_goes_away_is_told_and_found_again(world: &OnSwarm) {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("docker.sock");
    let relay = Relay::start(&socket, &world.socket);
    let behind = OnSwarm::at(&socket).await;
    let spec = order(&behind, fresh(), SettingsForm::default()).await;
    behind.swarm.ensure_release(&spec).await.expect("accepted");
    let before = running(&behind, spec.release.id, 1).await;

    drop(relay);
    for refused in [
        behind.swarm.replicas(spec.release.id).await.map(drop),
        behind.swarm.ensure_release(&spec).await,
        behind.swarm.scale(spec.release.id, 2).await,
        behind.swarm.remove_release(spec.release.id).await,
        behind.swarm.nodes().await.map(drop),
    ] {
        let sentence = format!("The Docker engine at {} does not answer", socket.display());
        assert!(matches!(&refused, Err(Error::Unreachable(why)) if why.starts_with(&sentence)), "{refused:?}");
    }

    let _relay = Relay::start(&socket, &world.socket);
    behind.swarm.ensure_release(&spec).await.expect("said again");
    assert_eq!(running(&behind, spec.release.id, 1).await, before);
    behind.clean().await;
}
