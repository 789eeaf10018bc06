//! The contract. Each function says in its name what holds for every orchestrator.

use crate::support::{World, eventually, failure, fresh, image, order, replicas, running, variables};
use domain::{Delivery, ProjectId, ReleaseId, ReplicaState, Secret, SettingsForm};
use futures::future::join_all;
use orchestrator::{Error, KnownRelease, ReleaseSecret};

pub async fn a_release_gets_the_wanted_replicas_each_with_an_address(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm { replicas: Some(2), port: Some(8080), ..Default::default() }).await;
    world.orchestrator().ensure_network(spec.project_id).await.expect("a network");
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    let all = running(world, spec.release.id, 2).await;
    assert_eq!(all.iter().map(|replica| replica.slot).collect::<Vec<_>>(), [1, 2]);
    assert!(all.iter().all(|replica| replica.release_id == spec.release.id && replica.node.is_some()));
    assert!(all.iter().all(|replica| replica.reason.is_none() && replica.since.0 > 0), "{all:?}");
    let mut addresses: Vec<_> = all.iter().map(|replica| replica.address.expect("an address")).collect();
    addresses.dedup();
    assert_eq!(addresses.len(), 2);
    assert_eq!(world.orchestrator().all_replicas().await.expect("an answer").len(), 2);
}

pub async fn saying_it_again_changes_nothing(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm::default()).await;
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    let before = running(world, spec.release.id, 1).await;
    world.orchestrator().ensure_release(&spec).await.expect("accepted again");
    world.orchestrator().scale(spec.release.id, 1).await.expect("as it is");
    assert_eq!(running(world, spec.release.id, 1).await, before);
    assert_eq!(world.orchestrator().replicas(spec.release.id).await.expect("an answer").len(), 1);
    assert_known(world, &[(&spec.release.id, 1)]).await;
}

pub async fn two_who_say_it_at_once_make_one_release(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm::default()).await;
    let answers = join_all((0..4).map(|_| world.orchestrator().ensure_release(&spec))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_known(world, &[(&spec.release.id, 1)]).await;
    assert_eq!(world.orchestrator().networks().await.expect("an answer"), [spec.project_id]);
}

pub async fn more_copies_leave_those_that_run_alone(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm::default()).await;
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    let first = running(world, spec.release.id, 1).await.remove(0);
    world.orchestrator().scale(spec.release.id, 3).await.expect("scaled");
    let all = running(world, spec.release.id, 3).await;
    assert!(all.contains(&first), "{first:?} is not among {all:?}");
    world.orchestrator().scale(spec.release.id, 1).await.expect("scaled");
    assert_known(world, &[(&spec.release.id, 1)]).await;
    running(world, spec.release.id, 1).await;
}

pub async fn without_copies_a_release_keeps_its_definition(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm::default()).await;
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    running(world, spec.release.id, 1).await;
    world.orchestrator().scale(spec.release.id, 0).await.expect("scaled");
    replicas(world, spec.release.id, "no replica at all", |all| all.is_empty().then_some(())).await;
    assert_known(world, &[(&spec.release.id, 0)]).await;
    world.orchestrator().scale(spec.release.id, 1).await.expect("scaled");
    running(world, spec.release.id, 1).await;
}

