//! The gate in front of apps, from outside: a visitor without a pass, the way to the console and back, and what an app hears.

use crate::support::{Answer, App, Ground, aside, eventually, pool, release_id, route, visit};
use axum::extract::State;
use axum::routing::{any, post};
use axum::{Json, Router};
use domain::gate::{Admission, CodeShown, GateKey, GateTable, KeyMaterial, Pass};
use domain::routing::{Route, RouteTable};
use domain::{Access, AppId, PersonId, Timestamp, Who};
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use tokio::net::UnixListener;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

const SHOP: &str = "shop.localhost";
const PAGE: (&str, &str) = ("Accept", "text/html");
const CODE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A server that knows one code, once, and remembers what it was shown.
#[derive(Default)]
struct Server {
    good: Mutex<Option<String>>,
    shown: Mutex<Vec<CodeShown>>,
}

impl Server {
    fn start(ground: &Ground) -> (Arc<Self>, AbortOnDropHandle<std::io::Result<()>>) {
        let server = Arc::new(Self { good: Mutex::new(Some(CODE.to_owned())), ..Self::default() });
        let listener = UnixListener::bind(ground.folder().join("gate.sock")).expect("a socket");
        let router = Router::new().route("/redeem", post(redeem)).with_state(server.clone());
        (server, aside(async move { axum::serve(listener, router).await }))
    }

    fn asked(&self) -> usize {
        self.shown.lock().expect("a lock").len()
    }
}

async fn redeem(
    State(server): State<Arc<Server>>,
    Json(shown): Json<CodeShown>,
) -> Result<Json<Admission>, StatusCode> {
    let good = server.good.lock().expect("a lock").take_if(|good| *good == shown.code);
    server.shown.lock().expect("a lock").push(shown.clone());
    good.ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(Admission { pass: pass(&shown.host), path: "/headers?from=far&x=%2F".to_owned() }))
}

fn pass(host: &domain::HostName) -> Pass {
    Pass {
        app_id: AppId::new(Uuid::from_u128(9)),
        host: host.clone(),
        person_id: PersonId::new(Uuid::from_u128(7)),
        email: "ada@example.com".parse().expect("an address"),
        name: "Ada".to_owned(),
        session: "session".to_owned(),
        expires_at: Timestamp(i64::MAX),
    }
}

fn gate() -> GateTable {
    let key = |byte| KeyMaterial::new([byte; 32]);
    GateTable {
        console: "http://localhost:8080".to_owned(),
        keys: vec![GateKey { id: "k1".to_owned(), pass: key(1), assertion: key(2) }],
        ..GateTable::default()
    }
}

fn gated(app: &App) -> Route {
    let access = Access { who: Who::Company, open_paths: vec!["/healthz".parse().expect("a path")] };
    Route { access, ..route(SHOP, pool(1, &[app.endpoint("t1")])) }
}

async fn behind_the_gate(ground: &mut Ground, app: &App) {
    ground.put_table(RouteTable { gate: gate(), routes: vec![gated(app)], ..RouteTable::default() }).await;
    ground.ready(1, 1).await;
}

fn going(path: &str, cookies: &str) -> Request<Full<bytes::Bytes>> {
    visit(Method::GET, SHOP, path, &[PAGE, ("Cookie", cookies)], "")
}

async fn ask(ground: &Ground, request: Request<Full<bytes::Bytes>>) -> Answer {
    ground.visitor().await.ask(request).await.expect("an answer")
}

/// What a browser would send back.
fn cookie(answer: &Answer) -> String {
    let set = answer.headers["set-cookie"].to_str().expect("text");
    assert!(set.contains("; HttpOnly; SameSite=Lax") && set.contains("; Path=/;") && !set.contains("Domain"), "{set}");
    set.split(';').next().expect("a cookie").to_owned()
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text());
    answer.headers["location"].to_str().expect("text")
}

/// Signs in, and gives the cookie by which the visitor passes.
async fn sign_in(ground: &Ground) -> String {
    let nonce = cookie(&ask(ground, going("/", "")).await);
    let back = ask(ground, going(&format!("/.slipway/sign-in?code={CODE}"), &nonce)).await;
    assert_eq!(location(&back), "http://shop.localhost:8080/headers?from=far&x=%2F");
    cookie(&back)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_is_sent_to_sign_in_and_comes_back_to_the_page_first_asked_for() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    let (server, _serving) = Server::start(&ground);
    behind_the_gate(&mut ground, &app).await;
    let sent = ask(&ground, going("/headers?from=far&x=%2F", "")).await;
    let (to, nonce) = (location(&sent).to_owned(), cookie(&sent));
    let hash = hash(nonce.split_once('=').expect("a value").1);
    assert_eq!(
        to,
        format!("http://localhost:8080/gate?app=shop.localhost&path=/headers%3Ffrom%3Dfar%26x%3D%252F&nonce={hash}")
    );
    assert_eq!((app.hits(), server.asked()), (0, 0));

    let back = ask(&ground, going(&format!("/.slipway/sign-in?code={CODE}"), &nonce)).await;
    assert_eq!(location(&back), "http://shop.localhost:8080/headers?from=far&x=%2F");
    let shown = server.shown.lock().expect("a lock")[0].clone();
    assert_eq!(shown, CodeShown { code: CODE.to_owned(), host: SHOP.parse().expect("a host"), nonce: hash });

    let told = ask(&ground, going("/headers", &format!("theme=dark; {nonce}; {}", cookie(&back)))).await.json();
    assert_eq!(told["x-forwarded-email"], "ada@example.com");
    assert_eq!(told["x-forwarded-user"], PersonId::new(Uuid::from_u128(7)).to_string());
    assert_eq!(told["x-slipway-jwt"].as_str().expect("a token").split('.').count(), 3);
    assert_eq!(told["cookie"], "theme=dark", "the gate's own cookies stay outside");
}

fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

/// Mallory signs in, keeps the code to himself, and has Ada's browser show it: she would work in his account.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_not_taken_from_a_browser_that_did_not_ask_for_one() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    let (server, _serving) = Server::start(&ground);
    behind_the_gate(&mut ground, &app).await;
    for cookies in ["", "slipway-gate-nonce=", "slipway-gate-nonce=short", "slipway-gate-nonce=a b; other=1"] {
        let answer = ask(&ground, going(&format!("/.slipway/sign-in?code={CODE}"), cookies)).await;
        assert_eq!((answer.status, server.asked()), (StatusCode::BAD_REQUEST, 0), "{cookies}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_was_used_or_is_none_lets_nobody_in() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    let (server, _serving) = Server::start(&ground);
    behind_the_gate(&mut ground, &app).await;
    let nonce = cookie(&ask(&ground, going("/", "")).await);
    sign_in(&ground).await;
    for query in [&format!("?code={CODE}"), &format!("?code={}", "f".repeat(64)), "?code=", "", "?code=../x"] {
        let answer = ask(&ground, going(&format!("/.slipway/sign-in{query}"), &nonce)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.text().contains("http://shop.localhost:8080") && !answer.headers.contains_key("set-cookie"));
    }
    assert_eq!(server.asked(), 3, "what is no code at all is not asked about");
    let posted = visit(Method::POST, SHOP, &format!("/.slipway/sign-in?code={CODE}"), &[("Cookie", &nonce)], "");
    assert_eq!(ask(&ground, posted).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.hits(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_and_forms_are_told_instead_of_redirected() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    behind_the_gate(&mut ground, &app).await;
    let script = [PAGE, ("Sec-Fetch-Mode", "cors")];
    let upgrade = [("Upgrade", "websocket"), ("Connection", "upgrade")];
    for (method, headers) in [
        (Method::GET, &[("Accept", "application/json")][..]),
        (Method::GET, &script),
        (Method::POST, &[]),
        (Method::DELETE, &script),
        (Method::GET, &upgrade),
    ] {
        let answer = ask(&ground, visit(method.clone(), SHOP, "/echo", headers, "")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {headers:?}");
        assert_eq!(answer.json()["error"], "sign_in_needed");
        assert_eq!(answer.json()["sign_in"], "http://shop.localhost:8080");
        assert!(!answer.headers.contains_key("location"));
    }
    let form = visit(Method::POST, SHOP, "/echo", &[PAGE, ("Sec-Fetch-Mode", "navigate")], "order=1");
    let answer = ask(&ground, form).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text().contains("<h1>Your form was not sent</h1>"), "{}", answer.text());
    assert_eq!((app.hits(), ground.traffic(1).await.requests), (0, 0), "it neither reaches the app nor counts for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_says_who_they_are_by_a_header_at_a_public_app_either() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.put_table(RouteTable { gate: gate(), ..RouteTable::default() }).await;
    ground.serve(&app).await;
    let forged = [
        ("X-Forwarded-User", "admin"),
        ("X-Forwarded-Email", "admin@example.com"),
        ("x_forwarded_groups", "admins"),
        ("X-Slipway-Jwt", "a.b.c"),
        ("Cookie", "slipway-gate=stolen; theme=dark"),
    ];
    let told = ask(&ground, visit(Method::GET, SHOP, "/headers", &forged, "")).await.json();
    for (name, _) in &forged[..4] {
        assert!(told[name.to_lowercase()].is_null(), "{told}");
    }
    assert_eq!(told["cookie"], "theme=dark");
}

#[tokio::test(flavor = "multi_thread")]
async fn open_paths_are_open_and_no_trick_makes_another_path_one() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    behind_the_gate(&mut ground, &app).await;
    assert_eq!(ground.get(SHOP, "/healthz").await.status, StatusCode::OK);
    assert_eq!(ground.get(SHOP, "/healthz?deep=/../who").await.status, StatusCode::OK);
    for trick in [
        "/healthz/../who",
        "/healthz/..%2fwho",
        "/healthz/%2e%2e/who",
        "//healthz",
        "/healthz//../who",
        "/HEALTHZ",
        "/healthz;/../who",
        "/healthz\\..\\who",
        "/who?/healthz",
        "http://shop.localhost/healthz/../who",
    ] {
        let mut socket = tokio::net::TcpStream::connect(ground.address()).await.expect("a connection");
        let request = format!("GET {trick} HTTP/1.1\r\nHost: {SHOP}\r\nConnection: close\r\n\r\n");
        tokio::io::AsyncWriteExt::write_all(&mut socket, request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut socket, &mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 40"), "{trick}: {answer}");
    }
    assert_eq!(app.hits(), 0);
}

/// The console answers visitors at another socket than the one where codes are asked about.
#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_never_reaches_where_codes_are_asked_about() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    let (server, _serving) = Server::start(&ground);
    let console_hosts = vec!["localhost".parse().expect("a host")];
    ground
        .put_table(RouteTable { console_hosts, gate: gate(), routes: vec![gated(&app)], ..RouteTable::default() })
        .await;
    let listener = UnixListener::bind(ground.folder().join("console.sock")).expect("a socket");
    let console = Router::new().fallback(any(|| async { "the console" }));
    let _console = aside(async move { axum::serve(listener, console).await });
    let shown = format!("{{\"code\":\"{CODE}\",\"host\":\"{SHOP}\",\"nonce\":\"x\"}}");
    for host in ["localhost", SHOP, "server", "gate.sock", ""] {
        for path in ["/redeem", "/.slipway/redeem", "/.slipway/../redeem", "//redeem"] {
            let request = visit(Method::POST, host, path, &[("Content-Type", "application/json")], shown.clone());
            let answer = ask(&ground, request).await;
            assert!(host == "localhost" || !answer.status.is_success(), "{host}{path}: {}", answer.status);
        }
    }
    assert_eq!((server.asked(), app.hits()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_who_is_signed_in_passes_while_the_server_is_away_also_after_a_restart() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    let (_server, serving) = Server::start(&ground);
    behind_the_gate(&mut ground, &app).await;
    let pass = sign_in(&ground).await;
    drop(serving);
    assert_eq!(ask(&ground, going("/who", &pass)).await.text(), "shop");
    ground.restart();
    ground.ready(1, 1).await;
    assert_eq!(ask(&ground, going("/who", &pass)).await.text(), "shop");
    let nonce = cookie(&ask(&ground, going("/", "")).await);
    let answer = ask(&ground, going(&format!("/.slipway/sign-in?code={CODE}"), &nonce)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "who is not has to wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_closes_the_gate_and_ends_its_streams() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    let (_server, _serving) = Server::start(&ground);
    behind_the_gate(&mut ground, &app).await;
    let pass = sign_in(&ground).await;
    let events = [("Accept", "text/event-stream"), ("Cookie", pass.as_str())];
    let (mut visitor, request) = (ground.visitor().await, visit(Method::GET, SHOP, "/events", &events, ""));
    let stream = aside(async move { visitor.ask(request).await });
    eventually("the stream is under way", || async { ground.traffic(1).await.streams == 1 }).await;
    behind_the_gate(&mut ground, &app).await;
    assert!(!stream.is_finished(), "another table alone ends nothing");

    let ended = GateTable { ended: vec!["session".to_owned()], ..gate() };
    ground.put_table(RouteTable { gate: ended, routes: vec![gated(&app)], ..RouteTable::default() }).await;
    assert!(location(&ask(&ground, going("/who", &pass)).await).starts_with("http://localhost:8080/gate?"));
    let heard = tokio::time::timeout(crate::support::DEADLINE, stream).await.expect("in time").expect("ended");
    assert_eq!(heard.expect("a whole answer").text(), "data: first\n\n");
    assert_eq!(ground.traffic(1).await.release_id, release_id(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_on_the_list_is_sent_to_where_the_console_says_so() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    let (_server, _serving) = Server::start(&ground);
    behind_the_gate(&mut ground, &app).await;
    let pass = sign_in(&ground).await;
    let listed = domain::Listed { emails: vec!["bob@example.com".parse().expect("an address")], ..Default::default() };
    let route = Route { access: Access::from(Who::People(listed)), ..gated(&app) };
    ground.put_table(RouteTable { gate: gate(), routes: vec![route], ..RouteTable::default() }).await;
    assert_eq!(
        location(&ask(&ground, going("/who", &pass)).await),
        "http://localhost:8080/gate/closed?app=shop.localhost"
    );
    let script = visit(Method::GET, SHOP, "/who", &[("Accept", "application/json"), ("Cookie", &pass)], "");
    let answer = ask(&ground, script).await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (StatusCode::FORBIDDEN, Some("not_listed")));
    assert_eq!(app.hits(), 0);
}
