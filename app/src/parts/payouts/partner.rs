//! `/store/{org}/payouts`

use super::{Desk, UPLOAD, api, earlier_invoices, words};
use crate::{
    admin::of_org,
    data::Data,
    form::{Problems, plain_form},
    i18n, message,
    parts::{
        address::address,
        commission::Held,
        load::{Failed, Loaded},
    },
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Card, DataTable, Dialog, EmptyState, Fact, Facts,
        Glyph, Input, InputKind, LinkButton, PageHeader, Tone,
    },
};
use kontor::{
    Error,
    kernel::{id::OrgId, instant::Day, money::Money},
    payout::{AccountView, Offer, PayoutQuery, PayoutRow, PayoutStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const REQUEST: &str = "/api/store/request_payout";
const CANCEL: &str = "/api/store/cancel_payout";
const ACCOUNT: &str = "/api/store/set_payout_account";

fn path(org: OrgId) -> String {
    format!("/store/{org}/payouts")
}

/// `/store/{org}/payouts`
#[component]
pub fn PayoutsPage() -> impl IntoView {
    of_org(|org| view! { <Payouts org/> }.into_any())
}

#[component]
fn Payouts(
    /// The partner.
    org: OrgId,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| PayoutQuery::from_pairs(q.latest_values().map(|(k, v)| (k.as_ref(), v))))
    });
    let open = Memo::new(move |_| query.with(|q| q.get("upload")).unwrap_or_default());
    let desk = Data::new(
        move || (asked.get(), open.get()),
        move |(query, open)| async move {
            api::payouts(org, query.clone(), open).await.map(|desk| (org, query, desk))
        },
    );
    view! {
        <Title text=t::store::nav_payouts()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::store::nav_payouts() description=t::payout::text()>
                <LinkButton label=t::store::nav_commissions() href=format!("/store/{org}/commissions")/>
            </PageHeader>
            <Loaded resource=desk view=|(org, query, desk)| view! { <Shown org query desk/> }.into_any()/>
        </main>
    }
    .into_any()
}

#[component]
fn Shown(
    /// The partner.
    org: OrgId,
    /// What is looked for.
    query: PayoutQuery,
    /// What was found.
    desk: Desk,
) -> impl IntoView {
    let Desk { offers, page, open, account, on_hold, acts, request_key, today } = desk;
    let several = offers.iter().any(|o| o.balance.entity != offers[0].balance.entity);
    let (requests, cancels) = (plain_form(REQUEST), plain_form(CANCEL));
    let held = offers
        .into_iter()
        .map(|offer| {
            let balance = offer.balance.clone();
            let request = acts.then(|| {
                let key = format!("{request_key}-{}-{}", balance.entity, balance.currency);
                view! { <Request org offer key/> }
            });
            view! { <Held balance several/> {request} }
        })
        .collect::<Vec<_>>();
    let none = held.is_empty().then(|| {
        view! { <EmptyState glyph=Glyph::Payment heading=t::payout::none_title() text=t::payout::none_text()/> }
    });
    let close = address(&path(org), query.pairs());
    let upload = open
        .filter(|row| acts && row.status.takes_invoice())
        .map(|row| view! { <Upload org row today close=close.clone()/> });
    let here = query.pairs();
    let file = address(&path(org), vec![("format", "csv".to_owned())]);
    let next = page.next.map(|after| {
        let query = PayoutQuery { after: Some(after), ..query };
        address(&path(org), query.pairs())
    });
    let line = |row| view! { <Line org row acts here=here.clone()/> };
    let rows = page.rows.into_iter().map(line).collect::<Vec<_>>();
    let history = (!rows.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2 id="history-heading">{t::payout::history()}</h2>
                <DataTable caption=t::payout::history() caption_hidden=true>
                    <thead>
                        <tr>
                            <th scope="col">{t::payout::number()}</th>
                            <th scope="col">{t::payout::requested_on()}</th>
                            <th scope="col" class="num">{t::payment::amount()}</th>
                            <th scope="col">{t::payout::account()}</th>
                            <th scope="col">{t::payment::invoice()}</th>
                            <th scope="col">{t::payment::status()}</th>
                            <th scope="col"><span class="visually-hidden">{t::payment::actions()}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </DataTable>
                {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
                <p><LinkButton label=t::report::csv() href=file icon=Glyph::Download rel="external"/></p>
            </section>
        }
    });
    view! {
        {upload}
        <Problems form=requests/>
        <Problems form=cancels/>
        {held}
        {none}
        {history}
        <Account org account on_hold acts/>
    }
    .into_any()
}

