//! `/store/{org}/services`: what is on sale, what it holds, and what it costs the customer and the partner.

use super::api;
use crate::{
    admin::{use_org, words},
    data::Data,
    i18n,
    parts::{
        catalogue::{Currencies, item, per_month, storage, users},
        load::{Failed, Loaded},
    },
    t,
    ui::{Callout, DataTable, EmptyState, Glyph, LinkButton, PageHeader},
};
use kontor::{
    Error,
    catalogue::{AddOnOffer, Offered, PlanOffer, StoreCatalogue},
    kernel::money::{Currency, Money},
    partner::PartnerType,
    subscription::Term,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The terms, in the order they are compared.
const TERMS: [Term; 2] = [Term::Yearly, Term::Monthly];

/// `/store/{org}/services`
#[component]
pub fn ServicesPage() -> impl IntoView {
    let org = use_org();
    let query = use_query_map();
    let currency = Memo::new(move |_| query.with(|q| q.get("currency")).unwrap_or_default());
    view! {
        <Title text=t::catalogue::services_title()/>
        <main id="content" class="content stack-loose">
            {move || match org.get() {
                Some(org) => {
                    let services =
                        Data::new(move || currency.get(), move |currency| api::services(org, currency));
                    view! {
                        <PageHeader heading=t::catalogue::services_title()
                            description=t::catalogue::services_text()>
                            <LinkButton label=t::shell::store() href=format!("/store/{org}")/>
                        </PageHeader>
                        <Loaded resource=services view=|services| view! { <Shown services/> }.into_any()/>
                    }
                    .into_any()
                }
                None => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Shown(
    /// What is on sale.
    services: StoreCatalogue,
) -> impl IntoView {
    if services.plans.is_empty() && services.currencies.len() < 2 {
        return view! {
            <EmptyState glyph=Glyph::Grid heading=t::catalogue::no_services_title()
                text=t::catalogue::no_services_text()/>
        }
        .into_any();
    }
    let StoreCatalogue { org, currency, currencies, rate_bp, partner_type, plans, addons } = services;
    let rate = i18n::percent(rate_bp);
    let terms = match partner_type {
        PartnerType::Reseller => t::catalogue::terms_reseller(rate),
        PartnerType::Referral => t::catalogue::terms_referral(rate),
    };
    let path = format!("/store/{org}/services");
    view! {
        <Callout><p>{terms}</p></Callout>
        <Currencies path all=currencies current=currency/>
        {match plans.is_empty() {
            true => view! {
                <EmptyState glyph=Glyph::Grid heading=t::catalogue::no_services_title()
                    text=t::catalogue::no_services_in(currency)/>
            }.into_any(),
            false => view! { <Plans plans currency partner_type/> }.into_any(),
        }}
        {(!addons.is_empty()).then(|| view! { <AddOns addons currency partner_type/> })}
    }
    .into_any()
}

/// One way to look at a price: what it is called, and the amount.
type Figure = (&'static str, fn(Offered) -> i64);

/// What a price means to a partner, by row: the list price, and its own or its commission.
fn figures(partner_type: PartnerType) -> Vec<Figure> {
    let list: Figure = (t::catalogue::list_price(), |o| o.list);
    match partner_type {
        PartnerType::Reseller => vec![list, (t::catalogue::own_price(), Offered::own)],
        PartnerType::Referral => vec![list, (t::catalogue::commission(), |o| o.share)],
    }
}

fn money(minor: i64, currency: Currency) -> String {
    i18n::money(Money::new(minor, currency))
}

#[component]
fn Plans(
    /// The plans, the smallest first.
    plans: Vec<PlanOffer>,
    /// The currency.
    currency: Currency,
    /// What the partner may do.
    partner_type: PartnerType,
) -> impl IntoView {
    let heads = plans.iter().map(|offer| view! { <th scope="col" class="num">{offer.plan.name()}</th> });
    let heads = heads.collect_view();
    let line = |label: String, of: &dyn Fn(&PlanOffer) -> AnyView| {
        let cells = plans.iter().map(|offer| view! { <td class="num">{of(offer)}</td> }).collect_view();
        view! { <tr><th scope="row">{label}</th>{cells}</tr> }
    };
    let mut lines = Vec::new();
    for term in TERMS {
        for (figure, of) in figures(partner_type) {
            let label = t::catalogue::figure_of_term(figure, words::term(term));
            lines.push(line(label, &|offer| price(offer, term, of, currency)));
        }
    }
    let plain = |text: String| view! { {text} }.into_any();
    lines.push(line(t::catalogue::users().into(), &|offer| plain(users(offer.limits.users_max))));
    lines.push(line(t::catalogue::storage().into(), &|offer| plain(storage(offer.limits.storage_gb))));
    lines.push(line(t::catalogue::domains().into(), &|offer| plain(i18n::number(offer.limits.domains_max))));
    view! {
        <DataTable caption=t::catalogue::plans_in(currency)>
            <thead>
                <tr>
                    <th scope="col"><span class="visually-hidden">{t::catalogue::fact()}</span></th>
                    {heads}
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </DataTable>
    }
    .into_any()
}

/// A plan's price for a term, or why it has none: a plan sold by the year says so.
fn price(offer: &PlanOffer, term: Term, of: fn(Offered) -> i64, currency: Currency) -> AnyView {
    let why = |text: &'static str| view! { <span class="muted small">{text}</span> }.into_any();
    if !offer.plan.is_paid() {
        return why(t::catalogue::free());
    }
    let Some((_, offered)) = offer.prices.iter().find(|(sold, _)| *sold == term) else {
        return why(match offer.plan.terms().contains(&term) {
            true => t::catalogue::no_price(),
            false => t::catalogue::yearly_only(),
        });
    };
    let amount = of(*offered);
    let monthly = (term == Term::Yearly).then(|| per_month(amount, currency));
    view! {
        {money(amount, currency)}
        {monthly.map(|text| view! { <span class="beneath small">{text}</span> })}
    }
    .into_any()
}

#[component]
fn AddOns(
    /// The add-ons.
    addons: Vec<AddOnOffer>,
    /// The currency.
    currency: Currency,
    /// What the partner may do.
    partner_type: PartnerType,
) -> impl IntoView {
    let columns: Vec<_> = TERMS
        .into_iter()
        .flat_map(|term| figures(partner_type).into_iter().map(move |f| (term, f)))
        .collect();
    let heads = columns.iter().map(|(term, (figure, _))| {
        let label = t::catalogue::figure_of_term(figure, words::term(*term));
        view! { <th scope="col" class="num">{label}</th> }
    });
    let heads = heads.collect_view();
    let rows = addons.into_iter().map(|addon| {
        let cell = |(term, (_, of)): &(Term, Figure)| {
            let found = addon.prices.iter().find(|(sold, _)| sold == term);
            let text =
                found.map_or_else(|| t::catalogue::no_price().into(), |(_, o)| money(of(*o), currency));
            view! { <td class="num">{text}</td> }
        };
        let cells = columns.iter().map(cell).collect_view();
        view! { <tr><th scope="row">{item(addon.item)}</th>{cells}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <DataTable caption=t::catalogue::addons_in(currency)>
            <thead><tr><th scope="col">{t::catalogue::addon()}</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}
