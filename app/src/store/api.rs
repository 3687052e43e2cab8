//! Server functions of the Partner Store.

use crate::wire::{Api, ApiError};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
use kontor::{kernel::id::OrgId, mapping::Greeting, organisation::Place};
use leptos::prelude::*;

/// The reader's partners; leads on if there is only one.
#[server(prefix = "/api/store", endpoint = "places", client = Api)]
pub async fn places() -> Result<Vec<Place>, ApiError> {
    use kontor::kernel::right::OrgKind;
    serve(|cx| async move {
        let mut places = kontor::organisation::service::my_organisations(&cx.kontor, &cx.viewer).await?;
        places.retain(|p| p.kind == OrgKind::Partner);
        if let [only] = places.as_slice() {
            redirect(&format!("/store/{}", only.org));
        }
        Ok(places)
    })
    .await
}

/// What greets a partner.
#[server(name = GreetingCall, prefix = "/api/store", endpoint = "greeting", client = Api)]
pub async fn greeting(org: OrgId) -> Result<Greeting, ApiError> {
    serve(|cx| async move { kontor::mapping::service::greeting(&cx.kontor, &cx.actor(org).await?).await })
        .await
}
