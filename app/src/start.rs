//! The browser's beginning: boot facts, texts, hydration.

use crate::{App, BUILD, compact, i18n, pages::Bundle, wire::Boot};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};

/// Reads the page's facts, loads its texts, then hydrates with the pages of a bundle. Without texts (the network broke in
/// between) the page stays as the server sent it: complete, only without script.
pub fn start(bundle: Bundle, pages: fn() -> AnyView) {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async move {
        let boot: Boot = document()
            .get_element_by_id("boot")
            .and_then(|block| block.text_content())
            .and_then(|text| compact::from_bytes(&compact::from_text(&text)))
            .unwrap_or_default();
        let path = format!("/pkg/{}/texts-{}-{}.txt", boot.build, bundle.key(), boot.locale.key());
        let Ok(response) = gloo_net::http::Request::get(&path).send().await else { return };
        let Ok(texts) = response.text().await else { return };
        if !response.ok() {
            return;
        }
        i18n::install(boot.locale, texts);
        // Set once: there is one page.
        let _ = BUILD.set(boot.build.clone());
        leave_to_the_browser(bundle);
        leptos::mount::hydrate_body(move || {
            provide_context(boot);
            provide_context(bundle);
            view! { <App pages/> }
        });
    });
}

/// Links to pages of other bundles are the browser's to follow: the router, which listens later, leaves external ones alone.
fn leave_to_the_browser(here: Bundle) {
    let mark = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(link) = target.and_then(|target| target.closest("a[href]").ok().flatten()) else { return };
        let href = link.get_attribute("href").unwrap_or_default();
        let path = href.split(['?', '#']).next().unwrap_or_default();
        if path.starts_with('/') && Bundle::of(path) != here {
            // A link that cannot be marked is followed by way of the page that says where it leads.
            let _ = link.set_attribute("rel", "external");
        }
    });
    let listener = mark.as_ref().unchecked_ref();
    // The same here: then every such link takes that way.
    let _ = window().add_event_listener_with_callback_and_bool("click", listener, true);
    // It listens as long as the page is there.
    mark.forget();
}
