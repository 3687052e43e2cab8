//! The cards of an organisation. No number of a card is ever typed here: a provider keeps it.

use super::api;
use crate::{
    data::Data,
    form::{Problems, plain_form},
    parts::load::Loaded,
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Card, EmptyState, Glyph, LinkButton, RadioOption,
        Radios, Tone,
    },
};
use kontor::{kernel::id::OrgId, payment::Cards, subscription::MethodView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The call that keeps a card.
const KEEP: &str = "/api/admin/keep_card";

/// The call that makes the provider's page ready.
const BEGIN: &str = "/api/admin/begin_card";

/// An organisation's cards.
#[component]
pub fn CardsPart(
    /// Whose.
    org: OrgId,
) -> impl IntoView {
    let cards = Data::new(|| (), move |()| api::cards(org));
    view! {
        <Loaded resource=cards view=|cards| view! { <Shown cards/> }.into_any()/>
    }
}

#[component]
fn Shown(
    /// The cards.
    cards: Cards,
) -> impl IntoView {
    let Cards { org, methods, scripts, elsewhere } = cards;
    let form = plain_form(KEEP);
    // Coming back from the provider's page; keeping the card is a step of its own, for a reload must not do it again.
    let setup = use_query_map().with_untracked(|q| q.get("setup")).filter(|s| !s.is_empty());
    let back = setup.map(|setup| {
        view! {
            <Callout>
                <form method="post" action=KEEP class="row">
                    <input type="hidden" name="org" value=org.to_string()/>
                    <input type="hidden" name="setup" value=setup/>
                    <span>{t::payment::entered()}</span>
                    <Button label=t::payment::keep() variant=ButtonVariant::Primary/>
                </form>
            </Callout>
        }
    });
    let none = methods.is_empty();
    let rows = methods.into_iter().map(|method| view! { <Line org method/> }).collect_view();
    let choose = (!scripts.is_empty()).then(|| {
        let options = scripts
            .iter()
            .map(|script| RadioOption::new(script.key(), super::words::script(*script)))
            .collect::<Vec<_>>();
        view! {
            <form class="form" method="post" action=KEEP novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <p class="muted">{t::payment::demo_cards()}</p>
                <Radios name="setup" legend=t::payment::new_card() options selected="approve"/>
                <div class="row"><Button label=t::payment::add_card()/></div>
            </form>
        }
    });
    let begun = plain_form(BEGIN);
    let page = begun.value(api::PROVIDER_PAGE);
    let enter = elsewhere.then(|| match page.is_empty() {
        false => view! {
            <Callout live=true>
                <p>{t::payment::provider_page()}</p>
                <LinkButton label=t::payment::to_provider() href=page variant=ButtonVariant::Primary rel="external"/>
            </Callout>
        }
        .into_any(),
        true => view! {
            <form method="post" action=BEGIN>
                <input type="hidden" name="org" value=org.to_string()/>
                <p class="muted">{t::payment::elsewhere()}</p>
                <Button label=t::payment::add_card()/>
            </form>
        }
        .into_any(),
    });
    view! {
        <Card heading=t::payment::cards() id="cards-heading">
            {back}
            <Problems form/>
            <Problems form=begun/>
            {none.then(|| view! {
                <EmptyState glyph=Glyph::Payment heading=t::payment::no_card() text=t::payment::no_card_text()/>
            })}
            {(!none).then(|| view! { <ul class="stack">{rows}</ul> })}
            {choose}
            {enter}
        </Card>
    }
    .into_any()
}

#[component]
fn Line(
    /// Whose.
    org: OrgId,
    /// The card.
    method: MethodView,
) -> impl IntoView {
    let name = t::subscription::card(&method.brand, &method.last4);
    let (month, year) = method.expires;
    let until = t::subscription::card_expires(format!("{month:02}/{year}"));
    let id = method.id.to_string();
    let (prefer, remove) = (id.clone(), id);
    let badge = match (method.expired, method.is_default) {
        (true, _) => Some((t::payment::expired(), Tone::Danger)),
        (_, true) => Some((t::payment::usual(), Tone::Success)),
        _ => None,
    };
    view! {
        <li class="row">
            <span>{name}" "<span class="muted">{until}</span></span>
            {badge.map(|(label, tone)| view! { <Badge label tone/> })}
            {(!method.is_default).then(|| view! {
                <form method="post" action="/api/admin/prefer_card">
                    <input type="hidden" name="org" value=org.to_string()/>
                    <input type="hidden" name="method" value=prefer/>
                    <Button label=t::payment::prefer() size=ButtonSize::Small/>
                </form>
            })}
            <form method="post" action="/api/admin/remove_card">
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="method" value=remove/>
                <Button label=t::payment::remove() size=ButtonSize::Small variant=ButtonVariant::Quiet/>
            </form>
        </li>
    }
    .into_any()
}
