use crate::support::{App, Ground, aside, pool, route, visit};
use axum::Json;
use axum::routing::any;
use domain::routing::RouteTable;
use http::{HeaderMap, Method, StatusCode};
use ingress::Limits;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::UnixListener;
use tokio_util::task::AbortOnDropHandle;

const CONSOLE: &str = "localhost";

fn with_console() -> RouteTable {
    RouteTable { console_hosts: vec![CONSOLE.parse().expect("a host")], ..RouteTable::default() }
}

/// A console that tells what it was told.
fn start_console(ground: &Ground) -> AbortOnDropHandle<std::io::Result<()>> {
    let listener = UnixListener::bind(ground.folder().join("console.sock")).expect("a socket");
    let told = |headers: HeaderMap| async move {
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Json(headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect::<BTreeMap<_, _>>())
    };
    let router = axum::Router::new().fallback(any(told));
    aside(async move { axum::serve(listener, router).await })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_answers_over_its_socket_and_knows_who_is_local() {
    let mut ground = Ground::new();
    ground.put_table(with_console()).await;
    let _console = start_console(&ground);
    let forged = [("X-Slipway-Local", "no"), ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-User", "admin")];
    let request = visit(Method::GET, "localhost:8080", "/", &forged, "");
    let told = ground.visitor().await.ask(request).await.expect("an answer").json();
    assert_eq!(told["x-slipway-local"], "yes");
    assert_eq!(told["x-forwarded-for"], "127.0.0.1");
    assert_eq!(told["x-forwarded-host"], "localhost:8080");
    assert_eq!(told["x-forwarded-proto"], "http");
    assert!(told["x-forwarded-user"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_without_the_server_the_console_says_so_and_apps_go_on() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    let routes = vec![route("shop.localhost", pool(1, &[app.endpoint("t1")]))];
    ground.put_table(RouteTable { routes, ..with_console() }).await;
    let answer = ground.get(CONSOLE, "/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("Apps keep serving."));
    assert!(answer.headers["content-type"].to_str().expect("text").starts_with("text/html"));
    assert!(answer.headers.contains_key("retry-after"));
    let request = visit(Method::POST, CONSOLE, "/api", &[("Accept", "application/json")], "{}");
    let answer = ground.visitor().await.ask(request).await.expect("an answer");
    assert_eq!(answer.json()["error"], "console_away");
    assert_eq!(ground.get("shop.localhost", "/who").await.text(), "shop");
    let _console = start_console(&ground);
    assert_eq!(ground.get(CONSOLE, "/").await.status, StatusCode::OK, "it is back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_nobody_listens_on_any_more_is_a_console_that_is_away() {
    let mut ground = Ground::new();
    ground.put_table(with_console()).await;
    drop(std::os::unix::net::UnixListener::bind(ground.folder().join("console.sock")).expect("a socket"));
    assert_eq!(ground.get(CONSOLE, "/").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_without_an_endpoint_that_answers_gets_a_page_after_a_while() {
    let mut ground = Ground::with(Limits { parked_for: Duration::from_millis(50), ..Limits::default() });
    let nobody = crate::support::endpoint("t1", ([127, 0, 0, 1], 1).into());
    ground.put(vec![route("shop.localhost", pool(1, &[nobody]))]).await;
    let answer = ground.get("shop.localhost", "/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("This app does not answer"));
    assert!(answer.headers.contains_key("retry-after"));
    let traffic = ground.counted(1, 1).await;
    assert_eq!((traffic.requests, traffic.lost, traffic.in_flight), (1, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_requests_are_bounded() {
    let mut ground = Ground::with(Limits { parked_requests: 0, ..Limits::default() });
    let nobody = crate::support::endpoint("t1", ([127, 0, 0, 1], 1).into());
    ground.put(vec![route("shop.localhost", pool(1, &[nobody]))]).await;
    assert_eq!(ground.get("shop.localhost", "/").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_for_head_has_no_body_and_leaves_the_connection_usable() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    let mut visitor = ground.visitor().await;
    let answer = visitor.request(Method::HEAD, "other.localhost", "/", "").await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::NOT_FOUND, 0));
    assert_eq!(visitor.get("shop.localhost", "/who").await.text(), "shop");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_told_who_asks_and_nothing_that_outsiders_made_up() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    let forged = [
        ("X-Forwarded-For", "6.6.6.6"),
        ("X-Forwarded-User", "admin"),
        ("X_Forwarded_Email", "admin@example.com"),
        ("X-Forwarded-Groups", "admins"),
        ("X-Slipway-Local", "yes"),
        ("Connection", "x-request-id"),
        ("X-Mine", "kept"),
    ];
    let request = visit(Method::GET, "shop.localhost:8080", "/headers", &forged, "");
    let told = ground.visitor().await.ask(request).await.expect("an answer").json();
    let mut names: Vec<_> = told.as_object().expect("headers").keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-mine", "x-request-id"]);
    assert_eq!((&told["host"], &told["x-forwarded-for"]), (&"shop.localhost:8080".into(), &"127.0.0.1".into()));
}
