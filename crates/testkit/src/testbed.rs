//! The testbed of `end2end/testbed`, as the tests see it: hosts that can be killed, paused and cut off.

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::net::IpAddr;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A swarm of several hosts on this machine, which `end2end/testbed up` has brought up.
#[derive(Debug, Clone)]
pub struct Testbed {
    /// The hosts, from 1 on.
    pub hosts: Vec<Host>,
    /// Host and port of the registry that all hosts trust.
    pub registry: String,
}

/// One host: a network namespace with an engine of its own.
#[derive(Debug, Clone)]
pub struct Host {
    /// What the testbed and the swarm call it: `h1`.
    pub name: String,
    /// The socket of its engine; it can be reached from the machine itself.
    pub socket: PathBuf,
    /// The name of its network namespace.
    pub namespace: String,
    /// Its address on the bridge.
    pub address: IpAddr,
}

/// Moves the calling thread into the network of the testbed's host whose engine has this socket, so that `127.0.0.1` is
/// that host for the test; threads that it starts go with it. An engine of the machine itself changes nothing.
///
/// # Panics
/// When the network cannot be entered: that needs root.
pub fn enter_network_of(engine: &Path) {
    let is_its = |host: &Host| host.socket == engine;
    if find("HOSTS").is_none() {
        return;
    }
    if let Some(host) = Testbed::from_env().hosts.into_iter().find(is_its) {
        host.enter_network();
    }
}

/// Something that was done to a host and is undone when this is dropped, also when the test fails.
#[must_use = "the host comes back when this is dropped"]
#[derive(Debug)]
pub struct Outage {
    host: String,
    undo: &'static str,
}

impl Testbed {
    /// Reads what `end2end/testbed env` has printed into the environment.
    ///
    /// # Panics
    /// When there is no testbed: tests that need one fail instead of passing unseen.
    pub fn from_env() -> Self {
        let count = variable("HOSTS").parse().expect("SLIPWAY_TESTBED_HOSTS is a number");
        Self { hosts: (1..=count).map(Host::from_env).collect(), registry: variable("REGISTRY") }
    }

    /// A host by its number, from 1.
    ///
    /// # Panics
    /// When the testbed has fewer hosts.
    pub fn host(&self, number: usize) -> &Host {
        let has = self.hosts.len();
        self.hosts.get(number - 1).unwrap_or_else(|| panic!("the test needs host {number}; the testbed has {has}"))
    }
}

impl Host {
    fn from_env(number: usize) -> Self {
        let address = variable(&format!("ADDRESS{number}"));
        Self {
            name: format!("h{number}"),
            socket: variable(&format!("H{number}")).into(),
            namespace: variable(&format!("NS{number}")),
            address: address.parse().unwrap_or_else(|_| panic!("{address} is no address")),
        }
    }

    /// A command that runs in the host's network: there, `127.0.0.1` is the host.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net=/var/run/netns/{}", self.namespace)).arg(program.as_ref());
        command
    }

    /// Moves the calling thread into the host's network.
    fn enter_network(&self) {
        let path = Path::new("/var/run/netns").join(&self.namespace);
        let network = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let entered = move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network));
        entered.unwrap_or_else(|error| panic!("the network of {} cannot be entered: {error}", self.name));
    }

    /// Ends everything on the host at once, as if its power had gone. It starts again when the outage is dropped.
    pub fn kill(&self) -> Outage {
        self.suffer("kill", "start")
    }

    /// Makes every process of the host stand still.
    pub fn pause(&self) -> Outage {
        self.suffer("pause", "resume")
    }

    /// Pulls its network cable.
    pub fn cut(&self) -> Outage {
        self.suffer("cut", "join")
    }

    fn suffer(&self, what: &str, undo: &'static str) -> Outage {
        let outage = Outage { host: self.name.clone(), undo };
        testbed(what, &self.name);
        outage
    }
}

impl Outage {
    /// Ends it now.
    pub fn end(self) {
        drop(self);
    }
}

impl Drop for Outage {
    fn drop(&mut self) {
        testbed(self.undo, &self.host);
    }
}

/// Calls the testbed's command.
fn testbed(what: &str, host: &str) {
    let command = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../end2end/testbed");
    let done = Command::new(&command).args([what, host]).status();
    let went_well = done.as_ref().is_ok_and(std::process::ExitStatus::success);
    // A second panic while a failed test unwinds would hide the first.
    assert!(went_well || std::thread::panicking(), "{} {what} {host}: {done:?}", command.display());
}

fn variable(name: &str) -> String {
    find(name).unwrap_or_else(|| {
        panic!(
            "SLIPWAY_TESTBED_{name} is not set: bring the testbed up with `end2end/testbed up` and export what \
             `end2end/testbed env` prints"
        )
    })
}

#[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
fn find(name: &str) -> Option<String> {
    std::env::var(format!("SLIPWAY_TESTBED_{name}")).ok()
}
