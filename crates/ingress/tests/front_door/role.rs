//! The role as a process runs it.

use crate::support::eventually;
use ingress::{Config, ControlClient};
use std::process::{Command, id};

#[tokio::test(flavor = "multi_thread")]
async fn an_ingress_that_runs_as_a_role_ends_when_it_is_told_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config::new(([127, 0, 0, 1], 0).into(), folder.path());
    let control = ControlClient::new(config.control_socket());
    let role = std::thread::spawn(move || ingress::run(config));
    // It answers only after it has taken the signal over, which otherwise would end all tests.
    eventually("it answers", || async { control.status().await.is_ok() }).await;
    let told = Command::new("kill").arg(id().to_string()).status().expect("kill runs");
    assert!(told.success());
    eventually("it has ended", || async { role.is_finished() }).await;
    role.join().expect("no panic").expect("a good end");
    assert!(control.status().await.is_err());
}
