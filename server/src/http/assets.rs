//! The browser's files, and the page for addresses that are none.

use super::State;
use anyhow::{Context, Result};
use app::Site;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use rust_embed::RustEmbed;
use std::sync::Arc;

/// What `cargo xtask site` made: part of the binary in a release build, read from the disk in a debug build.
#[derive(RustEmbed)]
#[folder = "$CARGO_TARGET_DIR/site"]
struct Files;

/// The names of the files of this build.
pub fn site() -> Result<Site> {
    let manifest =
        Files::get("manifest.json").context("The console's files are missing. Build them with `cargo xtask site`.")?;
    Ok(Site::from_manifest(&manifest.data)?)
}

/// One file. Its name carries the hash of its content, so that browsers keep it for ever.
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let takes_brotli =
        headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("br"));
    let compressed = takes_brotli.then(|| Files::get(&format!("{name}.br"))).flatten();
    let is_compressed = compressed.is_some();
    let Some(found) = compressed.or_else(|| Files::get(&name)) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = Response::new(Body::from(found.data.into_owned()));
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind(&name)));
    fields.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=31536000, immutable"));
    fields.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
    if is_compressed {
        fields.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("br"));
    }
    response
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

/// Renders the console's own page for an address that is none, with the status that fits.
pub fn not_found(
    state: &State,
    site: &Arc<Site>,
) -> impl Fn(Request) -> BoxFuture<'static, Response> + Clone + Send + Sync + 'static + use<> {
    let render = leptos_axum::render_app_async_with_context(super::give_context(state), super::document(site));
    move |request| {
        let page = render.clone()(request);
        Box::pin(async move {
            let mut response = page.await;
            if response.status() == StatusCode::OK {
                *response.status_mut() = StatusCode::NOT_FOUND;
            }
            response
        })
    }
}
