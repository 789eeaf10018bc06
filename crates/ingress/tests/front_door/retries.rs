use crate::support::{App, Ground, Raw, aside, pool, route};
use http::{Method, StatusCode};
use ingress::Limits;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SHOP: &str = "shop.localhost";

/// Reads one request's head (requests here are small enough for one read) and counts it. `false` at the end.
async fn read_request(stream: &mut TcpStream, requests: &AtomicUsize) -> bool {
    let mut buffer = vec![0; 16 * 1024];
    let some = stream.read(&mut buffer).await.is_ok_and(|read| read > 0);
    if some {
        requests.fetch_add(1, Ordering::SeqCst);
    }
    some
}

/// Takes a request and closes without a word.
async fn break_off(mut stream: TcpStream, requests: Arc<AtomicUsize>) {
    read_request(&mut stream, &requests).await;
}

/// Begins an answer and closes.
async fn break_off_within(mut stream: TcpStream, requests: Arc<AtomicUsize>) {
    if read_request(&mut stream, &requests).await {
        _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf").await;
    }
}

/// Answers each request with how many came on any connection before this one's first.
async fn tell_connection(mut stream: TcpStream, requests: Arc<AtomicUsize>) {
    let mut mine = None;
    while read_request(&mut stream, &requests).await {
        let mine = *mine.get_or_insert_with(|| requests.load(Ordering::SeqCst));
        let body = format!("connection {mine}");
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        _ = stream.write_all(answer.as_bytes()).await;
    }
}

async fn behind(app: &Raw) -> Ground {
    let mut ground = Ground::new();
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t1")]))]).await;
    ground.ready(1, 1).await;
    ground
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_goes_to_another_endpoint_with_any_method() {
    let mut ground = Ground::with(Limits { look_every: Duration::from_hours(1), ..Limits::default() });
    let (dead, app) = (App::start("dead").await, App::start("alive").await);
    ground.put(vec![route(SHOP, pool(1, &[dead.endpoint("t1"), app.endpoint("t2")]))]).await;
    ground.ready(1, 2).await;
    let _port = dead.kill().await;
    let mut visitor = ground.visitor().await;
    for _ in 0..20 {
        let answer = visitor.request(Method::POST, SHOP, "/echo", "an order").await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, "an order"));
    }
    ground.ready(1, 1).await;
    assert_eq!(ground.counted(1, 20).await.lost, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_waits_for_the_endpoint_to_come_back() {
    let mut ground = Ground::with(Limits { look_every: Duration::from_hours(1), ..Limits::default() });
    let app = App::start("first").await;
    ground.serve(&app).await;
    let port = app.kill().await;
    let mut visitor = ground.visitor().await;
    let asked = aside(async move { visitor.request(Method::POST, SHOP, "/who", "an order").await });
    ground.ready(1, 0).await;
    let _again = port.start("again").await;
    assert_eq!(asked.await.expect("asked").text(), "again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_the_app_has_read_is_not_sent_again() {
    let app = Raw::start(break_off).await;
    let ground = behind(&app).await;
    let answer = ground.visitor().await.request(Method::POST, SHOP, "/", "an order").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text().contains("This app broke off"));
    assert_eq!(app.requests(), 1);
    let traffic = ground.counted(1, 1).await;
    assert_eq!((traffic.requests, traffic.lost, traffic.errors, traffic.in_flight), (1, 1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_get_that_an_app_broke_off_before_its_answer_is_sent_to_another() {
    let (broken, app) = (Raw::start(break_off).await, App::start("well").await);
    let mut ground = Ground::new();
    ground.put(vec![route(SHOP, pool(1, &[broken.endpoint("t1"), app.endpoint("t2")]))]).await;
    ground.ready(1, 2).await;
    let mut visitor = ground.visitor().await;
    for _ in 0..20 {
        assert_eq!(visitor.get(SHOP, "/who").await.text(), "well");
    }
    assert!(broken.requests() > 0, "some came to the broken one first");
    assert_eq!(ground.counted(1, 20).await.lost, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_get_that_breaks_every_app_is_given_up() {
    let app = Raw::start(break_off).await;
    let ground = behind(&app).await;
    assert_eq!(ground.get(SHOP, "/").await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(app.requests(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_again_after_an_answer_began() {
    let app = Raw::start(break_off_within).await;
    let ground = behind(&app).await;
    let request = crate::support::visit(Method::GET, SHOP, "/", &[], "");
    let answer = ground.visitor().await.ask(request).await;
    assert!(answer.is_err(), "half an answer is not passed off as a whole one: {answer:?}");
    assert_eq!(app.requests(), 1);
    crate::support::eventually("it is counted", || async { ground.traffic(1).await.lost == 1 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_app_is_passed_on_and_counted() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    for status in [500, 503, 404] {
        assert_eq!(ground.get(SHOP, &format!("/status/{status}")).await.status, status);
    }
    let traffic = ground.counted(1, 3).await;
    assert_eq!((traffic.requests, traffic.errors, traffic.lost), (3, 2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_stays_silent_is_given_up_and_not_asked_again() {
    let app = Raw::start(|mut stream, requests| async move {
        read_request(&mut stream, &requests).await;
        std::future::pending::<()>().await;
    })
    .await;
    let mut ground = Ground::with(Limits { answer_within: Duration::from_millis(100), ..Limits::default() });
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t1")]))]).await;
    assert_eq!(ground.get(SHOP, "/").await.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(app.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_another_task_took_over_gets_no_connection_of_the_last_one() {
    let app = Raw::start(tell_connection).await;
    let mut ground = behind(&app).await;
    let mut visitor = ground.visitor().await;
    let first = visitor.get(SHOP, "/").await;
    assert_eq!(visitor.get(SHOP, "/").await.text(), first.text(), "connections are kept");
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t2")]))]).await;
    let second = visitor.get(SHOP, "/").await;
    assert_ne!(second.text(), first.text());
    ground.put(vec![route(SHOP, pool(2, &[app.endpoint("t2")]))]).await;
    assert_ne!(visitor.get(SHOP, "/").await.text(), second.text());
}
