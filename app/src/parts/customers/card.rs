//! A customer as a card (domain.md section 12).

use super::words;
use crate::{
    i18n, t,
    ui::{Badge, Fact, Facts, Tone},
};
use kontor::mapping::CustomerCard;
use leptos::prelude::*;

/// The badges of a customer.
pub fn badges(card: &CustomerCard) -> impl IntoView + use<> {
    let (label, tone) = words::status(card.status);
    view! {
        <span class="row">
            {(!card.verified).then(|| view! { <Badge label=t::customers::unverified() tone=Tone::Warning/> })}
            <Badge label tone/>
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
) -> impl IntoView {
    let (badges, renewal, licences) = (badges(&card), renewal(&card), words::licences(&card));
    let CustomerCard { name, partner, domains, admin_email, plan, term, .. } = card;
    let label = name.clone();
    view! {
        <article class="card" aria-label=label>
            <div class="card-head"><h2 class="card-title" dir="auto">{name}</h2>{badges}</div>
            <Facts>
                {partner.map(|(_, name)| view! { <Fact name=t::customers::partner()>{name}</Fact> })}
                <Fact name=t::customers::domain()>{domains.join(", ")}</Fact>
                <Fact name=t::customers::super_admin()>{admin_email}</Fact>
                <Fact name=t::customers::plan()>{plan.name()}</Fact>
                <Fact name=t::customers::licences()><span class="num">{licences}</span></Fact>
                <Fact name=t::customers::term()>{words::term(term)}</Fact>
                <Fact name=t::customers::renewal_date()>{renewal}</Fact>
            </Facts>
        </article>
    }
    .into_any()
}