pub async fn all_who_scale_at_once_get_through(world: &impl World) {
    let mut spec = order(world, fresh(), SettingsForm::default()).await;
    spec.replicas = 0;
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    let answers = join_all((1..=4).map(|copies| world.orchestrator().scale(spec.release.id, copies))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let known = world.orchestrator().releases().await.expect("an answer");
    assert!((1..=4).contains(&known[0].replicas), "{known:?}");
}

pub async fn what_is_removed_is_gone_and_may_be_removed_again(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm::default()).await;
    let other = order(world, spec.project_id, SettingsForm::default()).await;
    for spec in [&spec, &other] {
        world.orchestrator().ensure_release(spec).await.expect("accepted");
    }
    running(world, other.release.id, 1).await;
    for _ in 0..2 {
        world.orchestrator().remove_release(spec.release.id).await.expect("removed");
        assert_known(world, &[(&other.release.id, 1)]).await;
    }
    replicas(world, spec.release.id, "no replica at all", |all| all.is_empty().then_some(())).await;
    running(world, other.release.id, 1).await;
    world.orchestrator().remove_release(other.release.id).await.expect("removed");
    for _ in 0..2 {
        world.orchestrator().remove_network(spec.project_id).await.expect("removed");
        eventually("the end of the network", async || match world.orchestrator().networks().await {
            Ok(networks) if networks.is_empty() => Ok(()),
            other => Err(format!("{other:?}")),
        })
        .await;
    }
}

pub async fn what_is_not_there_cannot_be_scaled(world: &impl World) {
    let refused = world.orchestrator().scale(fresh(), 1).await.expect_err("there is no such release");
    assert!(matches!(&refused, Error::Refused(sentence) if sentence.contains("is not in the swarm")), "{refused}");
}

pub async fn a_crash_is_told_with_its_exit_code_and_the_replica_is_replaced(world: &impl World) {
    let spec = order(world, fresh(), variables("CRASH_AT_START=3")).await;
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    let first = failure(world, spec.release.id).await;
    assert_eq!((first.exit_code, first.out_of_memory), (Some(3), false));
    assert_eq!(first.reason.as_deref(), Some("its process ended with exit code 3"));
    let next = replicas(world, spec.release.id, "a replica in its place", |all| {
        let newest = all.iter().find(|replica| replica.slot == first.slot && replica.task != first.task)?;
        all.iter().any(|replica| replica.task == first.task).then(|| newest.clone())
    });
    assert_eq!(next.await.slot, first.slot);
}

pub async fn too_much_memory_is_told_as_out_of_memory(world: &impl World) {
    let form = SettingsForm { memory: Some(32), ..variables("EAT_MIB=128") };
    let spec = order(world, fresh(), form).await;
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    let failed = failure(world, spec.release.id).await;
    assert_eq!((failed.exit_code, failed.out_of_memory), (Some(137), true), "{failed:?}");
    let reason = "it used more than its 32 MiB of memory and was ended by the kernel (exit code 137)";
    assert_eq!(failed.reason.as_deref(), Some(reason));
}

pub async fn more_memory_than_any_node_has_is_told_as_that(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm { memory: Some(1_048_576), ..Default::default() }).await;
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    let waiting = replicas(world, spec.release.id, "a reason", |all| {
        all.iter().find(|replica| replica.reason.is_some()).cloned()
    });
    let waiting = waiting.await;
    assert_eq!(waiting.reason.as_deref(), Some("no node has 1 TiB of memory free"));
    assert_eq!((waiting.state, waiting.node), (ReplicaState::Pending, None));
}

pub async fn a_secret_is_kept_while_a_release_has_it(world: &impl World) {
    let secret = |name: &str, delivery| ReleaseSecret {
        id: fresh(),
        name: name.to_owned(),
        delivery,
        value: Secret::new("two\nlines\r\n{{.Node.ID}} ä".to_owned()),
    };
    let mut first = order(world, fresh(), SettingsForm { replicas: Some(1), ..Default::default() }).await;
    first.secrets = vec![secret("TOKEN", Delivery::File), secret("KEY", Delivery::Environment)];
    let mut second = order(world, first.project_id, SettingsForm::default()).await;
    second.secrets = vec![first.secrets[0].clone()];
    let file = first.secrets[0].id;
    let orchestrator = world.orchestrator();
    for spec in [&first, &second, &first] {
        orchestrator.ensure_release(spec).await.expect("accepted");
        assert_eq!(orchestrator.secrets().await.expect("an answer"), [file], "what is in the environment is no file");
    }
    running(world, first.release.id, 1).await;
    orchestrator.remove_release(first.release.id).await.expect("removed");
    assert_eq!(orchestrator.secrets().await.expect("an answer"), [file], "the other release still has it");
    orchestrator.remove_release(second.release.id).await.expect("removed");
    assert_eq!(orchestrator.secrets().await.expect("an answer"), []);
}

