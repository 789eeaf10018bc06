//! The console: pages, design system and server functions. The server renders it first and the browser takes over.
//!
//! Pages ask `api`, `api` asks `platform`; no rule and no permission is decided here.

mod api;
mod live;
mod pages;
mod routes;
#[cfg(feature = "ssr")]
mod shell;
mod site;
mod ui;

pub use routes::Console;
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use site::Site;

/// Takes over the page that the server rendered. Called once, by the browser's entry point.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    wasm_bindgen_futures::spawn_local(async {
        let path = leptos::prelude::window().location().pathname().unwrap_or_default();
        routes::fetch_piece_at(&path).await;
        leptos::mount::hydrate_body(Console);
    });
}
