//! How replicas come, live and end.

use super::behaviour::Behaviour;
use super::listener::{self, Face};
use super::logs::Writer;
use super::world::{Begun, Slot};
use super::{Inner, Logs};
use crate::{Error, ReleaseSpec, Result};
use domain::{Delivery, LogStream, ReleaseId, Replica, ReplicaState, TaskId, Timestamp, human_bytes};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::net::TcpSocket;

/// Between two looks for a node with room.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Makes or ends slots until there are as many as wanted.
pub(super) fn set_copies(inner: &Arc<Inner>, release: ReleaseId, replicas: u16) -> Result<()> {
    let mut world = inner.world();
    let Some(held) = world.releases.get_mut(&release) else {
        return Err(Error::Refused(format!("The release {release} is not in the swarm any more.")));
    };
    held.slots.retain(|slot, _| *slot <= u32::from(replicas));
    for number in 1..=u32::from(replicas) {
        held.slots.entry(number).or_insert_with(|| {
            let mut slot = Slot::default();
            slot.life.spawn(keep_alive(Arc::downgrade(inner), release, number));
            slot
        });
    }
    Ok(())
}

/// One replica after the other, for as long as the slot is there.
async fn keep_alive(inner: Weak<Inner>, release: ReleaseId, slot: u32) {
    loop {
        let Some(life) = Life::begin(&inner, release, slot) else { return };
        let Some(end) = life.live().await else { return };
        let Some(delay) = life.end(end) else { return };
        tokio::time::sleep(delay).await;
    }
}

/// How a process ended.
struct End {
    exit_code: Option<i64>,
    reason: String,
    out_of_memory: bool,
}

impl End {
    fn exit(code: i64) -> Self {
        Self { exit_code: Some(code), reason: format!("its process ended with exit code {code}"), out_of_memory: false }
    }
}

/// One replica from its planning to its end.
struct Life {
    inner: Weak<Inner>,
    begun: Begun,
    behaviour: Behaviour,
    writer: Writer,
}

impl Life {
    fn begin(weak: &Weak<Inner>, release_id: ReleaseId, slot: u32) -> Option<Self> {
        let inner = weak.upgrade()?;
        let replica = Replica {
            task: TaskId(String::new()),
            release_id,
            slot,
            node: None,
            state: ReplicaState::Pending,
            address: None,
            reason: None,
            exit_code: None,
            out_of_memory: false,
            since: inner.now(),
        };
        let begun = inner.world().begin(replica)?;
        let release = &begun.spec.release;
        let writer = Writer { app_id: release.app_id, release_id, number: release.number, slot };
        Some(Self { inner: Weak::clone(weak), behaviour: Behaviour::of(release), writer, begun })
    }

    fn spec(&self) -> &ReleaseSpec {
        &self.begun.spec
    }

    /// Everything up to the end of the process. None when nobody wants to know any more.
    async fn live(&self) -> Option<End> {
        let node = self.find_node().await?;
        let socket = match reserve() {
            Ok(reserved) => reserved,
            Err(error) => return Some(End { exit_code: None, reason: error.to_string(), out_of_memory: false }),
        };
        let address = socket.local_addr().ok();
        self.change(|replica, _| {
            replica.state = ReplicaState::Preparing;
            replica.address = address;
        })?;
        tokio::time::sleep(self.inner.upgrade()?.start_delay).await;
        if self.behaviour.fills_disk || self.inner.upgrade()?.disk_is_full.load(Relaxed) {
            let reason = format!("the disk of node {node} is full (no space left on device)");
            return Some(End { exit_code: None, reason, out_of_memory: false });
        }
        self.change(|replica, _| replica.state = ReplicaState::Running)?;
        Some(self.run(socket).await)
    }

