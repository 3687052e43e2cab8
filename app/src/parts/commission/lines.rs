//! Lines of commission, and why each is what it is.

use super::{api, is_finance, nothing, path, words};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, DataTable, Dialog, Fact, Facts, Input, LinkButton, Select,
        Text,
    },
    wire::{ApiError, me},
};
use kontor::{
    commission::{LinePage, LineQuery, LineRow, LineState, LineView, SaleKind, Why as Reasons},
    kernel::{
        id::{CommissionId, OrgId},
        money::{Currency, Money},
        right::Feature,
    },
};
use leptos::prelude::*;

/// The filters of a list of lines. They ask the page itself.
#[component]
pub fn LineFilters(
    /// The page's path.
    path: String,
    /// What is looked for.
    query: LineQuery,
    /// The name of the customer that is looked for, where it is known.
    customer: Option<String>,
) -> impl IntoView {
    let everybody = address(&path, LineQuery { customer: None, after: None, ..query.clone() }.pairs());
    let only = query.customer.map(|_| {
        let name = customer.unwrap_or_else(|| t::commission::one_customer().to_owned());
        view! {
            <p>{t::commission::only_customer(name)} " " <a href=everybody>{t::commission::all_customers()}</a></p>
        }
    });
    let states = LineState::ALL.iter().map(|s| (Text::from(s.key()), Text::from(words::state(*s).0)));
    let kinds = SaleKind::ALL.iter().map(|k| (Text::from(k.key()), Text::from(words::kind(*k))));
    let of_payout = query.payout.map(|_| {
        let all = address(&path, LineQuery { payout: None, after: None, ..query.clone() }.pairs());
        view! { <p>{t::commission::only_payout()} " " <a href=all>{t::commission::all_lines()}</a></p> }
    });
    view! {
        {only}
        {of_payout}
        <form class="row" method="get" action=path>
            {query.customer.map(|org| view! { <input type="hidden" name="customer" value=org.to_string()/> })}
            {query.payout.map(|id| view! { <input type="hidden" name="payout" value=id.to_string()/> })}
            <Select name="state" label=t::commission::state() options=states.collect() placeholder=t::payment::all()
                selected=query.state.map(|s| s.to_string()).unwrap_or_default()/>
            <Select name="kind" label=t::commission::kind() options=kinds.collect() placeholder=t::payment::all()
                selected=query.kind.map(|k| k.to_string()).unwrap_or_default()/>
            <Input name="month" label=t::commission::month() hint=t::commission::month_hint() size=8
                value=query.month.map(|m| m.to_string()).unwrap_or_default()/>
            <Button label=t::payment::filter()/>
        </form>
    }
    .into_any()
}

/// A page of lines.
#[component]
pub fn LineTable(
    /// The partner.
    org: OrgId,
    /// The parameters of the page the lines are on, so that neither the next one nor an explanation leaves it.
    pairs: Vec<(&'static str, String)>,
    /// The lines.
    page: LinePage,
) -> impl IntoView {
    if page.rows.is_empty() {
        return nothing();
    }
    let next = page.next.map(|after| {
        let mut pairs = pairs.clone();
        pairs.retain(|(name, _)| *name != "after");
        pairs.push(("after", after.to_string()));
        address(&path(org), pairs)
    });
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            let mut pairs = pairs.clone();
            pairs.push(("line", row.id.to_string()));
            view! { <Line org row why=address(&path(org), pairs)/> }
        })
        .collect_view();
    view! {
        <DataTable caption=t::commission::lines() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::payment::date()}</th>
                    <th scope="col">{t::payment::customer()}</th>
                    <th scope="col">{t::commission::kind()}</th>
                    <th scope="col">{t::field::plan()}</th>
                    <th scope="col" class="num">{t::commission::base()}</th>
                    <th scope="col" class="num">{t::commission::rate()}</th>
                    <th scope="col" class="num">{t::commission::amount()}</th>
                    <th scope="col">{t::commission::state()}</th>
                    <th scope="col">{t::commission::available_on()}</th>
                    <th scope="col"><span class="visually-hidden">{t::payment::actions()}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
    }
    .into_any()
}

/// The customer's name; a partner is led to its page.
fn customer_link(partner: OrgId, customer: OrgId, name: String) -> AnyView {
    match is_finance() {
        true => view! { <span>{name}</span> }.into_any(),
        false => view! { <a href=format!("/store/{partner}/customers/{customer}")>{name}</a> }.into_any(),
    }
}

#[component]
fn Line(
    /// The partner.
    org: OrgId,
    /// The line.
    row: LineRow,
    /// Where it is explained.
    why: String,
) -> impl IntoView {
    let (label, tone) = words::state(row.state);
    let money = |minor: i64| i18n::money(Money::new(minor, row.currency));
    let id = row.id.to_string();
    let described = id.clone();
    view! {
        <tr>
            <td data-label=t::payment::date() class="nowrap">{i18n::date(row.earned_on)}</td>
            <th scope="row" id=id dir="auto">
                {customer_link(org, row.org, row.customer.clone())}
            </th>
            <td data-label=t::commission::kind()>{words::kind(row.kind)}</td>
            <td data-label=t::field::plan()>{row.plan.name()}</td>
            <td data-label=t::commission::base() class="num">{money(row.base)}</td>
            <td data-label=t::commission::rate() class="num">{i18n::percent(row.rate_bp)}</td>
            <td data-label=t::commission::amount() class="num">{money(row.amount)}</td>
            <td data-label=t::commission::state()><Badge label tone/></td>
            <td data-label=t::commission::available_on() class="nowrap">{i18n::date(row.available_on)}</td>
            <td>
                <LinkButton label=t::commission::why() href=why size=ButtonSize::Small described_by=described/>
            </td>
        </tr>
    }
    .into_any()
}

