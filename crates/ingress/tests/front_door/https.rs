//! HTTPS from outside: certificates by name, the way there from HTTP, and what apps hear of it.

use crate::support::{App, Ground, Issued, Visitor, aside, encrypt, eventually, issue, pool, route, visit};
use domain::routing::{Https, OtherHost, Route};
use domain::{Access, CertificateKey, Who};
use http::{Method, StatusCode};
use ingress::Limits;
use rustls::RootCertStore;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

const SHOP: &str = "shop.apps.test";
const DOMAIN: &str = "www.example.com";

async fn reached(ground: &Ground, host: &str, trusted: &RootCertStore) -> bool {
    encrypt(ground.https_address(), host, trusted, "http/1.1").await.is_ok()
}

async fn by(ground: &Ground, host: &str, issued: &Issued, protocol: &str) -> Visitor {
    Visitor::connect_encrypted(ground.https_address(), host, &issued.trusted, protocol).await
}

/// An app that is reached by a domain of its own too.
fn with_domain(app: &App, redirects: bool) -> Route {
    let other = OtherHost { host: DOMAIN.parse().expect("a host name"), redirects };
    Route { domains: vec![other], ..route(SHOP, pool(1, &[app.endpoint("t1")])) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_gets_the_certificate_of_the_name_they_ask_for() {
    let (star, own) = (issue(&["*.apps.test"]), issue(&[SHOP]));
    let mut ground = Ground::encrypted(&[&star, &own]);
    ground.put(vec![]).await;
    for (host, gets, not) in [(SHOP, &own, &star), ("blog.apps.test", &star, &own)] {
        assert!(reached(&ground, host, &gets.trusted).await, "{host}");
        assert!(!reached(&ground, host, &not.trusted).await, "{host}");
    }
    for unknown in ["apps.test", "a.shop.apps.test", DOMAIN] {
        assert!(!reached(&ground, unknown, &star.trusted).await, "{unknown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_certificate_is_in_force_with_the_next_table_and_disturbs_nobody() {
    let (old, new) = (issue(&["*.apps.test"]), issue(&["*.apps.test"]));
    let (mut ground, app) = (Ground::encrypted(&[&old]), App::start("shop").await);
    ground.serve_at(SHOP, &app).await;
    let mut kept = by(&ground, SHOP, &old, "h2").await;
    assert_eq!(kept.get(SHOP, "/who").await.text(), "shop");
    ground.certify(&[&new]);
    ground.serve_at(SHOP, &app).await;
    assert!(reached(&ground, SHOP, &new.trusted).await && !reached(&ground, SHOP, &old.trusted).await);
    assert_eq!(kept.get(SHOP, "/who").await.text(), "shop", "on the connection from before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_cannot_be_read_takes_no_other_away() {
    let (good, mut bad) = (issue(&[SHOP]), issue(&["blog.apps.test"]));
    bad.served.key = CertificateKey::new("nothing".to_owned());
    let mut foreign = issue(&["news.apps.test"]);
    foreign.served.key = good.served.key.clone();
    let mut ground = Ground::encrypted(&[&bad, &foreign, &good]);
    ground.put(vec![]).await;
    assert!(reached(&ground, SHOP, &good.trusted).await);
    for (host, issued) in [("blog.apps.test", &bad), ("news.apps.test", &foreign)] {
        assert!(!reached(&ground, host, &issued.trusted).await, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_https_is_served_from_the_last_table_without_the_server() {
    let issued = issue(&["*.apps.test"]);
    let (mut ground, app) = (Ground::encrypted(&[&issued]), App::start("shop").await);
    ground.serve_at(SHOP, &app).await;
    ground.restart();
    for protocol in ["http/1.1", "h2"] {
        assert_eq!(by(&ground, SHOP, &issued, protocol).await.get(SHOP, "/who").await.text(), "shop");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn http_leads_to_https_wherever_there_is_a_certificate() {
    let issued = issue(&["*.apps.test"]);
    let (mut ground, app) = (Ground::encrypted(&[&issued]), App::start("shop").await);
    ground.put(vec![with_domain(&app, false)]).await;
    ground.ready(1, 1).await;
    let read = ground.get("SHOP.apps.test:8080", "/a?b=c&d=%2F").await;
    assert_eq!(
        (read.status, &read.headers["location"]),
        (StatusCode::MOVED_PERMANENTLY, &"https://shop.apps.test:8443/a?b=c&d=%2F".parse().expect("a header"))
    );
    let sent = ground.visitor().await.request(Method::POST, SHOP, "/echo", "an order").await;
    assert_eq!(sent.status, StatusCode::PERMANENT_REDIRECT, "a form keeps its method");
    assert_eq!(ground.get(DOMAIN, "/who").await.text(), "shop", "there is no certificate for it");
    assert_eq!(app.hits(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_led_to_a_host_that_is_none() {
    let issued = issue(&["*.apps.test"]);
    let mut ground = Ground::encrypted(&[&issued]);
    ground.put(vec![]).await;
    for host in ["evil.example/.apps.test", "evil@x.apps.test", "a b.apps.test", "evil?.apps.test", "evil#.apps.test"] {
        let Ok(answer) = ground.visitor().await.ask(visit(Method::GET, host, "/", &[], "")).await else { continue };
        assert!(!answer.headers.contains_key("location"), "{host}: {:?}", answer.headers);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_hears_of_https_and_gets_its_cookies_in_one_header() {
    let issued = issue(&["*.apps.test"]);
    let (mut ground, app) = (Ground::encrypted(&[&issued]), App::start("shop").await);
    ground.serve_at(SHOP, &app).await;
    for protocol in ["http/1.1", "h2"] {
        let lie = ("x-forwarded-proto", "http");
        let request = visit(Method::GET, SHOP, "/headers", &[("cookie", "a=1"), ("cookie", "b=2"), lie], "");
        let heard = by(&ground, SHOP, &issued, protocol).await.ask(request).await.expect("an answer");
        let heard = heard.text().to_lowercase();
        for expected in [r#""x-forwarded-proto":"https""#, r#""cookie":"a=1; b=2""#, r#""host":"shop.apps.test""#] {
            assert!(heard.contains(expected), "{protocol}: {expected} in {heard}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_told_to_stay_with_https_where_the_operator_wants_that() {
    let issued = issue(&["*.apps.test"]);
    let (mut ground, app) = (Ground::encrypted(&[&issued]), App::start("shop").await);
    ground.serve_at(SHOP, &app).await;
    let told = async |ground: &Ground| {
        let answer = by(ground, SHOP, &issued, "h2").await.get(SHOP, "/who").await;
        answer.headers.get("strict-transport-security").map(|value| value.to_str().expect("text").to_owned())
    };
    assert_eq!(told(&ground).await, None);
    ground.https = ground.https.map(|https| Https { hsts_seconds: 86400, ..https });
    ground.serve_at(SHOP, &app).await;
    assert_eq!(told(&ground).await.as_deref(), Some("max-age=86400"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_is_not_waited_for() {
    let issued = issue(&["*.apps.test"]);
    let mut ground = Ground::with(Limits { handshake_within: Duration::from_millis(50), ..Limits::default() });
    ground.certify(&[&issued]);
    ground.restart();
    ground.put(vec![]).await;
    let mut silent = TcpStream::connect(ground.https_address()).await.expect("a connection");
    let mut got = Vec::new();
    let ended = aside(async move { silent.read_to_end(&mut got).await.map(|_| got) });
    eventually("the connection is closed", || async { ended.is_finished() }).await;
    assert_eq!(ended.await.expect("no panic").unwrap_or_default(), b"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_of_its_own_leads_to_the_app_or_sends_on_to_it() {
    let issued = issue(&["*.apps.test", DOMAIN]);
    let (mut ground, app) = (Ground::encrypted(&[&issued]), App::start("shop").await);
    ground.put(vec![with_domain(&app, false)]).await;
    ground.ready(1, 1).await;
    let mut visitor = by(&ground, DOMAIN, &issued, "h2").await;
    assert_eq!(visitor.get(DOMAIN, "/who").await.text(), "shop");
    ground.put(vec![with_domain(&app, true)]).await;
    let sent_on = visitor.get(DOMAIN, "/who?x=1").await;
    assert_eq!(sent_on.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(sent_on.headers["location"], "https://shop.apps.test:8443/who?x=1");
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t1")]))]).await;
    assert_eq!(visitor.get(DOMAIN, "/who").await.status, StatusCode::NOT_FOUND, "it was taken away");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_https_a_domain_sends_on_by_http_at_the_same_port() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.put(vec![with_domain(&app, true)]).await;
    let sent_on = ground.get(&format!("{DOMAIN}:8080"), "/who").await;
    assert_eq!(sent_on.headers["location"], "http://shop.apps.test:8080/who");
}

/// A server that was talked into giving one team's host to another team's app must not be believed.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_the_host_of_another_app_by_a_domain() {
    let (mut ground, shop, thief) = (Ground::new(), App::start("shop").await, App::start("thief").await);
    let other = OtherHost { host: SHOP.parse().expect("a host name"), redirects: false };
    let theirs = Route { domains: vec![other], ..route("thief.apps.test", pool(2, &[thief.endpoint("t2")])) };
    for routes in [
        vec![theirs.clone(), route(SHOP, pool(1, &[shop.endpoint("t1")]))],
        vec![route(SHOP, pool(1, &[shop.endpoint("t1")])), theirs],
    ] {
        ground.put(routes).await;
        ground.ready(1, 1).await;
        assert_eq!(ground.get(SHOP, "/who").await.text(), "shop");
    }
}

/// Over plain HTTP a pass could be read on the way, so it is neither asked for nor believed.
#[tokio::test(flavor = "multi_thread")]
async fn where_people_sign_in_over_https_nobody_is_asked_by_http() {
    let issued = issue(&["*.apps.test"]);
    let (mut ground, app) = (Ground::encrypted(&[&issued]), App::start("shop").await);
    let gated = Route { access: Access::from(Who::Company), ..with_domain(&app, false) };
    let gate = domain::gate::GateTable { console: "https://apps.test:8443".to_owned(), ..Default::default() };
    ground.put_table(domain::routing::RouteTable { gate, routes: vec![gated], ..Default::default() }).await;
    for path in ["/who", "/.slipway/sign-in?code=0123456789abcdef0123456789abcdef"] {
        let request = visit(Method::GET, DOMAIN, path, &[("cookie", "__Host-slipway-gate=v1.k1.x.y")], "");
        let refused = ground.visitor().await.ask(request).await.expect("an answer");
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(!refused.headers.contains_key("set-cookie") && refused.text().contains("safely"), "{path}");
    }
    assert_eq!(app.hits(), 0);
}
