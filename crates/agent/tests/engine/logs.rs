//! Logs of replicas: every line once, in order, from the past into the present.

use crate::reading::{Cable, assert_gapless, follow, numbers, release, replica, until, until_all};
use crate::scene::{container, eventually, on_engine, sample};
use agent::image::ensure_packed;
use agent::{LocalAgent, labels};
use bollard::models::HostConfigLogConfig;
use bollard::query_parameters::KillContainerOptions;
use domain::{LogLine, LogStream};
use tokio::sync::watch;

#[tokio::test]
async fn a_flood_is_joined_without_a_gap_or_a_line_twice() {
    on_engine(|scene| async move {
        let id = replica(&scene, 1, 1, &["LOG_PER_SECOND=5000"]).await;
        scene.ask(&id, "/healthz").await;
        let mut lines = follow(&scene, 500).await;
        let first = until(&mut lines, |line| line.text.starts_with("tick ")).await;
        let start = numbers(&first, "tick")[0];
        let end = format!("tick {}", start + 20_000);
        let read = until(&mut lines, |line| line.text == end).await;
        let ticks = [vec![start], numbers(&read, "tick")].concat();
        assert_gapless(&ticks);
        assert_eq!(ticks.len(), 20_001);
    })
    .await;
}

#[tokio::test]
async fn a_log_that_is_rotated_while_it_is_read_loses_nothing() {
    on_engine(|scene| async move {
        ensure_packed(&scene.docker, &sample(), &[scene.recipe()]).await.expect("the sample can be packed");
        let mut body = container(&scene.recipe().reference, &["LOG_PER_SECOND=2000"]);
        body.labels = Some(scene.labels(&[(labels::RELEASE, &release(&scene, 1).to_string())]));
        let limits = [("max-size", "200k"), ("max-file", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let rotated = HostConfigLogConfig { typ: Some("json-file".to_owned()), config: Some(limits.into()) };
        body.host_config.get_or_insert_default().log_config = Some(rotated);
        scene.start(body).await;
        let mut lines = follow(&scene, 10).await;
        let read = until(&mut lines, |line| line.text == "tick 15000").await;
        assert_gapless(&numbers(&read, "tick"));
    })
    .await;
}

#[tokio::test]
async fn the_past_is_as_long_as_asked_for() {
    on_engine(|scene| async move {
        let id = replica(&scene, 1, 1, &[]).await;
        scene.ask(&id, "/log?lines=100&name=before").await;
        // The request's own line is the 101st. The engine takes lines in with some delay.
        let agent = LocalAgent::new(scene.docker.clone());
        let source = (release(&scene, 1), 1);
        let is_in = async || agent.last_lines(source, 1).await.ok().filter(|last| last[0].text.starts_with("GET /log"));
        eventually("the engine has all lines", is_in).await;
        let mut lines = follow(&scene, 11).await;
        let past = until(&mut lines, |line| line.text.starts_with("GET /log")).await;
        assert_eq!(numbers(&past, "before"), (91..=100).collect::<Vec<_>>());
        scene.ask(&id, "/log?lines=3&name=after").await;
        let present = until(&mut lines, |line| line.text == "after 3").await;
        assert_eq!((numbers(&present, "before"), numbers(&present, "after")), (vec![], vec![1, 2, 3]));
        let mut fresh = follow(&scene, 0).await;
        scene.ask(&id, "/log?lines=1&name=fresh").await;
        let read = until(&mut fresh, |line| line.text == "fresh 1").await;
        assert!(numbers(&read, "before").is_empty() && numbers(&read, "after").is_empty(), "{read:?}");
    })
    .await;
}

#[tokio::test]
async fn the_two_streams_are_told_apart_and_lines_know_their_replica() {
    on_engine(|scene| async move {
        let id = replica(&scene, 1, 7, &[]).await;
        let mut lines = follow(&scene, 100).await;
        scene.ask(&id, "/log?lines=2&name=calm").await;
        // The engine reads the two streams apart, so the second line waits for the first.
        let mut read = until(&mut lines, |line| line.text == "calm 2").await;
        scene.ask(&id, "/log?lines=2&name=alarm&stderr=true").await;
        read.extend(until(&mut lines, |line| line.text == "alarm 2").await);
        for line in &read {
            let expected = if line.text.starts_with("alarm") { LogStream::Stderr } else { LogStream::Stdout };
            assert_eq!((line.stream, line.slot, line.release), (expected, 7, 1), "{line:?}");
        }
        assert_eq!((numbers(&read, "calm"), numbers(&read, "alarm")), (vec![1, 2], vec![1, 2]));
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_starts_later_is_read_from_its_first_line() {
    on_engine(|scene| async move {
        let mut lines = follow(&scene, 10).await;
        replica(&scene, 1, 2, &["VERSION=late"]).await;
        let read = until(&mut lines, |line| line.text == "sample late listens on port 8080").await;
        assert_eq!(read[0].text, "sample late starts");
    })
    .await;
}

#[tokio::test]
async fn a_release_that_is_added_later_is_read_as_well() {
    on_engine(|scene| async move {
        let agent = LocalAgent::new(scene.docker.clone());
        let (sender, sources) = watch::channel(vec![(release(&scene, 1), 1)]);
        let mut lines = agent.logs(sources, 10, true).await.expect("the engine answers");
        replica(&scene, 2, 1, &["VERSION=second"]).await;
        let first = replica(&scene, 1, 1, &["VERSION=first"]).await;
        scene.ask(&first, "/healthz").await;
        let read = until(&mut lines, |line| line.text.starts_with("GET /healthz")).await;
        assert!(read.iter().all(|line| line.release == 1), "{read:?}");
        sender.send(vec![(release(&scene, 1), 1), (release(&scene, 2), 2)]).expect("somebody reads");
        let read = until(&mut lines, |line| line.release == 2).await;
        assert_eq!(read.last().map(|line| line.text.as_str()), Some("sample second starts"));
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_ends_is_read_to_its_last_line() {
    on_engine(|scene| async move {
        let id = replica(&scene, 1, 1, &[]).await;
        let mut lines = follow(&scene, 10).await;
        scene.ask(&id, "/log?lines=5000&name=many").await;
        let crash = scene.docker.clone();
        let address = format!("127.0.0.1:{}", scene.port_of(&id).await);
        let _ = crate::scene::get(&address, "/crash?code=9").await;
        let read = until_all(&mut lines, &["crashes with exit code 9", "many 5000"]).await;
        assert_gapless(&numbers(&read, "many"));
        assert_eq!(numbers(&read, "many").len(), 5000);
        // Its end is no end of the stream: another takes its place.
        let _ = crash.kill_container(&id, None::<KillContainerOptions>).await;
        replica(&scene, 1, 1, &["VERSION=next"]).await;
        until(&mut lines, |line| line.text == "sample next starts").await;
    })
    .await;
}

#[tokio::test]
async fn the_last_lines_of_all_replicas_are_in_order_of_time_also_of_ended_ones() {
    on_engine(|scene| async move {
        let (one, two) = (replica(&scene, 1, 1, &[]).await, replica(&scene, 1, 2, &[]).await);
        let (agent, source) = (LocalAgent::new(scene.docker.clone()), (release(&scene, 1), 1));
        for (replica, name) in
            ["a", "b", "c"].iter().flat_map(|r| [(&one, format!("one-{r}")), (&two, format!("two-{r}"))])
        {
            scene.ask(replica, &format!("/log?name={name}")).await;
            // A line has the time at which the engine took it in, so the next one waits for that.
            let request = format!("GET /log?name={name} ");
            let is_it = |line: &LogLine| line.text.starts_with(&request);
            let has_it = async || agent.last_lines(source, 50).await.ok()?.into_iter().find(is_it);
            eventually("the engine has the line", has_it).await;
        }
        scene.docker.kill_container(&one, None::<KillContainerOptions>).await.expect("it can be killed");
        let lines = agent.last_lines(source, 8).await.expect("the engine answers");
        let names: Vec<_> =
            lines.iter().filter(|line| !line.text.starts_with("GET ")).map(|l| l.text.as_str()).collect();
        assert_eq!(names, ["one-b 1", "two-b 1", "one-c 1", "two-c 1"]);
        assert_eq!(lines.len(), 8);
    })
    .await;
}

#[tokio::test]
async fn two_floods_and_a_silent_replica_are_merged_by_time() {
    on_engine(|scene| async move {
        replica(&scene, 1, 1, &["LOG_PER_SECOND=1000"]).await;
        replica(&scene, 1, 2, &["LOG_PER_SECOND=1000"]).await;
        replica(&scene, 1, 3, &["NEVER_LISTEN=1"]).await;
        let mut lines = follow(&scene, 50).await;
        let read = until(&mut lines, |line| line.text == "tick 3000").await;
        for slot in [1, 2] {
            let own: Vec<_> = read.iter().filter(|line| line.slot == slot).cloned().collect();
            assert_gapless(&numbers(&own, "tick"));
        }
        // Different connections may swap lines that come at the same time, but not further apart than a reader would see.
        let backwards = read.windows(2).map(|pair| pair[0].at.millis_since(pair[1].at)).max();
        assert!(backwards <= Some(1000), "{backwards:?}");
    })
    .await;
}

#[tokio::test]
async fn a_long_line_is_one_line() {
    on_engine(|scene| async move {
        let id = replica(&scene, 1, 1, &[]).await;
        let mut lines = follow(&scene, 10).await;
        scene.ask(&id, "/log?lines=2&bytes=50000&name=long").await;
        let read = until(&mut lines, |line| line.text.starts_with("long 2")).await;
        let long: Vec<_> = read.iter().filter(|line| line.text.starts_with("long")).map(|l| l.text.len()).collect();
        assert_eq!(long, [50_000, 50_000]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_that_pauses_loses_nothing() {
    on_engine(|scene| async move {
        let id = replica(&scene, 1, 1, &[]).await;
        let mut lines = follow(&scene, 10).await;
        until(&mut lines, |line| line.text.contains("listens on")).await;
        // Far more than is read ahead: the request is answered when all of it is written.
        scene.ask(&id, "/log?lines=50000&bytes=200&name=many").await;
        let read = until(&mut lines, |line| line.text.starts_with("many 50000")).await;
        assert_gapless(&numbers(&read, "many"));
        assert_eq!(numbers(&read, "many").len(), 50_000);
    })
    .await;
}

#[tokio::test]
async fn a_lost_connection_to_the_engine_loses_and_doubles_no_line() {
    on_engine(|scene| async move {
        let id = replica(&scene, 1, 1, &["LOG_PER_SECOND=1000"]).await;
        scene.ask(&id, "/healthz").await;
        let cable = Cable::to_engine();
        let agent = LocalAgent::connect(&cable.socket).await.expect("the engine answers through the cable");
        let (_keep, sources) = watch::channel(vec![(release(&scene, 1), 1)]);
        let mut lines = agent.logs(sources, 20, true).await.expect("the engine answers");
        let mut read = until(&mut lines, |line| line.text.starts_with("tick ")).await;
        for _ in 0..3 {
            let last = numbers(&read, "tick").last().copied().unwrap_or(0);
            let next = format!("tick {}", last + 1500);
            read.extend(until(&mut lines, |line| line.text == next).await);
            cable.cut().await;
        }
        let last = numbers(&read, "tick").last().copied().unwrap_or(0);
        let next = format!("tick {}", last + 1500);
        read.extend(until(&mut lines, |line| line.text == next).await);
        assert_gapless(&numbers(&read, "tick"));
        assert!(numbers(&read, "tick").len() > 6000);
    })
    .await;
}

#[tokio::test]
async fn an_engine_that_does_not_answer_is_said_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("nobody.sock");
    let error = LocalAgent::connect(&socket).await.expect_err("nobody listens");
    assert_eq!(error.to_string(), format!("There is no Docker engine at {}.", socket.display()));
}
