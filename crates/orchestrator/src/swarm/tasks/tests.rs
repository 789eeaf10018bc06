//! Tasks as an engine (20.10) told them, and what the platform makes of them.

use super::*;
use serde_json::{Value, json};

const RELEASE: &str = "01938b4c-7f3a-7a10-8000-000000000002";

/// A task that waits for a node, changed as a test wants.
fn told(change: impl FnOnce(&mut Value)) -> Task {
    let mut task = json!({
        "ID": "xrncqfz0zgympr898sdsppgi1",
        "Version": { "Index": 20 },
        "CreatedAt": "2026-11-22T18:31:56.546473829Z",
        "UpdatedAt": "2026-11-22T18:31:58.987229125Z",
        "Labels": {},
        "Spec": {
            "ContainerSpec": {
                "Image": "sha256:745093340a52dfe36cfe5ec2d5070638c8697cd95d177865815363e09177be17",
                "Labels": { "slipway.platform": "lab", "slipway.release": RELEASE, "slipway.port": "9000" },
            },
            "Resources": { "Limits": { "NanoCPUs": 500_000_000, "MemoryBytes": 67_108_864, "Pids": 512 } },
        },
        "ServiceID": "qmptctvktdnvcd8llre4l7cxx",
        "Slot": 1,
        "Status": { "Timestamp": "2026-11-22T18:31:58.907362146Z", "State": "pending", "PortStatus": {} },
        "DesiredState": "running",
        "NetworksAttachments": [{ "Network": { "ID": "lv78mvyizgp9jk9yfx8ufh185" }, "Addresses": ["10.0.1.2/24"] }],
    });
    change(&mut task);
    serde_json::from_value(task).expect("a task")
}

fn on(node: &str) -> Surroundings {
    Surroundings { node: Some(node.to_owned()), ..Default::default() }
}

fn failed(state: &str, err: &str, exit_code: i64) -> Task {
    told(|task| {
        task["Status"]["State"] = state.into();
        task["Status"]["Err"] = err.into();
        let container = if exit_code == 0 { "" } else { "de4993f363a5" };
        task["Status"]["ContainerStatus"] = json!({ "ContainerID": container, "PID": 0, "ExitCode": exit_code });
        task["DesiredState"] = "shutdown".into();
    })
}

#[test]
fn a_replica_has_its_address_before_it_has_a_node() {
    let replica = told(|_| {}).into_replica(Surroundings::default()).expect("a replica");
    assert_eq!((replica.state, replica.node), (ReplicaState::Pending, None));
    assert_eq!(replica.address, Some("10.0.1.2:9000".parse().expect("an address")));
    assert_eq!((replica.reason, replica.exit_code), (None, None));
    assert_eq!(replica.since.to_utc(), "2026-11-22 18:31:58 UTC");
}

#[test]
fn a_task_that_has_no_network_yet_has_no_address() {
    for nothing in [Value::Null, json!([]), json!([{ "Network": {} }]), json!([{ "Addresses": null }])] {
        let replica = told(|task| task["NetworksAttachments"] = nothing).into_replica(Surroundings::default());
        assert_eq!(replica.expect("a replica").address, None);
    }
}

#[test]
fn a_task_that_is_no_releases_is_no_replica() {
    assert_eq!(told(|task| task["Spec"]["ContainerSpec"]["Labels"] = json!({})).into_replica(on("h1")), None);
    assert_eq!(told(|task| task["Spec"] = json!({})).into_replica(on("h1")), None);
}

#[test]
fn every_stage_is_one_of_five_states() {
    use ReplicaState::{Failed, Pending, Preparing, Running, Stopped};
    let states = [
        ("new", Pending),
        ("allocated", Pending),
        ("pending", Pending),
        ("assigned", Preparing),
        ("accepted", Preparing),
        ("preparing", Preparing),
        ("ready", Preparing),
        ("starting", Preparing),
        ("running", Running),
        ("complete", Stopped),
        ("shutdown", Stopped),
        ("failed", Failed),
        ("rejected", Failed),
        ("remove", Stopped),
        ("orphaned", Failed),
    ];
    for (stage, state) in states {
        let replica = told(|task| task["Status"]["State"] = stage.into()).into_replica(on("h1")).expect("a replica");
        assert_eq!(replica.state, state, "{stage}");
    }
}

/// A process that exits with an error when it is told to end for good is not what people need to hear of.
#[test]
fn what_a_replica_says_on_its_way_out_is_no_failure() {
    let mut task = failed("failed", "task: non-zero exit (143)", 143);
    task.desired_state = Stage::Remove;
    let replica = task.into_replica(on("h1")).expect("a replica");
    assert_eq!((replica.state, replica.reason), (ReplicaState::Stopped, None));
}

