//! A subscription as its partner and its organisation see it: what it is, what is planned, what was, and a form for what is
//! wished. One view for the store and the console.

mod ahead;
pub mod api;
mod changes;
mod debts;
mod preview;
mod rule;
mod wish;
pub mod words;

use crate::{
    data::Data,
    i18n, message,
    parts::load::Loaded,
    t,
    ui::{Badge, Callout, Card, Fact, Facts, Tone},
};
use ahead::Ahead;
use changes::{History, Open};
use debts::Debts;
use kontor::{
    Error,
    kernel::{
        id::{ChangeId, OrgId},
        money::Money,
    },
    subscription::{
        Account, ChangeForm, Preview,
        authority::{Say, Side},
    },
};
use leptos::prelude::*;
use preview::PreviewCard;
use rule::{RuleForm, told};
use serde::{Deserialize, Serialize};
use wish::WishForm;

/// What the page shows besides the subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// The organisation in whose name the reader stands here.
    pub org: OrgId,
    /// The subscription.
    pub account: Account,
    /// What was wished, and what it would cost, or why it cannot be.
    pub wish: Option<(ChangeForm, Result<Preview, Error>)>,
    /// A proposal the reader is about to approve.
    pub answering: Option<(ChangeId, i64)>,
}

/// Where the page is, and which calls it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The page's path.
    pub path: String,
    /// `/api/store` or `/api/admin`.
    pub calls: &'static str,
    /// The organisation in whose name the reader stands here.
    pub org: OrgId,
    /// Whose subscription.
    pub customer: OrgId,
}

/// Everything about a subscription.
#[component]
pub fn SubscriptionDesk(
    /// What a server function answers.
    resource: Data<Desk>,
) -> impl IntoView {
    view! { <Loaded resource=resource view=|desk| view! { <Shown desk/> }.into_any()/> }
}

#[component]
fn Shown(
    /// What is shown.
    desk: Desk,
) -> impl IntoView {
    let Desk { org, account, wish, answering } = desk;
    let at_home = org == account.org;
    let place = Place {
        path: match at_home {
            true => format!("/admin/{org}/subscription"),
            false => format!("/store/{org}/customers/{}", account.org),
        },
        calls: if at_home { "/api/admin" } else { "/api/store" },
        org,
        customer: account.org,
    };
    let side = account.side;
    let found = wish.map(|(form, found)| match found {
        Ok(preview) => {
            let place = place.clone();
            view! { <PreviewCard place side preview form answering/> }.into_any()
        }
        Err(error) => view! {
            <Callout tone=Tone::Danger live=true><p>{message::error(&error)}</p></Callout>
        }
        .into_any(),
    });
    let open = account.open.clone();
    let history = account.history.clone();
    let may_wish = account.changes && account.blocked.is_none() && answering.is_none();
    let early = account.changes && account.early;
    let ahead = (answering.is_none() && (early || account.other_payer.is_some()))
        .then_some((early, account.other_payer));
    let blocked = account
        .blocked
        .clone()
        .filter(|_| account.changes)
        .map(|refusal| view! { <Callout><p>{message::refusal(&refusal)}</p></Callout> });
    let rule = account.rule.filter(|_| account.changes);
    let (laid_down, says) = match side {
        Side::Partner => (rule, None),
        _ => (None, rule.and_then(told)),
    };
    view! {
        {found}
        <Debts place=place.clone() account=account.clone()/>
        <Now account=account.clone()/>
        {(!open.is_empty()).then(|| view! { <Open place=place.clone() changes=open/> })}
        {blocked}
        {says.map(|text| view! { <Callout><p>{text}</p></Callout> })}
        {ahead.map(|(early, other_payer)| view! { <Ahead place=place.clone() early other_payer/> })}
        {may_wish.then(|| view! { <WishForm place=place.clone() account=account.clone()/> })}
        {laid_down.map(|rule| view! { <RuleForm place=place.clone() rule/> })}
        {(!history.is_empty()).then(|| view! { <History place changes=history/> })}
    }
    .into_any()
}

/// What is.
#[component]
fn Now(
    /// The subscription.
    account: Account,
) -> impl IntoView {
    let (status, tone) = crate::admin::words::subscription(account.status);
    let terms = account.terms;
    let used = i18n::number(account.people);
    let price = account.contract.map(|contract| {
        let per = words::per_term(terms.term);
        format!("{} {per}", i18n::money(Money::new(contract.value(), contract.currency)))
    });
    let currency = account.contract.map(|c| c.currency);
    let next = account.next.zip(currency).map(|(next, currency)| {
        let total = i18n::money(Money::new(next.total, currency));
        t::subscription::next_renewal(i18n::date(next.on), total)
    });
    let ends = account.ends_on.filter(|_| account.contract.is_some() || account.payer.is_some());
    let ends = ends.map(|day| match account.auto_renew {
        true => (t::subscription::term_ends(), i18n::date(day)),
        false => (t::subscription::ends_on(), i18n::date(day)),
    });
    let bought =
        account.bought.map(|(from, until)| t::subscription::bought_span(i18n::date(from), i18n::date(until)));
    view! {
        <Card heading=terms.plan.name() id="now-heading" aside=move || view! { <Badge label=status tone/> }>
            <Facts wide=true>
                <Fact name=t::admin::licences_total()>{i18n::number(terms.seats)}</Fact>
                <Fact name=t::admin::licences_used()>{used}</Fact>
                {(terms.addon_units > 0).then(|| view! {
                    <Fact name=t::field::addon_units()>{i18n::number(terms.addon_units)}</Fact>
                })}
                <Fact name=t::field::term()>{crate::admin::words::term(terms.term)}</Fact>
                {account.payer.map(|payer| view! {
                    <Fact name=t::field::payer()>{words::payer(payer)}</Fact>
                })}
                {price.map(|price| view! { <Fact name=t::subscription::list_price()>{price}</Fact> })}
                {ends.map(|(name, day)| view! { <Fact name=name>{day}</Fact> })}
                {bought.map(|span| view! { <Fact name=t::subscription::bought()>{span}</Fact> })}
                {next.map(|next| view! { <Fact name=t::subscription::next()>{next}</Fact> })}
                {account.partner.map(|name| view! {
                    <Fact name=t::admin::looked_after_by()><span dir="auto">{name}</span></Fact>
                })}
                {account.intended.filter(|_| account.payer.is_none()).map(|terms| view! {
                    <Fact name=t::admin::intended()>{words::terms(&terms)}</Fact>
                })}
            </Facts>
        </Card>
    }
    .into_any()
}

/// Whether a wish is decided or proposed, as the heading of its preview.
fn heading(say: Say, side: Side, answering: bool) -> &'static str {
    match (say, side, answering) {
        (_, _, true) => t::subscription::approve_title(),
        (Say::Decides, ..) => t::subscription::preview_title(),
        (Say::Proposes, Side::Partner | Side::Programme, _) => t::subscription::propose_title(),
        (Say::Proposes, Side::Customer, _) => t::subscription::propose_partner_title(),
    }
}
