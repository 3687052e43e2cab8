//! The browser's half of Kontor.
#![cfg(target_arch = "wasm32")]

/// Called by the page's script once the bundle is there.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    app::start();
}
