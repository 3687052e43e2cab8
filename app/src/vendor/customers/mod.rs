//! `/vendor/customers`: the customers of all partners.

pub mod api;

use crate::{
    data::Data,
    parts::customers::{CustomerResults, CustomerSearch, Listed, address_with},
    t,
    ui::{Glyph, LinkButton, PageHeader},
};
use kontor::mapping::CustomerQuery;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// The list's address.
const BASE: &str = "/vendor/customers";

/// `/vendor/customers`
#[component]
pub fn AllCustomersPage() -> impl IntoView {
    let search = use_location().search;
    let query = Memo::new(move |_| CustomerQuery::from_query(&search.get()));
    let resource = Data::new(
        move || query.get(),
        |query| async move {
            let page = api::all_customers(query.to_query()).await?;
            Ok(Listed {
                base: BASE.to_owned(),
                query,
                page,
                partner: None,
                add: None,
                subscriptions: false,
                payments: None,
            })
        },
    );
    view! {
        <Title text=t::customers::all_title()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::customers::all_title() description=t::customers::all_description()>
                {move || {
                    let href = address_with(BASE, &query.get().first(), "format=csv");
                    view! { <LinkButton label=t::customers::export() href icon=Glyph::Download rel="external"/> }
                }}
            </PageHeader>
            <CustomerSearch base=Signal::stored(BASE.to_owned()) query=query.into()/>
            <CustomerResults resource/>
        </main>
    }
    .into_any()
}
