//! WebSockets and server-sent events (I5).

use crate::support::{App, Ground, Raw, aside, eventually, pool, route, swap, visit};
use domain::routing::RouteTable;
use futures::{SinkExt, StreamExt};
use http::Method;
use http_body_util::BodyExt;
use ingress::Limits;
use std::time::Duration;
use tokio::net::{TcpStream, UnixListener};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{WebSocketStream, accept_async, client_async, tungstenite::Message};

const SHOP: &str = "shop.localhost";
const EVENTS: &[(&str, &str)] = &[("Accept", "text/event-stream")];

/// Says back what it hears on WebSockets.
async fn echoing() -> Raw {
    Raw::start(|stream, _| async move {
        let Ok(mut socket) = accept_async(stream).await else { return };
        while let Some(Ok(message)) = socket.next().await {
            _ = socket.send(message).await;
        }
    })
    .await
}

async fn open(ground: &Ground, host: &str) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(ground.address()).await.expect("a connection");
    let request = format!("ws://{host}/").into_client_request().expect("a request");
    client_async(request, stream).await.expect("a WebSocket").0
}

async fn echo(socket: &mut WebSocketStream<TcpStream>, text: &str) {
    socket.send(Message::text(text)).await.expect("sent");
    let heard = tokio::time::timeout(crate::support::DEADLINE, socket.next()).await.expect("in time");
    assert_eq!(heard.expect("open").expect("a message"), Message::text(text));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_may_use_websockets() {
    let mut ground = Ground::new();
    let console_hosts = vec!["localhost".parse().expect("a host")];
    ground.put_table(RouteTable { console_hosts, ..RouteTable::default() }).await;
    let listener = UnixListener::bind(ground.folder().join("console.sock")).expect("a socket");
    let _console = aside(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut socket = accept_async(stream).await.expect("a WebSocket");
            let message = socket.next().await.expect("open").expect("a message");
            socket.send(message).await.expect("sent");
        }
    });
    for _ in 0..20 {
        let mut socket = open(&ground, "localhost").await;
        echo(&mut socket, "hello").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_hears_that_the_ingress_stops() {
    let (mut ground, app) = (Ground::new(), echoing().await);
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t1")]))]).await;
    let mut socket = open(&ground, SHOP).await;
    echo(&mut socket, "before").await;
    let running = ground.take();
    let stopping = tokio::task::spawn_blocking(move || running.stop());
    let last = tokio::time::timeout(crate::support::DEADLINE, socket.next()).await.expect("in time");
    assert!(matches!(last, Some(Ok(Message::Close(Some(_))))), "{last:?}");
    stopping.await.expect("stopped");
}

/// A release that drains, with another in its place.
async fn replace(ground: &mut Ground, old: domain::routing::Endpoint, new: &App) {
    assert!(ground.probe(2, new.endpoint("t2")).await.ready);
    ground.put(vec![swap(SHOP, pool(2, &[new.endpoint("t2")]), vec![pool(1, &[old])])]).await;
}

fn ending_streams_at_once() -> Ground {
    Ground::with(Limits { streams_for: Duration::ZERO, ..Limits::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_websocket_passes_and_goes_on_while_its_release_drains() {
    let (mut ground, app, new) = (Ground::new(), echoing().await, App::start("new").await);
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t1")]))]).await;
    let mut socket = open(&ground, SHOP).await;
    echo(&mut socket, "before").await;
    let traffic = ground.traffic(1).await;
    assert_eq!((traffic.in_flight, traffic.streams), (1, 1));
    replace(&mut ground, app.endpoint("t1"), &new).await;
    assert_eq!(ground.get(SHOP, "/who").await.text(), "new");
    echo(&mut socket, &"x".repeat(100_000)).await;
    assert_eq!(ground.traffic(1).await.streams, 1);
    socket.close(None).await.expect("closed");
    while socket.next().await.is_some() {}
    eventually("it is counted as ended", || async { ground.traffic(1).await.in_flight == 0 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_websocket_hears_that_its_release_goes_away() {
    let (mut ground, app, new) = (ending_streams_at_once(), echoing().await, App::start("new").await);
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t1")]))]).await;
    let mut socket = open(&ground, SHOP).await;
    echo(&mut socket, "before").await;
    replace(&mut ground, app.endpoint("t1"), &new).await;
    let last = tokio::time::timeout(crate::support::DEADLINE, socket.next()).await.expect("in time");
    let Some(Ok(Message::Close(Some(frame)))) = last else { panic!("no farewell but {last:?}") };
    assert_eq!((frame.code, frame.reason.as_str()), (CloseCode::Away, "Moving on. Connect again."));
    eventually("it is counted as ended", || async { ground.traffic(1).await.in_flight == 0 }).await;
    assert_eq!(ground.traffic(1).await.lost, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_a_release_that_came_back_keeps_its_streams() {
    let (mut ground, app, new) = (Ground::new(), echoing().await, App::start("new").await);
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t1")]))]).await;
    let mut socket = open(&ground, SHOP).await;
    replace(&mut ground, app.endpoint("t1"), &new).await;
    let (first, second) = (pool(1, &[app.endpoint("t1")]), pool(2, &[new.endpoint("t2")]));
    ground.put(vec![swap(SHOP, first, vec![second])]).await;
    echo(&mut socket, "still here").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_pass_one_by_one_and_count_as_a_stream() {
    for headers in [EVENTS, &[]] {
        let (mut ground, app) = (Ground::new(), App::start("shop").await);
        ground.serve(&app).await;
        let mut visitor = ground.visitor().await;
        let mut answer = visitor.send(visit(Method::GET, SHOP, "/events", headers, "")).await.expect("an answer");
        let first = answer.body_mut().frame().await.expect("an event").expect("whole");
        assert_eq!(first.into_data().expect("data"), "data: first\n\n");
        let traffic = ground.traffic(1).await;
        assert_eq!((traffic.in_flight, traffic.streams), (1, 1));
        app.let_go();
        let second = answer.body_mut().frame().await.expect("an event").expect("whole");
        assert_eq!(second.into_data().expect("data"), "data: second\n\n");
        drop((answer, visitor));
        eventually("it is counted as ended", || async { ground.traffic(1).await.in_flight == 0 }).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_an_event_stream_ends_whole_when_its_release_goes_away() {
    let (mut ground, old, new) = (ending_streams_at_once(), App::start("old").await, App::start("new").await);
    ground.serve(&old).await;
    let mut visitor = ground.visitor().await;
    let mut answer = visitor.send(visit(Method::GET, SHOP, "/events", EVENTS, "")).await.expect("an answer");
    answer.body_mut().frame().await.expect("an event").expect("whole");
    replace(&mut ground, old.endpoint("t1"), &new).await;
    let rest = tokio::time::timeout(crate::support::DEADLINE, answer.into_body().collect()).await.expect("in time");
    assert!(rest.expect("no broken body").to_bytes().is_empty());
    eventually("it is counted as ended", || async { ground.traffic(1).await.in_flight == 0 }).await;
    assert_eq!(visitor.get(SHOP, "/who").await.text(), "new", "on the same connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn i5_ordinary_requests_of_who_would_accept_events_are_not_cut_short() {
    let (mut ground, old, new) = (ending_streams_at_once(), App::start("old").await, App::start("new").await);
    ground.serve(&old).await;
    let mut visitor = ground.visitor().await;
    let asked = aside(async move { visitor.ask(visit(Method::GET, SHOP, "/hold", EVENTS, "")).await });
    eventually("the request is under way", || async { old.held() == 1 }).await;
    replace(&mut ground, old.endpoint("t1"), &new).await;
    old.let_go();
    assert_eq!(asked.await.expect("asked").expect("an answer").text(), "old");
}
