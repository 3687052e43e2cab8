//! `/admin/{org}/partner/payments`: payment reports of the partner console, and the store's `/store/{org}/payments`: the same
//! payments, seen from either side.

use super::use_org;
use crate::{
    data::Data,
    parts::{
        load::{Failed, Loaded},
        payments::{OfCustomer, PaymentFilters, PaymentTable, Reader, api},
    },
    t,
    ui::PageHeader,
};
use kontor::{
    Error,
    kernel::id::OrgId,
    payment::{PaymentPage, PaymentQuery},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_query_map};

/// `/admin/{org}/partner/payments` and `/store/{org}/payments`
#[component]
pub fn PaymentsPage() -> impl IntoView {
    let org = use_org();
    move || match org.get() {
        Some(org) => view! { <Payments org/> }.into_any(),
        None => {
            view! { <main id="content" class="content"><Failed error=Error::NotFound/></main> }.into_any()
        }
    }
}

#[component]
fn Payments(
    /// The partner.
    org: OrgId,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query
            .with(|q| PaymentQuery::from_pairs(q.latest_values().map(|(name, value)| (name.as_ref(), value))))
    });
    let path = use_location().pathname;
    let page = Data::new(
        move || (asked.get(), path.get()),
        move |(query, path)| async move {
            api::payments(org, query.clone()).await.map(|page| (org, path, query, page))
        },
    );
    let in_store = path.get_untracked().starts_with("/store/");
    let title = if in_store { t::store::nav_payments() } else { t::admin::nav_payments() };
    view! {
        <Title text=title/>
        <main id="content" class="content stack">
            <PageHeader heading=title description=t::payment::store_text()/>
            <Loaded resource=page view=|(org, path, query, page)| {
                view! { <Shown org path query page/> }.into_any()
            }/>
        </main>
    }
    .into_any()
}

#[component]
fn Shown(
    /// The partner.
    org: OrgId,
    /// The page's path.
    path: String,
    /// What is looked for.
    query: PaymentQuery,
    /// The payments.
    page: PaymentPage,
) -> impl IntoView {
    view! {
        {page.customer.clone().map(|customer| view! {
            <OfCustomer path=path.clone() query=query.clone() customer/>
        })}
        <PaymentFilters path=path.clone() query=query.clone()/>
        <PaymentTable path query page reader=Reader::Partner(org)/>
    }
    .into_any()
}
