//! What is asked of the reader's device, through the browser (WebAuthn Level 3). Only ever called from effects and event
//! handlers, which do not run on the server.

use kontor::account::PasskeyFault;

#[cfg(feature = "hydrate")]
mod browser {
    use super::PasskeyFault;
    use js_sys::{Function, JSON, Object, Promise, Reflect};
    use leptos::prelude::window;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    fn part(of: &JsValue, name: &str) -> Result<JsValue, JsValue> {
        Reflect::get(of, &name.into())
    }

    fn call(of: &JsValue, name: &str, with: &JsValue) -> Result<JsValue, JsValue> {
        part(of, name)?.dyn_into::<Function>()?.call1(of, with)
    }

    /// Whether the browser can speak to devices, and is at an address that has a name: numbers end in a digit or a bracket.
    pub fn able() -> bool {
        let knows = part(&window(), "PublicKeyCredential")
            .and_then(|class| part(&class, "parseRequestOptionsFromJSON"))
            .is_ok_and(|reads| reads.is_function());
        let host = window().location().hostname().unwrap_or_default();
        knows && host.ends_with(|last: char| last.is_ascii_alphabetic())
    }

    async fn answer(make: bool, options: &str) -> Result<String, JsValue> {
        let (reads, asks) = match make {
            true => ("parseCreationOptionsFromJSON", "create"),
            false => ("parseRequestOptionsFromJSON", "get"),
        };
        let class = part(&window(), "PublicKeyCredential")?;
        let wish = Object::new();
        Reflect::set(&wish, &"publicKey".into(), &call(&class, reads, &JSON::parse(options)?)?)?;
        let devices = part(&window().navigator(), "credentials")?;
        let promise: Promise = call(&devices, asks, &wish)?.dyn_into()?;
        let credential = JsFuture::from(promise).await?;
        Ok(JSON::stringify(&call(&credential, "toJSON", &JsValue::UNDEFINED)?)?.into())
    }

    /// Asks the device to make a passkey, or to show one. No fault where the reader said no or let the time pass: browsers do
    /// not tell which, nor whether there is a passkey at all.
    pub async fn ask(make: bool, options: &str) -> Result<String, Option<PasskeyFault>> {
        answer(make, options).await.map_err(|error| {
            let name = part(&error, "name").ok().and_then(|name| name.as_string());
            match name.as_deref() {
                Some("InvalidStateError") => Some(PasskeyFault::Known),
                Some("SecurityError") => Some(PasskeyFault::NoName),
                _ => None,
            }
        })
    }
}

#[cfg(feature = "hydrate")]
pub use browser::{able, ask};

/// There is no device on the server.
#[cfg(not(feature = "hydrate"))]
pub fn able() -> bool {
    false
}

/// There is no device on the server.
#[cfg(not(feature = "hydrate"))]
pub async fn ask(_make: bool, _options: &str) -> Result<String, Option<PasskeyFault>> {
    Err(None)
}
