//! `/vendor/payouts`: what partners asked for, on its way to their banks.

use super::{Queue, api, words};
use crate::{
    form::{Problems, plain_form},
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, DataTable, Dialog, EmptyState, Fact, Facts, Glyph, Input,
        LinkButton, PageHeader, Select, Text,
    },
};
use kontor::payout::{PayoutQuery, PayoutRow, PayoutStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const PATH: &str = "/vendor/payouts";
const DECIDE: &str = "/api/vendor/decide_payout";

/// `/vendor/payouts`
#[component]
pub fn VendorPayoutsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| PayoutQuery::from_pairs(q.latest_values().map(|(k, v)| (k.as_ref(), v))))
    });
    let queue = Resource::new(
        move || asked.get(),
        |query| async move { api::all_payouts(query.clone()).await.map(|queue| (query, queue)) },
    );
    view! {
        <Title text=t::store::nav_payouts()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::store::nav_payouts() description=t::payout::vendor_text()>
                <LinkButton label=t::payout::export() href=format!("{PATH}?format=pain001") icon=Glyph::Download
                    rel="external"/>
            </PageHeader>
            <Loaded resource=queue view=|(query, queue)| view! { <Shown query queue/> }.into_any()/>
        </main>
    }
    .into_any()
}

#[component]
fn Shown(
    /// What is looked for.
    query: PayoutQuery,
    /// What was found.
    queue: Queue,
) -> impl IntoView {
    let address_now = use_query_map();
    let page = queue.page;
    let all = StoredValue::new(page.rows.clone());
    let chosen = move || {
        let id = address_now.with(|q| q.get("payout"))?;
        let row = all.with_value(|rows| rows.iter().find(|row| row.id.to_string() == id).cloned())?;
        Some(view! { <Decide row/> })
    };
    let statuses = PayoutStatus::ALL.iter().map(|s| (Text::from(s.key()), Text::from(words::status(*s).0)));
    let next = page.next.map(|after| {
        let query = PayoutQuery { after: Some(after), ..query.clone() };
        address(PATH, query.pairs())
    });
    let rows = page.rows.into_iter().map(|row| view! { <Line row/> }).collect::<Vec<_>>();
    let table = match rows.is_empty() {
        true => view! {
            <EmptyState glyph=Glyph::Payment heading=t::payout::none_title() text=t::payout::queue_empty()/>
        }
        .into_any(),
        false => view! {
            <DataTable caption=t::store::nav_payouts() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::payout::number()}</th>
                        <th scope="col">{t::payout::partner()}</th>
                        <th scope="col">{t::payout::requested_on()}</th>
                        <th scope="col" class="number">{t::payment::amount()}</th>
                        <th scope="col">{t::payment::invoice()}</th>
                        <th scope="col">{t::payment::status()}</th>
                        <th scope="col"><span class="visually-hidden">{t::payment::actions()}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        {chosen}
        <form class="row" method="get" action=PATH>
            <Select name="status" label=t::payment::status() options=statuses.collect() placeholder=t::payment::all()
                selected=query.status.map(|s| s.to_string()).unwrap_or_default()/>
            <Button label=t::payment::filter()/>
        </form>
        {table}
        {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
    }
    .into_any()
}

fn file(row: &PayoutRow) -> Option<AnyView> {
    let href = format!("{PATH}/{}/invoice", row.id);
    let number = row.invoice.as_ref()?.number.clone();
    Some(view! { <a href=href rel="external">{number}</a> }.into_any())
}

#[component]
fn Line(
    /// The payout.
    row: PayoutRow,
) -> impl IntoView {
    let (label, tone) = words::status(row.status);
    let (invoice, href) = (file(&row), format!("{PATH}?payout={}", row.id));
    view! {
        <tr>
            <th scope="row">{row.number}</th>
            <td dir="auto">{row.partner_name}</td>
            <td class="nowrap">{i18n::date(row.requested_at.day())}</td>
            <td class="number">{i18n::money(row.amount)}</td>
            <td>{invoice}</td>
            <td><Badge label tone/></td>
            <td><LinkButton label=t::payout::open() href size=ButtonSize::Small/></td>
        </tr>
    }
    .into_any()
}

/// What finance can do with a payout at its stage.
#[component]
fn Decide(
    /// The payout.
    row: PayoutRow,
) -> impl IntoView {
    let id = row.id.to_string();
    let form = plain_form(DECIDE).about("payout", &id);
    let invoice = file(&row);
    let uploaded = row.invoice.as_ref().map(|i| (i18n::date(i.issued_on), i.file_name.clone()));
    let status = row.status;
    let button = |act: &'static str, label: &'static str, variant| {
        view! { <Button label name="act" value=act variant/> }.into_any()
    };
    use ButtonVariant::{Danger, Primary};
    let (note, buttons) = match status {
        PayoutStatus::Requested | PayoutStatus::UnderReview => (
            Some(("reason", t::payout::reason())),
            vec![
                button("reject", t::payout::reject(), Danger),
                button("approve", t::payout::approve(), Primary),
            ],
        ),
        PayoutStatus::Approved => (
            Some(("reference", t::payout::reference())),
            vec![button("sent", t::payout::mark_sent(), Primary)],
        ),
        PayoutStatus::Sent => (
            Some(("reason", t::payout::reason())),
            vec![
                button("failed", t::payout::mark_failed(), Danger),
                button("paid", t::payout::mark_paid(), Primary),
            ],
        ),
        PayoutStatus::Failed => (None, vec![button("approve", t::payout::approve_again(), Primary)]),
        _ => (None, Vec::new()),
    };
    let note = note.map(|(name, label)| {
        view! { <Input name label value=form.value(name) error=form.error(name)/> }
    });
    view! {
        <Dialog id="decide" heading=row.number open=Signal::stored(true)
            close_href=Signal::stored(PATH.to_owned()) close_label=t::shell::close()>
            <Problems form/>
            <Facts>
                <Fact name=t::payout::partner()>{row.partner_name}</Fact>
                <Fact name=t::payment::amount()><strong>{i18n::money(row.amount)}</strong></Fact>
                <Fact name=t::payout::lines()>{i18n::number(row.lines)}</Fact>
                <Fact name=t::payout::account()>{format!("•••• {}", row.account_last4)}</Fact>
                <Fact name=t::payment::invoice()>{invoice}</Fact>
                <Fact name=t::payout::invoice_date()>{uploaded.map(|(on, name)| format!("{on}, {name}"))}</Fact>
                <Fact name=t::payout::requested_by()>{row.requested_by}</Fact>
                <Fact name=t::payout::reference()>{row.reference}</Fact>
                <Fact name=t::payout::reason()>{row.reject_reason}</Fact>
            </Facts>
            <form class="form" method="post" action=DECIDE novalidate>
                <input type="hidden" name="payout" value=id/>
                <input type="hidden" name="version" value=row.version.to_string()/>
                {note}
                <div class="dialog-foot">{buttons}</div>
            </form>
        </Dialog>
    }
    .into_any()
}
