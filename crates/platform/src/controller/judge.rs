//! Whether the replicas of a starting release are on the way, there, or beyond hope. Pure, so that every case is a test.

use domain::{Release, Replica, ReplicaState, Timestamp, human_bytes};
use std::time::Duration;

/// How often a replica may fail before the release is given up.
const TRIES: usize = 3;

/// What is to be thought of a starting release.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All wanted replicas run.
    Running,
    /// Some are on the way; the words say what is waited for.
    Waiting(String),
    /// It will not start; the sentence says why.
    Hopeless(String),
}

/// Judges the replicas of a release whose deploy began at `since`.
pub(super) fn judge(
    release: &Release,
    replicas: &[Replica],
    since: Timestamp,
    now: Timestamp,
    placement: Duration,
) -> Verdict {
    let wanted = usize::from(release.settings.replicas.get());
    let failed: Vec<_> = replicas.iter().filter(|r| r.state == ReplicaState::Failed && r.since >= since).collect();
    if failed.len() >= TRIES {
        return Verdict::Hopeless(failure(release, failed[0]));
    }
    let running = replicas.iter().filter(|r| r.is_running()).count();
    if running >= wanted {
        return Verdict::Running;
    }
    let homeless = replicas.iter().find(|r| r.state == ReplicaState::Pending && r.reason.is_some());
    if let Some(reason) = homeless.and_then(|r| r.reason.as_deref()) {
        if now.millis_since(since) > i64::try_from(placement.as_millis()).unwrap_or(i64::MAX) {
            return Verdict::Hopeless(format!(
                "r{} was not started: {reason}. Lower the limit or add a node.",
                release.number
            ));
        }
        return Verdict::Waiting(format!("{running} of {wanted} running; {reason}"));
    }
    if let Some(last) = failed.first() {
        return Verdict::Waiting(format!(
            "{running} of {wanted} running; {}; trying again",
            what_happened(release, last)
        ));
    }
    Verdict::Waiting(format!("{running} of {wanted} running"))
}

/// The headline of a deploy whose replicas fail.
pub(super) fn failure(release: &Release, replica: &Replica) -> String {
    let remedy = if replica.out_of_memory {
        "Raise the memory limit, or make the app use less."
    } else {
        "The last lines it wrote are below."
    };
    format!("r{} does not run: {}. {remedy}", release.number, what_happened(release, replica))
}

fn what_happened(release: &Release, replica: &Replica) -> String {
    if replica.out_of_memory {
        let limit = human_bytes(release.settings.memory.bytes());
        return format!("the kernel ended it because it used more than its {limit} of memory");
    }
    match (replica.exit_code, &replica.reason) {
        (Some(code), _) if code != 0 => format!("it ended with exit code {code}"),
        (Some(_), _) => "it ended by itself, with exit code 0".to_owned(),
        (None, Some(reason)) => reason.clone(),
        (None, None) => "it ended, and the engine does not say why".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AppId, ImageRef, ReleaseId, SettingsForm, TaskId};

    fn release(replicas: u64) -> Release {
        let settings = SettingsForm { replicas: Some(replicas), memory: Some(64), ..Default::default() };
        Release {
            id: ReleaseId::new(uuid::Uuid::from_u128(1)),
            app_id: AppId::new(uuid::Uuid::from_u128(2)),
            number: 3,
            image: ImageRef { repository: "shop".parse().expect("valid"), tag: "1.0".parse().expect("valid") },
            digest: format!("sha256:{}", "0".repeat(64)).parse().expect("valid"),
            settings: settings.over(None).expect("valid"),
            made_by: "ada@example.com".into(),
            made_at: Timestamp(0),
            reason: String::new(),
        }
    }

    fn replica(state: ReplicaState) -> Replica {
        Replica {
            task: TaskId("t".into()),
            release_id: ReleaseId::new(uuid::Uuid::from_u128(1)),
            slot: 1,
            node: None,
            state,
            address: None,
            reason: None,
            exit_code: None,
            out_of_memory: false,
            since: Timestamp(1000),
        }
    }

    fn verdict(wanted: u64, replicas: &[Replica], now: i64) -> Verdict {
        judge(&release(wanted), replicas, Timestamp(500), Timestamp(now), Duration::from_secs(10))
    }

    #[test]
    fn all_wanted_replicas_must_run() {
        let running = replica(ReplicaState::Running);
        assert_eq!(verdict(2, &[running.clone(), running.clone()], 2000), Verdict::Running);
        assert_eq!(verdict(2, &[running], 2000), Verdict::Waiting("1 of 2 running".into()));
    }

    #[test]
    fn a_replica_that_finds_no_node_is_given_up_after_a_while() {
        let mut pending = replica(ReplicaState::Pending);
        pending.reason = Some("no node has 64 GiB of memory free".into());
        assert!(matches!(verdict(1, std::slice::from_ref(&pending), 2000), Verdict::Waiting(_)));
        let expected = "r3 was not started: no node has 64 GiB of memory free. Lower the limit or add a node.";
        assert_eq!(verdict(1, &[pending], 20_000), Verdict::Hopeless(expected.into()));
    }

    #[test]
    fn one_crash_is_tried_again_and_three_are_the_end() {
        let mut crashed = replica(ReplicaState::Failed);
        crashed.exit_code = Some(7);
        let waiting = "0 of 1 running; it ended with exit code 7; trying again";
        assert_eq!(verdict(1, std::slice::from_ref(&crashed), 2000), Verdict::Waiting(waiting.into()));
        let expected = "r3 does not run: it ended with exit code 7. The last lines it wrote are below.";
        assert_eq!(verdict(1, &[crashed.clone(), crashed.clone(), crashed], 2000), Verdict::Hopeless(expected.into()));
    }

    #[test]
    fn the_kernels_out_of_memory_kill_is_named_as_such() {
        let mut killed = replica(ReplicaState::Failed);
        (killed.exit_code, killed.out_of_memory) = (Some(137), true);
        let expected = "r3 does not run: the kernel ended it because it used more than its 64 MiB of memory. Raise the memory limit, \
                        or make the app use less.";
        assert_eq!(verdict(1, &[killed.clone(), killed.clone(), killed], 2000), Verdict::Hopeless(expected.into()));
    }

    #[test]
    fn failures_of_an_earlier_time_do_not_count_against_a_rollback() {
        let mut old = replica(ReplicaState::Failed);
        old.since = Timestamp(400);
        let replicas = [old.clone(), old.clone(), old, replica(ReplicaState::Running)];
        assert_eq!(verdict(1, &replicas, 2000), Verdict::Running);
    }
}
