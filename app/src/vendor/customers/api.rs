//! Server functions of the vendor's list of customers.

#[cfg(feature = "ssr")]
use crate::wire::serve;
use crate::wire::{Api, ApiError, Call};
use kontor::mapping::CustomerPage;
use leptos::prelude::*;

/// One page of everybody's customers; `query` is the query string of the list's address.
#[server(prefix = "/api/vendor", endpoint = "customers", client = Api, protocol = Call)]
pub async fn all_customers(#[server(default)] query: String) -> Result<CustomerPage, ApiError> {
    use kontor::mapping::{CustomerQuery, service};
    serve(|cx| async move {
        let actor = cx.staff().await?;
        service::customers(&cx.kontor, &actor, &CustomerQuery::from_query(&query)).await
    })
    .await
}

/// Takes the mark of a disputed payment from a customer.
#[server(prefix = "/api/vendor", endpoint = "lift_flag", client = Api, protocol = Call)]
pub async fn lift_flag(customer: kontor::kernel::id::OrgId) -> Result<(), ApiError> {
    serve(|cx| async move {
        let staff = cx.staff().await?;
        kontor::subscription::service::lift_flag(&cx.kontor, &staff, customer).await?;
        cx.done("flag_lifted");
        crate::wire::redirect("/vendor/customers");
        Ok(())
    })
    .await
}