pub async fn a_network_is_made_once_and_kept_while_it_is_used(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm::default()).await;
    let orchestrator = world.orchestrator();
    let names = join_all((0..3).map(|_| orchestrator.ensure_network(spec.project_id))).await;
    let names: Vec<_> = names.into_iter().map(|name| name.expect("a network")).collect();
    assert!(names.iter().all(|name| *name == format!("slipway-{}", spec.project_id)), "{names:?}");
    assert_eq!(orchestrator.networks().await.expect("an answer"), [spec.project_id]);
    orchestrator.ensure_release(&spec).await.expect("accepted");
    let refused = orchestrator.remove_network(spec.project_id).await.expect_err("it is in use");
    assert!(matches!(&refused, Error::Unreachable(sentence) if sentence.contains("still in use")), "{refused}");
    running(world, spec.release.id, 1).await;
}

pub async fn a_release_does_not_wait_for_somebody_to_make_its_network(world: &impl World) {
    let spec = order(world, fresh(), SettingsForm::default()).await;
    world.orchestrator().ensure_release(&spec).await.expect("accepted");
    assert_eq!(world.orchestrator().networks().await.expect("an answer"), [spec.project_id]);
}

pub async fn an_image_is_found_by_its_tag_and_listed(world: &impl World) {
    let wanted = world.image();
    let resolved = world.orchestrator().resolve(&wanted, None).await.expect("it is there");
    assert!(resolved.is_local);
    assert_eq!(resolved.exposed_port, Some(8080));
    assert!(resolved.size.is_some_and(|size| size > 0));
    let tags = world.orchestrator().tags(&wanted.repository, None).await.expect("a list");
    let listed = tags.iter().find(|view| view.tag == wanted.tag).expect("the tag is listed");
    assert_eq!(listed.digest.as_ref(), Some(&resolved.digest));
}

pub async fn a_tag_that_is_not_there_is_refused_with_those_that_are(world: &impl World) {
    let refused = world.orchestrator().resolve(&image("slipway-sample:no-such-tag"), None).await;
    let refused = refused.expect_err("there is no such tag");
    assert!(matches!(refused, Error::NoSuchImage(_)), "{refused:?}");
    let sentence = refused.to_string();
    assert!(sentence.starts_with("There is no tag no-such-tag of slipway-sample"), "{sentence}");
    assert!(sentence.contains("the newest are"), "{sentence}");
}

pub async fn the_machines_are_listed(world: &impl World) {
    let nodes = world.orchestrator().nodes().await.expect("a list");
    assert!(nodes.iter().any(|node| node.is_available && node.memory > 0 && node.cpu_millis > 0), "{nodes:?}");
    assert!(nodes.iter().all(|node| !node.name.is_empty()));
}

async fn assert_known(world: &impl World, expected: &[(&ReleaseId, u16)]) {
    let known = world.orchestrator().releases().await.expect("an answer");
    let known: Vec<_> = known.iter().map(|KnownRelease { release_id, replicas, .. }| (release_id, *replicas)).collect();
    assert_eq!(known, expected);
}

/// Takes everything away that is there. For worlds that outlive a test.
pub async fn clean(world: &impl World) {
    let orchestrator = world.orchestrator();
    for known in orchestrator.releases().await.expect("an answer") {
        orchestrator.remove_release(known.release_id).await.expect("removed");
    }
    for project in orchestrator.networks().await.expect("an answer") {
        eventually("the end of a network", async || remove(world, project).await).await;
    }
}

async fn remove(world: &impl World, project: ProjectId) -> Result<(), String> {
    world.orchestrator().remove_network(project).await.map_err(|error| error.to_string())
}
