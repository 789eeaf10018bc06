use crate::support::{App, Ground, aside, eventually, pool, route, swap, visit};
use domain::routing::Route;
use http::{Method, StatusCode, Uri};

const SHOP: &str = "shop.localhost";

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_found_whatever_its_case_port_or_trailing_dot() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    for host in ["shop.localhost", "SHOP.localhost", "shop.localhost:8080", "Shop.LocalHost.", "shop.localhost.:80"] {
        let answer = ground.get(host, "/who").await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, "shop"), "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_may_name_its_host_in_the_target() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    let mut request = visit(Method::GET, SHOP, "/who", &[], "");
    *request.uri_mut() = Uri::from_static("http://shop.localhost/who");
    let answer = ground.visitor().await.ask(request).await.expect("an answer");
    assert_eq!(answer.text(), "shop");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_host_has_its_own_app() {
    let (mut ground, shop, blog) = (Ground::new(), App::start("shop").await, App::start("blog").await);
    ground
        .put(vec![
            route("shop.localhost", pool(1, &[shop.endpoint("s")])),
            route("blog.localhost", pool(2, &[blog.endpoint("b")])),
        ])
        .await;
    let mut visitor = ground.visitor().await;
    for (host, name) in [("shop.localhost", "shop"), ("blog.localhost", "blog"), ("shop.localhost", "shop")] {
        assert_eq!(visitor.get(host, "/who").await.text(), name, "on one kept connection");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_host_gets_a_page_and_no_app() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    for host in ["other.localhost", "localhost", "shop.localhost.evil.example", "", "xn--shop.localhost"] {
        let answer = ground.get(host, "/who").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{host}");
        assert!(answer.text().contains("There is no app at this address"), "{host}");
    }
    assert_eq!(app.hits(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_a_route_takes_it_away() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    let mut visitor = ground.visitor().await;
    assert_eq!(visitor.get(SHOP, "/who").await.status, StatusCode::OK);
    ground.put(vec![]).await;
    assert_eq!(visitor.get(SHOP, "/who").await.status, StatusCode::NOT_FOUND);
}

fn stopped(app: &App) -> Route {
    Route { is_stopped: true, ..swap(SHOP, pool(1, &[]), vec![pool(1, &[app.endpoint("t1")])]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_app_has_a_page_that_says_so_and_promises_nothing() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    let mut visitor = ground.visitor().await;
    assert_eq!(visitor.get(SHOP, "/who").await.status, StatusCode::OK);
    ground.put(vec![stopped(&app)]).await;
    let answer = visitor.get(SHOP, "/who").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("<h1>This app is stopped</h1>"), "{}", answer.text());
    assert!(!answer.headers.contains_key("retry-after"));
    let request = visit(Method::POST, SHOP, "/who", &[("Accept", "application/json")], "{}");
    let answer = ground.visitor().await.ask(request).await.expect("an answer");
    assert_eq!(answer.json()["error"], "app_stopped");
    assert_eq!(app.hits(), 1);
    assert_eq!((ground.traffic(1).await.lost, ground.traffic(1).await.errors), (0, 0), "it is nobody's fault");
    ground.put(vec![route(SHOP, pool(1, &[app.endpoint("t1")]))]).await;
    ground.ready(1, 1).await;
    assert_eq!(visitor.get(SHOP, "/who").await.status, StatusCode::OK, "it is back");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_when_an_app_is_stopped_ends_well_and_is_counted_until_then() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    let mut visitor = ground.visitor().await;
    let held = aside(async move { visitor.get(SHOP, "/hold").await });
    eventually("it is held", || async { app.held() == 1 }).await;
    ground.put(vec![stopped(&app)]).await;
    assert_eq!(ground.traffic(1).await.in_flight, 1);
    app.let_go();
    assert_eq!(held.await.expect("no panic").status, StatusCode::OK);
    eventually("nothing is under way", || async { ground.traffic(1).await.in_flight == 0 }).await;
}

/// It waits for an endpoint; when the app is stopped there is nothing to wait for any more.
#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_an_app_is_told_at_once_when_it_is_stopped() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.put(vec![route(SHOP, pool(1, &[]))]).await;
    let mut visitor = ground.visitor().await;
    let waiting = aside(async move { visitor.get(SHOP, "/who").await });
    ground.put(vec![stopped(&app)]).await;
    let answer = waiting.await.expect("no panic");
    assert!(answer.text().contains("This app is stopped"), "{}", answer.text());
    assert_eq!((ground.traffic(1).await.lost, app.hits()), (0, 0));
}
