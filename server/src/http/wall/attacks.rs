//! What somebody tries who has a token for something else, or none.

use super::Place;
use super::scene::{Scene, World};
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::{PlatformRole, Rights, Role, Subject};
use serde_json::{Value, json};

/// The owner of a team, with a personal token.
async fn owner(world: &World) -> Scene {
    let rights = Rights { team: Some(Role::Owner), ..Rights::default() };
    Scene::set(world, Subject::Team(Role::Owner), rights, Place::Own).await
}

fn at(method: &str, path: &str) -> Builder {
    Request::builder().method(method).uri(format!("/api/v1{path}")).header("host", "localhost:8080")
}

async fn answer(world: &World, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let response = world.send(request).await;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    (status, headers, serde_json::from_slice(&body).unwrap_or_default())
}

async fn code(world: &World, request: Request<Body>) -> String {
    let (status, headers, problem) = answer(world, request).await;
    assert_eq!(headers["content-type"], "application/problem+json", "{status}: {problem}");
    assert_eq!(problem["status"], status.as_u16());
    problem["code"].as_str().unwrap_or_default().to_owned()
}

fn nothing() -> Body {
    Body::empty()
}

#[tokio::test]
async fn a_token_counts_in_its_header_only() {
    let world = World::new().await;
    let scene = owner(&world).await;
    let bearer = scene.bearer.clone().expect("a token");
    let with = |value: String| at("GET", "/whoami").header("authorization", value).body(nothing()).expect("a request");
    let (status, headers, who) = answer(&world, with(format!("Bearer {bearer}"))).await;
    assert_eq!((status, &who["kind"]), (StatusCode::OK, &json!("person")), "{who}");
    assert_eq!(headers["cache-control"], "no-store");
    assert!(!headers.contains_key("set-cookie"));
    let without = [
        at("GET", &format!("/whoami?token={bearer}&access_token={bearer}")),
        at("GET", "/whoami").header("cookie", scene.cookie.clone().expect("a cookie")),
        at("GET", "/whoami").header("x-authorization", format!("Bearer {bearer}")),
        at("GET", "/whoami").header("authorization", bearer.as_str()),
        at("GET", "/whoami").header("authorization", format!("Basic {bearer}")),
        at("GET", "/whoami").header("authorization", format!("Bearer {bearer}x")),
        at("GET", "/whoami").header("authorization", format!("Bearer {}", "x".repeat(1 << 16))),
        at("GET", "/whoami").header("authorization", b"Bearer \xff\xfe".as_slice()),
        // Two of them: a proxy may look at the one and we at the other.
        at("GET", "/whoami").header("authorization", "Bearer x").header("authorization", format!("Bearer {bearer}")),
    ];
    for request in without {
        assert_eq!(code(&world, request.body(nothing()).expect("a request")).await, "unauthorized");
    }
}

