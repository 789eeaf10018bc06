use crate::support::{App, Ground, aside, visit};
use http::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SHOP: &str = "shop.localhost";

async fn shop() -> (Ground, App) {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    (ground, app)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_big_body_passes_both_ways() {
    let (ground, _app) = shop().await;
    let body: Vec<u8> = (0..8 * 1024 * 1024_u32).map(|n| n.to_le_bytes()[n as usize % 3]).collect();
    let answer = ground.visitor().await.request(Method::POST, SHOP, "/echo", body.clone()).await;
    assert!(answer.status == StatusCode::OK && answer.body == body);
    let answer = ground.get(SHOP, "/big/20000000").await;
    assert_eq!(answer.body.len(), 20_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_in_chunks_reaches_the_app_whole() {
    let (ground, _app) = shop().await;
    let mut stream = TcpStream::connect(ground.address()).await.expect("a connection");
    let head = "POST /echo HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("sent");
    for piece in ["5\r\nhello\r\n", "6\r\n world\r\n", "0\r\n\r\n"] {
        stream.write_all(piece.as_bytes()).await.expect("sent");
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let text: String = answer.split("\r\n\r\n").nth(1).expect("a body").split("\r\n").skip(1).step_by(2).collect();
    assert_eq!(text, "hello world");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_waits_to_be_asked_for_is_asked_for() {
    let (ground, _app) = shop().await;
    let mut stream = TcpStream::connect(ground.address()).await.expect("a connection");
    let head = "PUT /whole HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut go_on = vec![0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).await.expect("an interim answer");
    assert!(go_on.starts_with(b"HTTP/1.1 100"));
    stream.write_all(b"hello").await.expect("sent");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_sends_byte_by_byte_and_reads_late_is_served() {
    let (ground, _app) = shop().await;
    let mut stream = TcpStream::connect(ground.address()).await.expect("a connection");
    for byte in b"GET /big/3000000 HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n" {
        stream.write_all(&[*byte]).await.expect("sent");
        tokio::task::yield_now().await;
    }
    // The app's answer is larger than all buffers between: it has to wait for this visitor, while others pass.
    for _ in 0..20 {
        assert_eq!(ground.get(SHOP, "/who").await.text(), "shop");
    }
    let mut body = Vec::new();
    stream.read_to_end(&mut body).await.expect("the answer");
    assert!(body.len() > 3_000_000 && body.starts_with(b"HTTP/1.1 200") && body.ends_with(b"\r\n0\r\n\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_leaves_frees_the_endpoint_and_costs_the_app_nothing() {
    let (ground, app) = shop().await;
    let mut visitor = ground.visitor().await;
    let asked = aside(async move { visitor.get(SHOP, "/hold").await });
    crate::support::eventually("the request is under way", || async { ground.traffic(1).await.in_flight == 1 }).await;
    asked.abort();
    crate::support::eventually("nothing is under way", || async { ground.traffic(1).await.in_flight == 0 }).await;
    let traffic = ground.traffic(1).await;
    assert_eq!((traffic.errors, traffic.lost), (0, 0));
    drop(app);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_lengths_are_refused_and_reach_no_app() {
    let (ground, app) = shop().await;
    for smuggled in [
        "POST /who HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "GET /who HTTP/1.1\r\nHost: shop.localhost\r\nHost: other.localhost\r\n\r\n",
        "GET /who HTTP/1.1\r\nHost : shop.localhost\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(ground.address()).await.expect("a connection");
        stream.write_all(smuggled.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        _ = stream.read_to_string(&mut answer).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{smuggled}: {answer}");
    }
    assert_eq!(app.hits(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_a_body_leave_the_connection_usable() {
    let (ground, _app) = shop().await;
    let mut visitor = ground.visitor().await;
    for (method, path, status) in [
        (Method::HEAD, "/who", StatusCode::OK),
        (Method::GET, "/status/204", StatusCode::NO_CONTENT),
        (Method::GET, "/status/304", StatusCode::NOT_MODIFIED),
        (Method::DELETE, "/status/200", StatusCode::OK),
    ] {
        let answer = visitor.ask(visit(method, SHOP, path, &[], "")).await.expect("an answer");
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{path}");
    }
    assert_eq!(visitor.get(SHOP, "/who").await.text(), "shop");
}
