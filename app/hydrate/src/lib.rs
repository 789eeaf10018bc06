//! The browser's entry point.

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs as soon as the module is there.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    app::hydrate();
}