    /// Waits until a node has the memory that the release reserves.
    async fn find_node(&self) -> Option<String> {
        let bytes = self.spec().release.settings.memory.bytes();
        loop {
            {
                let inner = self.inner.upgrade()?;
                let mut world = inner.world();
                let room = world.room(&inner.nodes, bytes);
                let replica = world.newest(self.writer.release_id, self.writer.slot)?;
                replica.node.clone_from(&room);
                if room.is_some() {
                    replica.reason = None;
                    return room;
                }
                replica.reason = Some(format!("no node has {} of memory free", human_bytes(bytes)));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn run(&self, socket: TcpSocket) -> End {
        let spec = self.spec();
        self.say(LogStream::Stdout, format!("{} {} starts", spec.app_name, spec.release.image.tag));
        if let Some(code) = self.behaviour.crashes_at_start {
            self.say(LogStream::Stderr, format!("cannot start: asked for exit code {code}"));
            return End::exit(code.into());
        }
        let limit = spec.release.settings.memory;
        if self.behaviour.eats_mib > limit.get() {
            let reason = format!("it used more than its {limit} of memory and was ended by the kernel (exit code 137)");
            return End { exit_code: Some(137), reason, out_of_memory: true };
        }
        tokio::select! {
            () = self.begun.kill.notified() => {
                End { exit_code: Some(137), reason: "its process was killed (exit code 137)".to_owned(), out_of_memory: false }
            }
            () = after(self.behaviour.crashes_after) => {
                self.say(LogStream::Stderr, "crashes, as it was asked to".to_owned());
                End::exit(1)
            }
            () = self.serve(socket) => End::exit(1),
        }
    }

    /// Listens, as far as the behaviour allows.
    async fn serve(&self, socket: TcpSocket) {
        if self.behaviour.never_listens {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(self.behaviour.listens_after).await;
        let spec = self.spec();
        self.say(LogStream::Stdout, format!("listens on port {}", spec.release.settings.port.get()));
        let face = Face {
            app: spec.app_name.to_string(),
            version: spec.release.image.tag.to_string(),
            release: spec.release.number,
            slot: self.writer.slot,
            answers_500: self.behaviour.answers_500,
            environment: given(spec, Delivery::Environment),
            files: given(spec, Delivery::File),
        };
        let (inner, writer) = (Weak::clone(&self.inner), self.writer);
        listener::serve(socket, face, move |stream, text| {
            if let Some(inner) = inner.upgrade() {
                inner.logs.write(writer, stream, text);
            }
        })
        .await;
    }

    /// Writes the end down and says how long to wait for the next try.
    fn end(self, end: End) -> Option<Duration> {
        self.change(|replica, _| {
            replica.state = ReplicaState::Failed;
            replica.reason = Some(end.reason);
            replica.exit_code = end.exit_code;
            replica.out_of_memory = end.out_of_memory;
        })?;
        Some(self.inner.upgrade()?.restart_delay)
    }

    fn change(&self, change: impl FnOnce(&mut Replica, &Logs)) -> Option<()> {
        let inner = self.inner.upgrade()?;
        let now: Timestamp = inner.now();
        let mut world = inner.world();
        let replica = world.newest(self.writer.release_id, self.writer.slot)?;
        debug_assert_eq!(replica.task, self.begun.task, "a slot has one life at a time");
        change(replica, &inner.logs);
        replica.since = now;
        Some(())
    }

    fn say(&self, stream: LogStream, text: String) {
        if let Some(inner) = self.inner.upgrade() {
            inner.logs.write(self.writer, stream, text);
        }
    }
}

/// What the process finds in its environment, or below `/run/secrets`.
fn given(spec: &ReleaseSpec, delivery: Delivery) -> BTreeMap<String, String> {
    let variables = spec.release.settings.variables.iter().filter(|_| delivery == Delivery::Environment);
    let secrets = spec.secrets.iter().filter(|secret| secret.delivery == delivery);
    let secrets = secrets.map(|secret| (secret.name.as_str(), secret.value.expose().as_str()));
    variables.chain(secrets).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// An address of its own, on which nothing listens yet.
fn reserve() -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    Ok(socket)
}

async fn after(delay: Option<Duration>) {
    match delay {
        Some(delay) => tokio::time::sleep(delay).await,
        None => std::future::pending().await,
    }
}