/// Swarm goes on calling the tasks of a dead node running, for a day.
#[test]
fn a_replica_on_a_node_that_is_gone_does_not_run() {
    let leaving = |task: &mut Value| {
        task["Status"]["State"] = "running".into();
        task["DesiredState"] = "shutdown".into();
    };
    let gone = Surroundings { node_is_down: true, ..on("h2") };
    let replica = told(leaving).into_replica(gone).expect("a replica");
    assert_eq!(replica.state, ReplicaState::Failed);
    assert_eq!(replica.reason.as_deref(), Some("node h2 does not answer any more"));
    let replica = told(leaving).into_replica(on("h2")).expect("a replica");
    assert_eq!((replica.state, replica.reason), (ReplicaState::Running, None));
}

#[test]
fn reasons_are_told_so_that_people_understand_them() {
    let missing = "No such image: sha256:745093340a52dfe36cfe5ec2d5070638c8697cd95d177865815363e09177be17";
    let full = "write /var/lib/docker/overlay2/x: no space left on device";
    let table = [
        ("failed", "task: non-zero exit (3)", 3, "its process ended with exit code 3"),
        ("failed", "task: non-zero exit (127)", 127, "its command is not in the image (exit code 127)"),
        ("failed", "task: non-zero exit (137)", 137, "its process was killed (exit code 137)"),
        ("failed", "task: non-zero exit (139)", 139, "its process crashed with a memory fault (exit code 139)"),
        ("rejected", missing, 0, "node h1 does not have the image, and no registry does"),
        ("rejected", full, 0, "the disk of node h1 is full (no space left on device)"),
        ("failed", "rpc error: code = Unknown desc = it is broken.", 0, "it is broken"),
        ("complete", "", 0, "its process ended by itself (exit code 0); an app has to keep running"),
        ("orphaned", "", 0, "node h1 does not answer any more"),
    ];
    for (state, err, exit_code, reason) in table {
        let replica = failed(state, err, exit_code).into_replica(on("h1")).expect("a replica");
        assert_eq!(replica.reason.as_deref(), Some(reason));
        assert_eq!(replica.exit_code, Some(exit_code).filter(|code| *code != 0));
        assert!(!replica.out_of_memory);
    }
}

#[test]
fn what_stands_in_the_way_of_a_place_is_named() {
    let table = [
        ("(insufficient resources on 1 node)", "no node has 64 MiB of memory free"),
        (
            "(1 node not available for new tasks; insufficient resources on 2 nodes)",
            "no node has 64 MiB of memory free",
        ),
        ("(2 nodes not available for new tasks)", "no node takes new replicas: all are down, paused or drained"),
        ("(scheduling constraints not satisfied on 2 nodes)", "the only node that has the image is not available"),
        ("(unsupported platform on 1 node)", "no node has the kind of processor that the image was made for"),
        ("(host-mode port already in use on 1 node)", "no suitable node (host-mode port already in use on 1 node)"),
    ];
    for (obstacles, reason) in table {
        let task = told(|task| task["Status"]["Err"] = format!("no suitable node {obstacles}").into());
        let replica = task.into_replica(Surroundings::default()).expect("a replica");
        assert_eq!((replica.state, replica.reason.as_deref()), (ReplicaState::Pending, Some(reason)));
    }
}

#[test]
fn an_image_of_a_registry_that_did_not_come_is_named_without_its_digest() {
    let mut task = failed("rejected", "No such image: example.com/shop@sha256:aa", 0);
    task.spec.container_spec.as_mut().expect("a container").image = Some("example.com/shop@sha256:aa".to_owned());
    let replica = task.into_replica(on("h3")).expect("a replica");
    assert_eq!(replica.reason.as_deref(), Some("node h3 could not fetch the image example.com/shop"));
}

#[test]
fn the_present_task_and_the_failures_before_it_are_told_newest_first() {
    let task = |slot: u32, minute: u32, state: &str| {
        told(|task| {
            task["ID"] = format!("{slot}-{minute}").into();
            task["Slot"] = slot.into();
            task["CreatedAt"] = format!("2026-11-22T18:{minute:02}:00Z").into();
            task["Status"]["State"] = state.into();
        })
    };
    let mut tasks = vec![task(2, 0, "shutdown"), task(2, 1, "running"), task(1, 0, "shutdown")];
    tasks.extend((1..9).map(|minute| task(1, minute, "failed")));
    tasks.push(task(3, 5, "shutdown"));
    let told = worth_telling(tasks);
    let told: Vec<_> = told.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(told, ["1-8", "1-7", "1-6", "1-5", "1-4", "2-1", "3-5"]);
}
