use crate::support::{App, Ground, pool, route, visit};
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
