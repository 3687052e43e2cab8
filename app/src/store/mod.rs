//! The Partner Store: the commercial side of a partner.

mod access;
mod access_list;
pub mod api;
mod bulk;
mod customer;
mod disputes;
mod frame;
mod mapping;
mod people;
mod roles;
mod services;

pub use access_list::AccessListPage;
pub use bulk::{BulkPage, BulkRunPage};
pub use customer::CustomerPage;
pub use disputes::{DisputesPage, OPEN_DISPUTE};
pub use frame::StoreFrame;
pub use mapping::{ASK_MANY, MappingPage};
pub use people::UsersPage;
pub use services::ServicesPage;

use crate::wire::me;
use crate::{
    admin::{Places, customers::PartnerCustomers, happened, of_org, words},
    data::Data,
    i18n,
    parts::{choice, customers::words as of_customers, load::Loaded, reports::Overview},
    t,
    ui::{
        Badge, ButtonVariant, Callout, Card, DataTable, EmptyState, Glyph, LinkButton, PageHeader, Stat, Tone,
    },
};
use kontor::{
    kernel::{id::OrgId, right::Feature},
    mapping::{CustomerQuery, CustomerStatus, Due, Facets, Greeting},
    organisation::ActivityRow,
    partner::PartnerStatus,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/store`
#[component]
pub fn StoreChooserPage() -> impl IntoView {
    let places = Data::new(|| (), |()| api::places());
    view! {
        <Title text=t::shell::store()/>
        <main id="content" class="content content-narrow stack-loose">
            <h1>{t::shell::store()}</h1>
            <Loaded resource=places view=|places| view! { <Places places to=frame::landing/> }.into_any()/>
        </main>
    }
}

/// `/store/{org}`
#[component]
pub fn StorePage() -> impl IntoView {
    of_org(|org| {
        let greeting = Data::new(|| (), move |()| api::greeting(org));
        view! {
            <Title text=t::shell::store()/>
            <main id="content" class="content stack-loose">
                <Loaded resource=greeting view=|greeting| view! { <Greet greeting/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

/// `/store/{org}/customers`
#[component]
pub fn CustomersPage() -> impl IntoView {
    of_org(|org| view! { <PartnerCustomers org base=format!("/store/{org}/customers")/> }.into_any())
}

#[component]
fn Greet(
    /// The partner.
    greeting: Greeting,
) -> impl IntoView {
    let org = greeting.partner;
    let status = choice::partner_status(greeting.status);
    let tone = choice::partner_status_tone(greeting.status);
    let add = format!("/admin/{org}/partner/customers/new");
    let none = greeting.facets.as_ref().is_some_and(|f| f.all + f.withdrawn == 0);
    let reports = !none && me().places.iter().any(|p| p.org == org && p.features.has(Feature::ReportsView));
    let adds = greeting.adds && greeting.status.is_in_business();
    let description =
        t::store::description(choice::partner_type(greeting.partner_type), choice::tier(greeting.tier));
    view! {
        <PageHeader heading=t::store::welcome(&greeting.name) description
            aside=move || view! { <Badge label=status tone/> }>
            {adds.then(|| view! {
                <LinkButton label=t::admin::nav_add() href=add.clone() icon=Glyph::Plus variant=ButtonVariant::Primary/>
            })}
            <LinkButton label=t::catalogue::services_title() href=format!("/store/{org}/services")/>
            <LinkButton label=t::store::open_console() href=format!("/admin/{org}/partner/customers")/>
        </PageHeader>
        {(!matches!(greeting.status, PartnerStatus::Active | PartnerStatus::Onboarding)).then(|| view! {
            <Callout tone=Tone::Warning><p>{t::refusal::partner_inactive()}</p></Callout>
        })}
        {none.then(|| view! {
            <EmptyState glyph=Glyph::Building heading=t::store::first_title() text=t::store::first_text()>
                {adds.then(|| view! {
                    <LinkButton label=t::admin::nav_add() href=format!("/admin/{org}/partner/customers/new")
                        variant=ButtonVariant::Primary/>
                })}
            </EmptyState>
        })}
        {greeting.facets.filter(|_| !none).map(|facets| view! { <Figures org facets/> })}
        {reports.then(|| view! { <Overview org/> })}
        {(!greeting.latest.is_empty()).then(|| view! { <Latest rows=greeting.latest/> })}
    }
    .into_any()
}

#[component]
fn Figures(
    /// The partner.
    org: OrgId,
    /// How many customers each filter shows.
    facets: Facets,
) -> impl IntoView {
    let list = move |query: CustomerQuery| match query.to_query() {
        query if query.is_empty() => format!("/admin/{org}/partner/customers"),
        query => format!("/admin/{org}/partner/customers?{query}"),
    };
    let all = CustomerQuery::default;
    let statuses = CustomerStatus::ALL
        .iter()
        .map(|status| {
            let query = CustomerQuery { status: Some(*status), ..all() };
            let (label, _) = of_customers::status(*status);
            view! { <Stat label value=i18n::number(facets.in_status(*status)) href=list(query)/> }
        })
        .collect_view();
    let trials = facets.due_in(Due::Trial);
    let renewals = facets.due_in(Due::Renewal);
    let unverified = facets.unverified;
    view! {
        <section class="stack" aria-labelledby="attention-heading">
            <h2 id="attention-heading">{t::store::attention()}</h2>
            <div class="stat-grid">
                <Stat label=t::store::trials_ending() value=i18n::number(trials) note=t::store::within_days(7)
                    href=list(CustomerQuery { due: Some(Due::Trial), ..all() })/>
                <Stat label=t::store::renewals_due() value=i18n::number(renewals) note=t::store::within_days(30)
                    href=list(CustomerQuery { due: Some(Due::Renewal), ..all() })/>
                <Stat label=t::store::unverified() value=i18n::number(unverified)
                    href=list(CustomerQuery { verified: Some(false), ..all() })/>
            </div>
        </section>
        <section class="stack" aria-labelledby="customers-heading">
            <h2 id="customers-heading">{t::store::by_status()}</h2>
            <div class="stat-grid">
                <Stat label=t::store::all_customers() value=i18n::number(facets.all) href=list(all())/>
                {statuses}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Latest(
    /// The latest events.
    rows: Vec<ActivityRow>,
) -> impl IntoView {
    view! {
        <Card heading=t::store::latest() id="latest-heading">
            <DataTable caption=t::store::latest() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::admin::when()}</th>
                        <th scope="col">{t::admin::what()}</th>
                        <th scope="col">{t::admin::target()}</th>
                        <th scope="col">{t::admin::who()}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows.into_iter().map(|event| view! {
                        <tr>
                            <td class="nowrap">{i18n::date_time(event.at)}</td>
                            <td>{happened(&event.action)}</td>
                            <td dir="auto">{event.target}</td>
                            <td>{words::actor(&event.actor)}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}
