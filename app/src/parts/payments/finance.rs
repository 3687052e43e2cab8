//! `/vendor/payments`: all payments; transfers are recorded here, and money is given back.

use super::{OfCustomer, PaymentFilters, PaymentTable, Reader, api};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::load::Loaded,
    t,
    ui::{
        Button, ButtonSize, ButtonVariant, Dialog, Input, LinkButton, PageHeader, RadioOption, Radios, Text,
    },
};
use kontor::payment::{PaymentPage, PaymentQuery, PaymentRow, PaymentStatus, Provider};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The page's path.
const PATH: &str = "/vendor/payments";
/// The call that gives back.
const REFUND: &str = "/api/vendor/refund_payment";
/// The call that records a transfer.
const RECORD: &str = "/api/vendor/record_payment";

/// `/vendor/payments`
#[component]
pub fn VendorPaymentsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| PaymentQuery::from_pairs(q.latest_values().map(|(k, v)| (k.as_ref(), v))))
    });
    let page = Data::new(
        move || asked.get(),
        |query| async move { api::all_payments(query.clone()).await.map(|page| (query, page)) },
    );
    view! {
        <Title text=t::payment::title()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::payment::title() description=t::payment::vendor_text()/>
            <Loaded resource=page view=|(query, page)| view! { <Shown query page/> }.into_any()/>
        </main>
    }
}

#[component]
fn Shown(
    /// What is looked for.
    query: PaymentQuery,
    /// The payments.
    page: PaymentPage,
) -> impl IntoView {
    let address = use_query_map();
    let all = StoredValue::new(page.rows.clone());
    let found = move |name: &'static str| {
        let id = address.with(|q| q.get(name))?;
        all.with_value(|rows| rows.iter().find(|row| row.id.to_string() == id).cloned())
    };
    view! {
        {move || found("refund").map(|row| view! { <Refund row/> })}
        {move || found("record").map(|row| view! { <Record row/> })}
        {page.customer.clone().map(|customer| view! {
            <OfCustomer path=PATH.to_owned() query=query.clone() customer/>
        })}
        <PaymentFilters path=PATH.to_owned() query=query.clone()/>
        <PaymentTable path=PATH.to_owned() query page reader=Reader::Finance/>
    }
    .into_any()
}

/// What finance can do about a payment.
pub(super) fn acts(row: &PaymentRow) -> AnyView {
    let id = row.id.to_string();
    // What was given up may come all the same.
    let late = row.status == PaymentStatus::Failed && row.refunded == 0;
    let waits = row.provider == Provider::Manual && (row.status.is_open() || late);
    let back = row.status == PaymentStatus::Succeeded && row.refunded < row.amount.minor;
    view! {
        {waits.then(|| view! {
            <LinkButton label=t::payment::record() href=format!("{PATH}?record={id}") size=ButtonSize::Small/>
        })}
        {back.then(|| view! {
            <LinkButton label=t::payment::refund() href=format!("{PATH}?refund={id}") size=ButtonSize::Small/>
        })}
    }
    .into_any()
}

#[component]
fn Refund(
    /// The payment.
    row: PaymentRow,
) -> impl IntoView {
    let id = row.id.to_string();
    let form = plain_form(REFUND).about("payment", &id);
    let options = vec![
        RadioOption::new("partial", t::payment::refund_partial()),
        RadioOption::new("credit", t::payment::refund_credit()).hint(t::payment::refund_credit_about()),
        RadioOption::new("full", t::payment::refund_full()).hint(t::payment::refund_full_about()),
    ];
    let left = kontor::kernel::money::Money::new(row.amount.minor - row.refunded, row.amount.currency);
    // One key for each state of the payment: a second click on the same page gives back once.
    let key = form.value_or("request_key", &format!("{id}-{}", row.refunded));
    let suffix = Text::from(row.amount.currency.key());
    view! {
        <Dialog id="refund" heading=t::payment::refund_title(&row.customer) open=Signal::stored(true)
            close_href=Signal::stored(PATH.to_owned()) close_label=t::shell::close()>
            <Problems form/>
            <p>{t::payment::refund_left(i18n::money(left))}</p>
            <form class="form" method="post" action=REFUND novalidate>
                <input type="hidden" name="payment" value=id/>
                <input type="hidden" name="request_key" value=key/>
                <Radios name="kind" legend=t::payment::refund_kind() options selected=form.value_or("kind", "partial")/>
                <Input name="amount" label=t::payment::amount() inputmode="decimal" size=12 suffix
                    value=form.value("amount") error=form.error("amount")/>
                <Input name="reason" label=t::field::reason() value=form.value("reason")
                    error=form.error("reason") required=true/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=PATH/>
                    <Button label=t::payment::refund() variant=ButtonVariant::Danger/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Record(
    /// The payment.
    row: PaymentRow,
) -> impl IntoView {
    let id = row.id.to_string();
    let form = plain_form(RECORD).about("payment", &id);
    let late = row.status == PaymentStatus::Failed;
    view! {
        <Dialog id="record" heading=t::payment::record_title(&row.customer) open=Signal::stored(true)
            close_href=Signal::stored(PATH.to_owned()) close_label=t::shell::close()>
            <Problems form/>
            <p>{if late {
                t::payment::record_late_text(i18n::money(row.amount))
            } else {
                t::payment::record_text(i18n::money(row.amount))
            }}</p>
            <form class="form" method="post" action=RECORD novalidate>
                <input type="hidden" name="payment" value=id/>
                <Input name="reference" label=t::payment::reference() value=form.value("reference")
                    error=form.error("reference")/>
                <div class="dialog-foot">
                    {(!late).then(|| view! {
                        <Button label=t::payment::will_not_come() name="arrived" value="no"/>
                    })}
                    <Button label=t::payment::has_arrived() name="arrived" value="yes" variant=ButtonVariant::Primary/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
