//! Server functions for passkeys.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::{
    account::api::{local, with_provider},
    wire::{cookie, pending, redirect, serve},
};
#[cfg(feature = "ssr")]
use kontor::{
    Error, Refusal,
    account::{PasskeyAnswer, service},
};
use kontor::{
    account::{PasskeyQuestion, PasskeyUse, PasskeyView},
    kernel::id::PasskeyId,
};
use leptos::prelude::*;

/// The call that adds a passkey.
pub const ADD: &str = "/api/account/add_passkey";
/// The call that a passkey is shown to.
pub const USE: &str = "/api/account/use_passkey";
/// The call that takes one away.
pub const REMOVE: &str = "/api/account/remove_passkey";

/// The reader's own passkeys.
#[server(prefix = "/api/account", endpoint = "passkeys", client = Api, protocol = Call)]
pub async fn passkeys() -> Result<Vec<PasskeyView>, ApiError> {
    serve(|cx| async move { service::own_passkeys(&cx.kontor, &cx.viewer).await }).await
}

/// Whether the reader may add one now.
#[server(prefix = "/api/account", endpoint = "passkey_ready", client = Api, protocol = Call)]
pub async fn passkey_ready() -> Result<(), ApiError> {
    serve(|cx| async move { service::passkey_ready(&cx.kontor, &cx.viewer).await }).await
}

/// What the device is to be asked, so that it makes a passkey.
#[server(prefix = "/api/account", endpoint = "begin_passkey", client = Api, protocol = Call)]
pub async fn begin_passkey(passkey_name: String) -> Result<PasskeyQuestion, ApiError> {
    serve(|cx| async move { service::begin_passkey(&cx.kontor, &cx.viewer, &passkey_name).await }).await
}

/// Adds what the device has made.
#[server(prefix = "/api/account", endpoint = "add_passkey", client = Api, protocol = Call)]
pub async fn add_passkey(
    #[server(default)] token: String,
    #[server(default)] credential: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::add_passkey(&cx.kontor, &cx.viewer, &PasskeyAnswer { token, credential }).await?;
        cx.done("passkey_added");
        redirect("/account#passkeys");
        Ok(())
    })
    .await
}

/// The passkey that is to be taken away.
#[server(prefix = "/api/account", endpoint = "passkey_leaves", client = Api, protocol = Call)]
pub async fn passkey_leaves(passkey: PasskeyId) -> Result<PasskeyView, ApiError> {
    serve(|cx| async move { service::passkey_leaves(&cx.kontor, &cx.viewer, passkey).await }).await
}

/// Takes it away.
#[server(prefix = "/api/account", endpoint = "remove_passkey", client = Api, protocol = Call)]
pub async fn remove_passkey(passkey: PasskeyId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::remove_passkey(&cx.kontor, &cx.viewer, passkey).await?;
        cx.done("passkey_removed");
        redirect("/account#passkeys");
        Ok(())
    })
    .await
}

/// What the device is to be asked, so that it shows a passkey.
#[server(prefix = "/api/account", endpoint = "ask_passkey", client = Api, protocol = Call)]
pub async fn ask_passkey(purpose: PasskeyUse) -> Result<PasskeyQuestion, ApiError> {
    serve(|cx| async move {
        let waiting = pending().map(|waiting| (waiting.session, waiting.account));
        service::ask_passkey(&cx.kontor, &cx.viewer, waiting, purpose).await
    })
    .await
}

/// Takes what the device has shown: signs in, passes the second step, or makes the session fresh, as it was asked for; then
/// goes on to `next`.
#[server(prefix = "/api/account", endpoint = "use_passkey", client = Api, protocol = Call)]
pub async fn use_passkey(
    #[server(default)] token: String,
    #[server(default)] credential: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let next = local(&next).unwrap_or("/home");
        let waiting = pending().map(|waiting| (waiting.session, waiting.account));
        let answer = PasskeyAnswer { token, credential };
        match service::show_passkey(&cx.kontor, &cx.viewer, waiting, &answer).await {
            Err(Error::Refused(Refusal::ProviderRequired { provider })) => {
                redirect(&with_provider(provider, next, ""));
                return Ok(());
            }
            Err(other) => return Err(other),
            Ok(Some(session)) => cookie::set_session(&session),
            Ok(None) => (),
        }
        redirect(next);
        Ok(())
    })
    .await
}