#[tokio::test]
async fn who_guesses_has_to_wait_and_nobody_else() {
    let world = World::new().await;
    let bearer = owner(&world).await.bearer.expect("a token");
    let come = |from: &str, token: &str| {
        let request = at("GET", "/whoami").header("x-forwarded-for", from);
        request.header("authorization", format!("Bearer {token}")).body(nothing()).expect("a request")
    };
    for guess in 0..30 {
        assert_eq!(code(&world, come("192.0.2.1", &format!("slipway_me_{guess}x"))).await, "unauthorized");
    }
    let (status, headers, _) = answer(&world, come("192.0.2.1", "slipway_me_more")).await;
    assert_eq!((status, &headers["retry-after"]), (StatusCode::TOO_MANY_REQUESTS, &"60".parse().expect("a value")));
    assert_eq!(answer(&world, come("192.0.2.2", &bearer)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said_in_one_form() {
    let world = World::new().await;
    let scene = owner(&world).await;
    let bearer = format!("Bearer {}", scene.bearer.clone().expect("a token"));
    let deploys = format!("/apps/{}/deploys", scene.app);
    let send = |method: &str, path: &str, kind: &str, body: Vec<u8>| {
        let request = at(method, path).header("authorization", &bearer).header("content-type", kind);
        request.body(Body::from(body)).expect("a request")
    };
    let json = "application/json";
    assert_eq!(code(&world, send("GET", "/nothing-here", json, vec![])).await, "not_found");
    assert_eq!(code(&world, send("PUT", "/whoami", json, vec![])).await, "method_not_allowed");
    assert_eq!(code(&world, send("GET", "/apps/%ff%fe", json, vec![])).await, "not_found");
    assert_eq!(code(&world, send("GET", "/apps/..%2f..%2fetc", json, vec![])).await, "not_found");
    assert_eq!(code(&world, send("GET", &format!("{deploys}/not-an-id"), json, vec![])).await, "not_found");
    assert_eq!(code(&world, send("POST", &deploys, json, b"{\"tag\":".to_vec())).await, "invalid");
    assert_eq!(code(&world, send("POST", &deploys, json, b"{\"tag\":\"\xff\"}".to_vec())).await, "invalid");
    assert_eq!(code(&world, send("POST", &deploys, json, b"{\"tga\":\"1.1\"}".to_vec())).await, "invalid");
    assert_eq!(code(&world, send("POST", &deploys, "text/plain", b"{\"tag\":\"1.1\"}".to_vec())).await, "invalid");
    assert_eq!(code(&world, send("POST", &format!("{deploys}?dryrun=true"), json, b"{}".to_vec())).await, "invalid");
    let large = format!("{{\"tag\":\"{}\"}}", "x".repeat(3 << 20));
    assert_eq!(code(&world, send("POST", &deploys, json, large.into())).await, "too_large");
}

/// A name that would end a header, a line of a terminal, or a path.
#[tokio::test]
async fn nothing_that_is_typed_reaches_a_header_or_a_terminal() {
    let world = World::new().await;
    let scene = owner(&world).await;
    let bearer = format!("Bearer {}", scene.bearer.clone().expect("a token"));
    for attack in
        ["a\r\nX-Admin: yes", "a\u{1b}[2J", "a;reboot", "$(id)", "../../etc", "a\0b", "<script>", &"a".repeat(1 << 20)]
    {
        for (path, body) in [
            ("/teams".to_owned(), json!({ "name": attack })),
            ("/projects".to_owned(), json!({ "team_id": scene.team, "name": attack })),
            (
                "/apps".to_owned(),
                json!({ "name": attack, "project_id": scene.project, "deploy": { "image": "sample:1.0" } }),
            ),
            (format!("/apps/{}/tokens", scene.app), json!({ "name": attack })),
        ] {
            let request = at("POST", &path).header("authorization", &bearer).header("content-type", "application/json");
            let request = request.body(Body::from(body.to_string())).expect("a request");
            let (status, headers, problem) = answer(&world, request).await;
            assert_eq!(
                (status, &problem["code"]),
                (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")),
                "{path} {attack:?}"
            );
            assert!(!headers.contains_key("x-admin"));
            assert!(!problem["detail"].as_str().unwrap_or_default().contains('\u{1b}'), "{problem}");
        }
    }
}

/// An id of another app's deploy, release or token, put behind an app of one's own.
#[tokio::test]
async fn foreign_ids_behind_an_app_of_ones_own_are_not_found() {
    let world = World::new().await;
    let (mine, theirs) = (owner(&world).await, owner(&world).await);
    let bearer = format!("Bearer {}", mine.bearer.clone().expect("a token"));
    let app = format!("/apps/{}", mine.app);
    for (method, path) in [
        ("GET", format!("{app}/deploys/{}", theirs.deploy)),
        ("POST", format!("{app}/deploys/{}/cancel", theirs.deploy)),
        ("DELETE", format!("{app}/tokens/{}", theirs.token_of_app)),
        ("DELETE", format!("/me/tokens/{}", theirs.token_of_owner)),
        ("DELETE", format!("/me/tokens/{}", theirs.token_of_app)),
        ("GET", format!("{app}/releases/4000000000")),
    ] {
        let request = at(method, &path).header("authorization", &bearer).body(nothing()).expect("a request");
        assert_eq!(code(&world, request).await, "not_found", "{method} {path}");
    }
}

/// The platform's admin has every team to look at, and no variable, secret or token's text of any.
#[tokio::test]
async fn no_answer_holds_a_value_that_is_not_for_who_asks() {
    let world = World::new().await;
    let rights = Rights { platform: Some(PlatformRole::Admin), ..Rights::default() };
    let scene = Scene::set(&world, Subject::Platform(PlatformRole::Admin), rights, Place::Other).await;
    let bearer = format!("Bearer {}", scene.bearer.clone().expect("a token"));
    let get = |path: String| at("GET", &path).header("authorization", &bearer).body(nothing()).expect("a request");
    let (status, headers, settings) = answer(&world, get(format!("/apps/{}/settings", scene.app))).await;
    assert_eq!((status, &settings["variables"], &settings["secrets"]), (StatusCode::OK, &Value::Null, &Value::Null));
    assert_eq!(headers["etag"], "\"r1\"");
    let (_, _, tokens) = answer(&world, get(format!("/apps/{}/tokens", scene.app))).await;
    assert_eq!(tokens[0]["name"], "of-app");
    assert!(tokens[0].get("text").is_none() && tokens[0].get("hash").is_none(), "{tokens}");
}

#[tokio::test]
async fn a_change_for_settings_that_are_not_current_is_refused() {
    let world = World::new().await;
    let scene = owner(&world).await;
    let bearer = format!("Bearer {}", scene.bearer.clone().expect("a token"));
    let change = |tag: &str| {
        let request = at("PATCH", &format!("/apps/{}/settings", scene.app)).header("authorization", &bearer);
        let request = request.header("content-type", "application/json").header("if-match", tag);
        request.body(Body::from(json!({ "replicas": 2 }).to_string())).expect("a request")
    };
    assert_eq!(code(&world, change("\"r7\"")).await, "precondition_failed");
    // It is current; a deploy is under way in this scene, which is another answer.
    assert_eq!(code(&world, change("\"r1\"")).await, "conflict");
}
