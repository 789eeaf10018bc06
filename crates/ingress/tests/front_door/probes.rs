use crate::support::{App, Ground, Raw, aside, endpoint, pool, route};
use domain::Probe;
use domain::routing::Pool;
use http::StatusCode;
use ingress::{Config, ControlClient, Limits};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

fn healthz() -> Probe {
    Probe::Http { path: "/healthz".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_says_what_the_app_answered() {
    let (ground, app) = (Ground::new(), App::start("shop").await);
    let report = ground.probe_by(1, app.endpoint("t1"), healthz(), 10_000).await;
    assert_eq!((report.ready, report.last.as_str(), report.tries), (true, "GET /healthz answered 200", 2));
    app.is_well(false);
    let report = ground.probe_by(1, app.endpoint("t1"), healthz(), 100).await;
    assert_eq!((report.ready, report.last.as_str()), (false, "GET /healthz answered 500"));
    let port = app.address.port();
    let report = ground.probe_by(1, app.endpoint("t1"), Probe::Tcp, 10_000).await;
    assert_eq!((report.ready, report.last), (true, format!("port {port} accepts connections")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_says_why_there_was_no_answer() {
    let ground = Ground::new();
    let report = ground.probe_by(1, endpoint("t1", ([127, 0, 0, 1], 1).into()), Probe::Tcp, 100).await;
    assert_eq!((report.ready, report.last.as_str()), (false, "nothing listens on port 1"));
    assert!(report.tries > 1, "it tried again");
    let silent = Raw::start(|stream, _| async move { _ = (stream, std::future::pending::<()>().await) }).await;
    let report = ground.probe_by(1, silent.endpoint("t1"), healthz(), 1100).await;
    assert_eq!((report.ready, report.last.as_str()), (false, "no answer within 1 s"));
    let closing = Raw::start(|stream, _| async move { drop(stream) }).await;
    let report = ground.probe_by(1, closing.endpoint("t1"), healthz(), 100).await;
    assert_eq!(report.last, "the connection was closed before GET /healthz was answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_waits_for_an_app_that_starts_slowly() {
    let (ground, app) = (Ground::new(), App::start("shop").await);
    app.is_well(false);
    let probing = ground.probe_by(1, app.endpoint("t1"), healthz(), 30_000);
    let starting = async {
        ground.probe_by(2, app.endpoint("other"), healthz(), 200).await;
        app.is_well(true);
    };
    let (report, ()) = tokio::join!(probing, starting);
    assert!(report.ready && report.tries > 2, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_probed_takes_traffic_at_once() {
    let mut ground = Ground::with(Limits { parked_requests: 0, ..Limits::default() });
    let app = App::start("shop").await;
    assert!(ground.probe(1, app.endpoint("t1")).await.ready);
    // So that no look in the background can be what opened it.
    app.is_well(false);
    let pool = Pool { probe: healthz(), ..pool(1, &[app.endpoint("t1")]) };
    ground.put(vec![route("shop.localhost", pool)]).await;
    assert_eq!(ground.get("shop.localhost", "/who").await.status, StatusCode::OK, "with no place to wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_endpoint_leaves_the_traffic_by_itself_and_comes_back() {
    let mut ground = Ground::new();
    let (one, two) = (App::start("one").await, App::start("two").await);
    ground.put(vec![route("shop.localhost", pool(1, &[one.endpoint("t1"), two.endpoint("t2")]))]).await;
    ground.ready(1, 2).await;
    let port = two.kill().await;
    ground.ready(1, 1).await;
    assert_eq!(ground.get("shop.localhost", "/who").await.text(), "one");
    let _again = port.start("two").await;
    ground.ready(1, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_socket_is_for_its_owner_and_for_one_ingress() {
    let ground = Ground::new();
    let socket = ingress::control_socket(ground.folder());
    let mode = std::fs::metadata(&socket).expect("the socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let second = ingress::start(Config::new(([127, 0, 0, 1], 0).into(), ground.folder()));
    let refusal = second.expect_err("refused").to_string();
    assert!(refusal.contains("another ingress serves from this folder"), "{refusal}");
    assert!(ground.control.status().await.is_ok(), "the first one goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingress_that_is_away_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = ControlClient::new(ingress::control_socket(folder.path()));
    let error = client.status().await.expect_err("nobody there").to_string();
    assert!(error.starts_with("The ingress at ") && error.ends_with('.'), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingress_asked_to_stop_finishes_what_is_under_way() {
    let (mut ground, app) =
        (Ground::with(Limits { stop_within: Duration::from_mins(1), ..Limits::default() }), App::start("shop").await);
    ground.serve(&app).await;
    let mut visitor = ground.visitor().await;
    let mut idle = ground.visitor().await;
    assert_eq!(idle.get("shop.localhost", "/who").await.text(), "shop");
    let address = ground.address();
    let asked = aside(async move { visitor.get("shop.localhost", "/hold").await });
    crate::support::eventually("the request is under way", || async { app.held() == 1 }).await;
    let running = ground.take();
    let stopping = tokio::task::spawn_blocking(move || running.stop());
    crate::support::eventually("nobody is let in", || async { tokio::net::TcpStream::connect(address).await.is_err() })
        .await;
    assert!(!stopping.is_finished());
    app.let_go();
    assert_eq!(asked.await.expect("asked").text(), "shop");
    stopping.await.expect("stopped");
    let refused = idle.ask(crate::support::visit(http::Method::GET, "shop.localhost", "/who", &[], "")).await;
    assert!(refused.is_err(), "connections without a request are closed");
}
