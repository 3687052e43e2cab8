//! What is not paid of a subscription, and what the reader can do about it: pay, or take the payment over.

use super::Place;
use crate::{
    form::{Problems, plain_form},
    i18n,
    parts::payments::PayWith,
    t::{self, subscription as s},
    ui::{Button, ButtonVariant, Callout, Card, LinkButton, Tone},
};
use kontor::subscription::{
    Account, OpenInvoice, SubscriptionStatus, TakeOver, authority::Side, change::Payer,
};
use leptos::prelude::*;

/// The call that takes over.
const TAKE_OVER: &str = "/api/admin/take_over";

/// The debts of a subscription.
#[component]
pub fn Debts(
    /// Where it is.
    place: Place,
    /// The subscription.
    account: Account,
) -> impl IntoView {
    use SubscriptionStatus::{Grace, PastDue, Suspended};
    let fails = matches!(account.status, PastDue | Grace | Suspended);
    let owed = account.owed.iter().map(|one| owes(&place, one, account.status)).collect_view();
    let by_partner = fails && account.side == Side::Customer && account.payer_behind == Some(Payer::Partner);
    let flagged = account.flagged && account.side == Side::Partner;
    let take_over = account.take_over.map(|offer| {
        let (org, key) = (place.org.to_string(), account.request_key.clone());
        view! { <Offered offer org key/> }
    });
    view! {
        {flagged.then(|| view! { <Callout tone=Tone::Warning><p>{s::flagged()}</p></Callout> })}
        {owed}
        {by_partner.then(|| view! {
            <Callout tone=Tone::Danger title=s::owes_title()><p>{s::owes_partner()}</p></Callout>
        })}
        {take_over}
    }
    .into_any()
}

fn owes(place: &Place, one: &OpenInvoice, status: SubscriptionStatus) -> AnyView {
    let (left, due) = (i18n::money(one.left), i18n::date(one.due_on));
    let text = match (one.own, one.late) {
        (true, true) => s::owes_own(due, left, &one.number),
        (true, false) => s::owes_own_open(due, left, &one.number),
        (false, true) => s::owes_customer(due, left, &one.number),
        (false, false) => return ().into_any(),
    };
    let surface = if place.calls == "/api/store" { "store" } else { "admin" };
    let href = format!("/{surface}/{}/invoices/{}", place.org, one.id);
    let (tone, title) =
        if one.late { (Tone::Danger, s::owes_title()) } else { (Tone::Info, t::payment::invoice()) };
    let suspended = one.late && status == SubscriptionStatus::Suspended;
    let button = match one.own {
        true => view! {
            <LinkButton label=t::invoice::pay(i18n::money(one.left)) href=format!("{href}#pay-heading")
                variant=ButtonVariant::Primary/>
        }
        .into_any(),
        false => view! { <LinkButton label=t::payment::invoice() href/> }.into_any(),
    };
    view! {
        <Callout tone title>
            <p>{text}</p>
            {suspended.then(|| view! { <p>{s::owes_suspended()}</p> })}
            <div class="row">{button}</div>
        </Callout>
    }
    .into_any()
}

#[component]
fn Offered(
    /// What it costs.
    offer: TakeOver,
    /// The organisation.
    org: String,
    /// Key of the form.
    key: String,
) -> impl IntoView {
    let form = plain_form(TAKE_OVER);
    let TakeOver { until, net, tax, tax_bp, total, methods, details_missing } = offer;
    let billing = format!("/admin/{org}/billing");
    let no_card = methods.iter().all(|method| method.expired);
    let ready = !no_card && !details_missing;
    let form_of = ready.then(|| {
        view! {
            <form class="form" method="post" action=TAKE_OVER novalidate>
                <input type="hidden" name="org" value=org/>
                <input type="hidden" name="total" value=total.minor.to_string()/>
                <input type="hidden" name="request_key" value=key/>
                <PayWith methods transfer=false chosen=form.value("method")/>
                <div class="row">
                    <Button label=s::take_over(i18n::money(total)) variant=ButtonVariant::Primary/>
                </div>
            </form>
        }
    });
    let billing_too = billing.clone();
    view! {
        <Card heading=s::take_over_title() id="take-over-heading">
            <p>{s::take_over_text(i18n::date(until))}</p>
            <p>
                {s::net()}" "{i18n::money(net)}", "{s::tax(i18n::percent(tax_bp))}" "{i18n::money(tax)}", "
                <strong>{s::total()}" "{i18n::money(total)}</strong>
            </p>
            {details_missing.then(|| view! {
                <Callout tone=Tone::Warning>
                    <p>{s::details_missing()}" "<a href=billing>{s::details_link()}</a></p>
                </Callout>
            })}
            {no_card.then(|| view! {
                <Callout tone=Tone::Warning>
                    <p>{s::take_over_no_card()}" "<a href=billing_too>{s::take_over_add_card()}</a></p>
                </Callout>
            })}
            <Problems form/>
            {form_of}
        </Card>
    }
    .into_any()
}
