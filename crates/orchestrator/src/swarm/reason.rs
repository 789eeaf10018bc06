//! Why a replica is not well: the engine's own words, and a sentence that a person understands where we know what they mean.

use super::engine::in_plain_words;
use super::tasks::{Stage, Surroundings, Task};
use domain::{ReplicaState, human_bytes};

/// The reason for a task's state, without a full stop; none when all is well.
pub(super) fn of(task: &Task, state: ReplicaState, around: &Surroundings) -> Option<String> {
    match state {
        ReplicaState::Stopped if task.status.state == Stage::Complete => Some(ended(0)),
        ReplicaState::Running | ReplicaState::Stopped => None,
        ReplicaState::Failed if task.is_leaving() || task.status.state == Stage::Orphaned => {
            Some(format!("{} does not answer any more", node(around)))
        }
        ReplicaState::Failed if around.out_of_memory => Some(format!(
            "it used more than its {} of memory and was ended by the kernel (exit code 137)",
            human_bytes(task.memory())
        )),
        ReplicaState::Pending | ReplicaState::Preparing | ReplicaState::Failed => {
            let words = task.status.err.as_deref().filter(|words| !words.is_empty())?;
            Some(translate(words, task, around))
        }
    }
}

fn translate(words: &str, task: &Task, around: &Surroundings) -> String {
    if let Some(obstacles) = words.strip_prefix("no suitable node") {
        return unplaced(obstacles, task.memory());
    }
    if let Some(code) = words.strip_prefix("task: non-zero exit (") {
        return code.split(')').next().and_then(|code| code.parse().ok()).map_or_else(|| words.to_owned(), ended);
    }
    if words.contains("no space left on device") {
        return format!("the disk of {} is full (no space left on device)", node(around));
    }
    if words.starts_with("No such image") {
        return no_image(task, around);
    }
    in_plain_words(words).to_owned()
}

/// Swarm names every obstacle with the number of nodes that have it:
/// `(insufficient resources on 1 node; 2 nodes not available for new tasks)`.
fn unplaced(obstacles: &str, memory: u64) -> String {
    let memory = human_bytes(memory);
    if obstacles.contains("insufficient resources") {
        return format!("no node has {memory} of memory free");
    }
    if obstacles.contains("unsupported platform") {
        return "no node has the kind of processor that the image was made for".to_owned();
    }
    if obstacles.contains("scheduling constraints not satisfied") {
        return "the only node that has the image is not available".to_owned();
    }
    if obstacles.contains("not available for new tasks") || obstacles.trim().is_empty() {
        return "no node takes new replicas: all are down, paused or drained".to_owned();
    }
    format!("no suitable node{obstacles}")
}

fn no_image(task: &Task, around: &Surroundings) -> String {
    let image = task.spec.container_spec.as_ref().and_then(|container| container.image.as_deref()).unwrap_or_default();
    if image.starts_with("sha256:") {
        return format!("{} does not have the image, and no registry does", node(around));
    }
    let repository = image.split('@').next().unwrap_or(image);
    format!("{} could not fetch the image {repository}", node(around))
}

/// What an exit code says, by the customs of shells and kernels.
fn ended(code: i64) -> String {
    match code {
        0 => "its process ended by itself (exit code 0); an app has to keep running".to_owned(),
        126 => "its command is no program that can be run (exit code 126)".to_owned(),
        127 => "its command is not in the image (exit code 127)".to_owned(),
        134 => "its process aborted (exit code 134)".to_owned(),
        137 => "its process was killed (exit code 137)".to_owned(),
        139 => "its process crashed with a memory fault (exit code 139)".to_owned(),
        code => format!("its process ended with exit code {code}"),
    }
}

fn node(around: &Surroundings) -> String {
    around.node.as_ref().map_or_else(|| "its node".to_owned(), |name| format!("node {name}"))
}