#[component]
fn Request(
    /// The partner.
    org: OrgId,
    /// What it has, and what keeps it from requesting it.
    offer: Offer,
    /// For one request.
    key: String,
) -> impl IntoView {
    let Offer { balance, obstacles } = offer;
    let amount = i18n::money(Money::new(balance.available, balance.currency));
    if !obstacles.is_empty() {
        let said = obstacles.iter().map(|o| view! { <li>{message::refusal(o)}</li> }).collect_view();
        return view! {
            <div class="muted"><p>{t::payout::not_yet()}</p><ul>{said}</ul></div>
        }
        .into_any();
    }
    view! {
        <form method="post" action=REQUEST>
            <input type="hidden" name="org" value=org.to_string()/>
            <input type="hidden" name="entity" value=balance.entity/>
            <input type="hidden" name="currency" value=balance.currency.key()/>
            <input type="hidden" name="request_key" value=key/>
            <Button label=t::payout::request(amount) variant=ButtonVariant::Primary/>
        </form>
    }
    .into_any()
}

#[component]
fn Line(
    /// The partner.
    org: OrgId,
    /// The payout.
    row: PayoutRow,
    /// Whether the reader may do something.
    acts: bool,
    /// The parameters of the page.
    here: Vec<(&'static str, String)>,
) -> impl IntoView {
    let (label, tone) = words::status(row.status);
    let id = row.id.to_string();
    let file = row.invoice.as_ref().map(|invoice| {
        view! { <a href=format!("{}/{id}/invoice", path(org)) rel="external">{invoice.number.clone()}</a> }
    });
    let uploads = acts && row.status.takes_invoice();
    let cancels = acts && matches!(row.status, PayoutStatus::Requested | PayoutStatus::AwaitingInvoice);
    let reason =
        (!row.reject_reason.is_empty()).then(|| view! { <div class="muted small">{row.reject_reason}</div> });
    let lines = address(&format!("/store/{org}/commissions"), vec![("payout", id.clone())]);
    let earlier = earlier_invoices(&format!("{}/{id}/invoice", path(org)), &row.earlier);
    let earlier = earlier
        .map(|links| view! { <div class="muted small">{t::payout::earlier_invoices()} ": " {links}</div> });
    let mut pairs = here;
    pairs.push(("upload", id.clone()));
    let (payout, upload) = (id, address(&path(org), pairs));
    view! {
        <tr>
            <th scope="row"><a href=lines>{row.number}</a></th>
            <td data-label=t::payout::requested_on() class="nowrap">{i18n::date(row.requested_at.day())}</td>
            <td data-label=t::payment::amount() class="num">{i18n::money(row.amount)}</td>
            <td data-label=t::payout::account() class="nowrap">{format!("•••• {}", row.account_last4)}</td>
            <td data-label=t::payment::invoice()>{file}{earlier}</td>
            <td data-label=t::payment::status()><Badge label tone/>{reason}</td>
            <td>
                {uploads.then(|| view! { <LinkButton label=t::payout::upload() href=upload size=ButtonSize::Small/> })}
                {cancels.then(|| view! {
                    <form method="post" action=CANCEL>
                        <input type="hidden" name="org" value=org.to_string()/>
                        <input type="hidden" name="payout" value=payout/>
                        <Button label=t::payout::cancel() size=ButtonSize::Small variant=ButtonVariant::Quiet/>
                    </form>
                })}
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn Upload(
    /// The partner.
    org: OrgId,
    /// The payout.
    row: PayoutRow,
    /// Today.
    today: Day,
    /// The page without the dialog.
    close: String,
) -> impl IntoView {
    let id = row.id.to_string();
    let form = plain_form(UPLOAD).about("payout", &id);
    let plain = row.amount.plain();
    let action = address(UPLOAD, vec![("org", org.to_string()), ("payout", id)]);
    view! {
        <Dialog id="upload" heading=t::payout::upload_title(&row.number) open=Signal::stored(true)
            close_href=Signal::stored(close.clone()) close_label=t::shell::close()>
            <Problems form/>
            <p>{t::payout::upload_text(i18n::money(row.amount))}</p>
            <form class="form" method="post" action=action enctype="multipart/form-data" novalidate>
                <input type="hidden" name="currency" value=row.amount.currency.key()/>
                <Input name="number" label=t::payout::invoice_number() value=form.value("number") error=form.error("number")
                    required=true/>
                <Input name="issued_on" label=t::payout::invoice_date() kind=InputKind::Date
                    value=form.value_or("issued_on", &today.to_string()) error=form.error("issued_on")/>
                <Input name="amount" label=t::payment::amount() inputmode="decimal" suffix=row.amount.currency.key()
                    value=form.value_or("amount", &plain) error=form.error("amount")/>
                <div class="field">
                    <label for="upload-file">{t::payout::file()}</label>
                    <p class="hint" id="upload-file-hint">{t::payout::file_hint()}</p>
                    <input id="upload-file" type="file" name="file" accept="application/pdf,image/png,image/jpeg"
                        aria-describedby="upload-file-hint" required/>
                </div>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=close/>
                    <Button label=t::payout::upload() variant=ButtonVariant::Primary/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Account(
    /// The partner.
    org: OrgId,
    /// The account in force.
    account: Option<AccountView>,
    /// Whether nothing is paid there yet, because it is new.
    on_hold: bool,
    /// Whether the reader may set another.
    acts: bool,
) -> impl IntoView {
    let form = plain_form(ACCOUNT);
    let first = account.is_none();
    let known = match account {
        Some(account) => view! {
            {on_hold.then(|| view! {
                <Callout tone=Tone::Warning><p>{t::payout::on_hold(i18n::date_time(account.usable_at))}</p></Callout>
            })}
            <Facts>
                <Fact name=t::payout::holder()>{account.holder}</Fact>
                <Fact name=t::payout::iban()>{format!("{} •••• {}", account.country, account.last4)}</Fact>
                <Fact name=t::payout::bic()>{account.bic}</Fact>
                <Fact name=t::payout::usable()>{i18n::date_time(account.usable_at)}</Fact>
            </Facts>
        }
        .into_any(),
        None => view! { <Callout tone=Tone::Warning><p>{t::payout::no_account()}</p></Callout> }.into_any(),
    };
    let failure = form.failure().get_untracked();
    let stale = failure.clone().filter(|error| matches!(error, Error::StepUpRequired { .. }));
    let set = acts.then(|| {
        view! {
            {stale.map(|error| view! { <Failed error/> })}
            <details open=first || failure.is_some()>
                <summary>{if first { t::payout::first_account() } else { t::payout::set_account() }}</summary>
                <Problems form/>
                <form class="form" method="post" action=ACCOUNT novalidate>
                    <p class="muted">{t::payout::account_text()}</p>
                    <input type="hidden" name="org" value=org.to_string()/>
                    <Input name="holder" label=t::payout::holder() value=form.value("holder") error=form.error("holder")/>
                    <Input name="iban" label=t::payout::iban() value=form.value("iban") error=form.error("iban")/>
                    <Input name="bic" label=t::payout::bic() value=form.value("bic") error=form.error("bic")/>
                    <Input name="bank" label=t::payout::bank() value=form.value("bank") error=form.error("bank")/>
                    <Button label=t::payout::save_account() variant=ButtonVariant::Primary/>
                </form>
            </details>
        }
    });
    view! { <Card heading=t::payout::account() id="account-heading">{known}{set}</Card> }.into_any()
}
