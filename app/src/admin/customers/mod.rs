//! `/admin/{org}/partner/customers`: the partner's customers.

pub mod api;

use super::of_org;
use crate::{
    data::Data,
    parts::{
        bulk::choose_path,
        customers::{CustomerResults, CustomerSearch, Listed, address, address_with},
        live::use_changes,
        trial::Extending,
        verify::VerifyDialog,
    },
    t,
    ui::{ButtonVariant, Glyph, LinkButton, PageHeader},
    wire::me,
};
use kontor::{
    kernel::{id::OrgId, right::Feature},
    mapping::CustomerQuery,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// `/admin/{org}/partner/customers`
#[component]
pub fn CustomersPage() -> impl IntoView {
    of_org(|org| {
        let base = format!("/admin/{org}/partner/customers");
        view! { <PartnerCustomers org base/> }.into_any()
    })
}

/// The page of a partner's customers, in its console and in its store.
#[component]
pub fn PartnerCustomers(
    /// The partner.
    org: OrgId,
    /// The page's address without a query.
    base: String,
) -> impl IntoView {
    let search = use_location().search;
    let query = Memo::new(move |_| CustomerQuery::from_query(&search.get()));
    let me = me();
    let may = |feature| me.places.iter().any(|p| p.org == org && p.features.has(feature));
    let adds = may(Feature::CustomersAdd);
    // What is sold is changed in the store.
    let in_store = base.starts_with("/store/");
    let subscriptions = in_store && may(Feature::CustomersView);
    let payments = may(Feature::PaymentsView).then(|| match in_store {
        true => format!("/store/{org}/payments"),
        false => format!("/admin/{org}/partner/payments"),
    });
    let many = in_store && may(Feature::SubsChange);
    let add = adds.then(|| format!("/admin/{org}/partner/customers/new"));
    let (list, new) = (base.clone(), add.clone());
    let extending = Extending::provide();
    let changes = use_changes(org, &["customer", "domain", "subscription", "organisation", "user"]);
    let resource = Data::new(
        move || (query.get(), changes.get(), extending.answers().get()),
        move |(query, ..)| {
            let (base, add, payments) = (list.clone(), new.clone(), payments.clone());
            async move {
                let page = api::customers(org, query.to_query()).await?;
                Ok(Listed { base, query, page, partner: Some(org), add, subscriptions, payments })
            }
        },
    );
    let list = base.clone();
    let export = move || address_with(&list, &query.get().first(), "format=csv");
    view! {
        <Title text=t::customers::title()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::customers::title() description=t::customers::description()>
                {move || view! {
                    <LinkButton label=t::customers::export() href=export() icon=Glyph::Download rel="external"/>
                }}
                {many.then_some(move || view! {
                    <LinkButton label=t::customers::change_many() href=address(&choose_path(org), &query.get().first())/>
                })}
                {add.map(|href| view! {
                    <LinkButton label=t::customers::add() href icon=Glyph::Plus variant=ButtonVariant::Primary/>
                })}
            </PageHeader>
            // Without script an open dialog is a section of the page: before the list nobody has to look for it.
            <VerifyDialog org/>
            <CustomerSearch base=Signal::stored(base) query=query.into()/>
            <CustomerResults resource/>
        </main>
    }
    .into_any()
}
