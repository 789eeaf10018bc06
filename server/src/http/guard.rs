//! What holds for every answer and every change, whatever the route.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses changes that another site's page sends with a person's cookie. Browsers say where a request comes from in
/// `Sec-Fetch-Site`, older ones in `Origin`; what says neither is no browser and carries no cookie by accident.
pub async fn refuse_cross_site(request: Request, next: Next) -> Response {
    if is_change(request.method()) && !is_from_here(&request) {
        return (StatusCode::FORBIDDEN, "This request came from another site and was refused.").into_response();
    }
    next.run(request).await
}

fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_from_here(request: &Request) -> bool {
    let value = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = value("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (value("origin"), value("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Headers that every answer carries. Pages set their own, wider content policy.
pub async fn add_headers(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn post(headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder().method("POST").uri("/").header("host", "localhost:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).expect("a request")
    }

    /// A page of an app at `shop.localhost` posts to the console with the person's cookie.
    #[test]
    fn a_neighbouring_app_cannot_act_for_a_person() {
        assert!(!is_from_here(&post(&[("sec-fetch-site", "same-site"), ("origin", "http://shop.localhost:8080")])));
        assert!(!is_from_here(&post(&[("origin", "http://shop.localhost:8080")])));
        assert!(!is_from_here(&post(&[("origin", "null")])));
    }

    #[test]
    fn the_console_itself_can() {
        assert!(is_from_here(&post(&[("sec-fetch-site", "same-origin")])));
        assert!(is_from_here(&post(&[("origin", "http://localhost:8080")])));
    }
}
