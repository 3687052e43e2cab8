//! The browser's beginning: boot facts, texts, hydration.

use crate::{App, BUILD, i18n, wire::Boot};
use leptos::prelude::*;

/// Reads the page's facts, loads its texts, then hydrates. Without texts (the network broke in between) the page stays
/// as the server sent it: complete, only without script.
pub fn start() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        let boot: Boot = document()
            .get_element_by_id("boot")
            .and_then(|block| block.text_content())
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let path = format!("/pkg/{}/texts-{}.txt", boot.build, boot.locale.key());
        let Ok(response) = gloo_net::http::Request::get(&path).send().await else { return };
        let Ok(texts) = response.text().await else { return };
        if !response.ok() {
            return;
        }
        i18n::install(boot.locale, texts);
        // Set once: there is one page.
        let _ = BUILD.set(boot.build.clone());
        leptos::mount::hydrate_body(move || {
            provide_context(boot);
            view! { <App/> }
        });
    });
}
