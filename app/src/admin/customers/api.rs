//! Server functions of the partner's list of customers.

#[cfg(feature = "ssr")]
use crate::wire::serve;
use crate::wire::{Api, ApiError, Call};
use kontor::{kernel::id::OrgId, mapping::CustomerPage};
use leptos::prelude::*;

/// One page of a partner's customers; `query` is the query string of the list's address.
#[server(prefix = "/api/admin", endpoint = "customers", client = Api, protocol = Call)]
pub async fn customers(org: OrgId, #[server(default)] query: String) -> Result<CustomerPage, ApiError> {
    use kontor::{
        kernel::right::Feature,
        mapping::{CustomerQuery, service},
    };
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        // Staff see the customers of all partners at an address of their own.
        actor.require(Feature::CustomersView)?;
        service::customers(&cx.kontor, &actor, &CustomerQuery::from_query(&query)).await
    })
    .await
}
