//! A customer as a card (domain.md section 12).

use super::{acts::acts, words};
use crate::{
    i18n, t,
    ui::{Badge, Button, ButtonSize, Fact, Facts, LinkButton, Tone},
    wire::{Place, me},
};
use kontor::{
    kernel::{
        id::OrgId,
        right::{Feature, OrgKind},
    },
    mapping::CustomerCard,
};
use leptos::prelude::*;

/// The call that takes the mark of a disputed payment from a customer.
const LIFT: &str = "/api/vendor/lift_flag";

/// The badges of a customer.
pub fn badges(card: &CustomerCard) -> impl IntoView + use<> {
    let (label, tone) = words::status(card.status);
    view! {
        <span class="row">
            {(!card.verified).then(|| view! { <Badge label=t::customers::unverified() tone=Tone::Warning/> })}
            <Badge label tone/>
            {card.flagged.then(|| view! { <Badge label=t::customers::flagged() tone=Tone::Danger/> })}
        </span>
    }
}

/// The day a trial or term ends, and what is left of a trial.
pub fn renewal(card: &CustomerCard) -> impl IntoView + use<> {
    let left = words::days_left(card);
    match card.ends_on {
        None => view! { {t::customers::none()} }.into_any(),
        Some(day) => view! {
            <time datetime=day.to_string()>{i18n::date(day)}</time>
            {left.map(|left| view! { " "<span class="muted nowrap">{left}</span> })}
        }
        .into_any(),
    }
}

/// A customer's card: an article named by the organisation.
#[component]
pub fn CustomerArticle(
    /// The customer.
    card: CustomerCard,
    /// The partner whose list it is, if it is one's.
    #[prop(optional_no_strip)]
    partner: Option<OrgId>,
    /// Whether it leads to the customer's subscription.
    subscriptions: bool,
    /// The list of payments that it leads to.
    #[prop(optional_no_strip)]
    payments: Option<String>,
) -> impl IntoView {
    let title = format!("customer-{}", card.org);
    let (id, payments) = (title.clone(), payments.as_deref());
    let acts = partner.and_then(|partner| acts(partner, &card, title, subscriptions, payments));
    let of_all = card.partner.clone();
    let (badges, renewal, licences) = (badges(&card), renewal(&card), words::licences(&card));
    let CustomerCard { org, name, domains, admin_email, plan, term, flagged, .. } = card;
    let finance = |place: &Place| place.kind == OrgKind::Vendor && place.features.has(Feature::FinanceManage);
    let lifts = flagged && partner.is_none() && me().places.iter().any(finance);
    let enters = |place: &Place| place.kind == OrgKind::Vendor && place.features.has(Feature::BreakGlass);
    let enter = (partner.is_none() && me().places.iter().any(enters)).then(|| {
        view! {
            <div class="card-actions">
                <LinkButton label=t::access::break_link() href=format!("/vendor/customers/{org}/enter")
                    size=ButtonSize::Small described_by=id.clone()/>
            </div>
        }
    });
    let id_of = id.clone();
    let label = name.clone();
    view! {
        <article class="card" aria-label=label>
            <div class="card-head"><h2 class="card-title" id=id dir="auto">{name}</h2>{badges}</div>
            <Facts>
                {of_all.map(|(_, name)| view! { <Fact name=t::customers::partner()>{name}</Fact> })}
                <Fact name=t::customers::domain()>{domains.join(", ")}</Fact>
                <Fact name=t::customers::super_admin()>{admin_email}</Fact>
                <Fact name=t::customers::plan()>{plan.name()}</Fact>
                <Fact name=t::customers::licences()><span class="num">{licences}</span></Fact>
                <Fact name=t::customers::term()>{words::term(term)}</Fact>
                <Fact name=t::customers::renewal_date()>{renewal}</Fact>
            </Facts>
            {acts.map(|acts| view! { <div class="card-actions">{acts}</div> })}
            {enter}
            {lifts.then(|| view! {
                <form class="card-actions" method="post" action=LIFT>
                    <input type="hidden" name="customer" value=org.to_string()/>
                    <Button label=t::customers::lift_flag() size=ButtonSize::Small described_by=id_of/>
                </form>
            })}
        </article>
    }
    .into_any()
}
