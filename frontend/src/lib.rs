//! The browser's half of Kontor: built once for each bundle, with the feature of its name.
#![cfg(target_arch = "wasm32")]

use app::pages::{self, Bundle};

/// Called by the page's script once the bundle is there.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    #[cfg(feature = "front")]
    app::start(Bundle::Front, pages::front);
    #[cfg(feature = "console")]
    app::start(Bundle::Console, pages::console);
    #[cfg(feature = "partner")]
    app::start(Bundle::Partner, pages::partner);
    #[cfg(feature = "store")]
    app::start(Bundle::Store, pages::store);
    #[cfg(feature = "staff")]
    app::start(Bundle::Staff, pages::staff);
}