/// The arithmetic, step by step.
#[component]
pub fn Steps(
    /// Rule, reason and steps.
    why: Reasons,
    /// In which currency.
    currency: Currency,
) -> impl IntoView {
    let steps = why.steps.iter().map(|step| view! { <li>{words::step(step, currency)}</li> }).collect_view();
    view! {
        <p><strong>{words::rule(why.rule)}</strong></p>
        {why.reason.map(|reason| view! { <p>{words::reason(reason)}</p> })}
        {why.note.clone().map(|note| view! { <p dir="auto">{note}</p> })}
        <ol>{steps}</ol>
    }
    .into_any()
}

/// Why a line is what it is.
#[component]
pub fn Why(
    /// The partner.
    org: OrgId,
    /// The line.
    line: CommissionId,
    /// The page without the dialog.
    close: String,
) -> impl IntoView {
    let finance = is_finance();
    let found = Data::new(
        || (),
        move |()| async move {
            let (found, key) = match finance {
                true => api::vendor_commission_line(org, line).await?,
                false => (api::commission_line(org, line).await?, String::new()),
            };
            Ok::<_, ApiError>((org, found, key))
        },
    );
    view! {
        <Dialog id="why" heading=t::commission::why() open=Signal::stored(true)
            close_href=Signal::stored(close) close_label=t::shell::close()>
            <Loaded resource=found view=|(org, found, key)| view! { <Explained org found key/> }.into_any()/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Explained(
    /// The partner.
    org: OrgId,
    /// The line.
    found: LineView,
    /// For one adjustment by the vendor's finance.
    key: String,
) -> impl IntoView {
    let row = found.row;
    let currency = row.currency;
    let money = move |minor: i64| i18n::money(Money::new(minor, currency));
    let back = found
        .reversals
        .iter()
        .map(|r| {
            let said = t::commission::taken_back_on(
                i18n::money(Money::new(r.amount, r.currency)),
                i18n::date(r.earned_on),
            );
            view! { <li>{said}</li> }
        })
        .collect::<Vec<_>>();
    let back = (!back.is_empty()).then(|| view! { <ul>{back}</ul> });
    let customer = customer_link(org, row.org, row.customer.clone());
    let theirs = address(&path(org), vec![("customer", row.org.to_string())]);
    // Invoices are a right of their own.
    let places = me().places;
    let finance = is_finance();
    let reads = places.iter().any(|place| place.org == org && place.features.has(Feature::PaymentsView));
    let adjust = finance.then(|| view! { <Adjust org line=row.id key/> });
    let invoice = (reads || finance).then(|| {
        let href = match finance {
            true => format!("/vendor/invoices/{}", found.invoice),
            false => format!("/store/{org}/invoices/{}", found.invoice),
        };
        view! { <LinkButton label=t::commission::invoice() href size=ButtonSize::Small/> }
    });
    let (state, tone) = words::state(row.state);
    view! {
        <Facts>
            <Fact name=t::payment::date()>{i18n::date(row.earned_on)}</Fact>
            <Fact name=t::payment::customer()>{customer}</Fact>
            <Fact name=t::commission::kind()>{words::kind(row.kind)}</Fact>
            <Fact name=t::field::plan()>{row.plan.name()}</Fact>
            <Fact name=t::commission::base()>{money(row.base)}</Fact>
            <Fact name=t::commission::amount()><strong>{money(row.amount)}</strong></Fact>
            <Fact name=t::commission::state()><Badge label=state tone/></Fact>
        </Facts>
        <Steps why=found.why currency=row.currency/>
        {back}
        <div class="dialog-foot">
            <LinkButton label=t::commission::lines_of_customer() href=theirs size=ButtonSize::Small/>
            {invoice}
        </div>
        {adjust}
    }
    .into_any()
}

/// The call that puts a line right.
const ADJUST: &str = "/api/vendor/adjust_commission";

/// The vendor's finance gives or takes an amount beside a line.
#[component]
fn Adjust(
    /// The partner.
    org: OrgId,
    /// The line.
    line: CommissionId,
    /// For one adjustment.
    key: String,
) -> impl IntoView {
    let form = plain_form(ADJUST).about("line", &line.to_string());
    let key = form.value_or("request_key", &key);
    view! {
        <h3>{t::commission::adjust()}</h3>
        <p class="muted">{t::commission::adjust_text()}</p>
        <Problems form/>
        <form class="form" method="post" action=ADJUST novalidate>
            <input type="hidden" name="partner" value=org.to_string()/>
            <input type="hidden" name="line" value=line.to_string()/>
            <input type="hidden" name="request_key" value=key/>
            <Input name="amount" label=t::field::amount() hint=t::commission::adjust_hint() inputmode="text" size=10
                value=form.value("amount") error=form.error("amount")/>
            <Input name="reason" label=t::field::reason() value=form.value("reason") error=form.error("reason")/>
            <Button label=t::commission::adjust() variant=ButtonVariant::Primary/>
        </form>
    }
    .into_any()
}
