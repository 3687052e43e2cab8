//! Payments: cards, lists of payments, and what vendor finance does with them.

pub mod api;
mod cards;
pub mod csv;
mod finance;
mod pay_with;
pub mod words;

pub use cards::CardsPart;
pub use finance::VendorPaymentsPage;
pub use pay_with::PayWith;

use crate::{
    i18n,
    parts::{address::address, subscription::words::payer},
    t,
    ui::{
        Badge, Button, ButtonSize, DataTable, EmptyState, Glyph, Input, InputKind, LinkButton, Select, Text,
    },
};
use kontor::{
    kernel::{id::InvoiceId, money::Money},
    payment::{PaidBy, PaymentPage, PaymentQuery, PaymentRow, PaymentStatus, PaymentSum},
    subscription::change::Payer,
};
use leptos::prelude::*;

/// Who looks at a list of payments: decides where its rows lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// A partner; its customers' pages are in its store.
    Partner(kontor::kernel::id::OrgId),
    /// Vendor finance.
    Finance,
}

/// The filters of a list of payments. They ask the page itself.
#[component]
pub fn PaymentFilters(
    /// The page's path.
    path: String,
    /// What is looked for.
    query: PaymentQuery,
) -> impl IntoView {
    let statuses = PaymentStatus::ALL
        .iter()
        .map(|s| (Text::from(s.key()), Text::from(words::status(*s).0)))
        .collect::<Vec<_>>();
    let payers = Payer::ALL.iter().map(|p| (Text::from(p.key()), Text::from(payer(*p)))).collect::<Vec<_>>();
    let methods =
        PaidBy::ALL.iter().map(|m| (Text::from(m.key()), Text::from(words::paid_by(*m)))).collect::<Vec<_>>();
    let day = |day: Option<kontor::kernel::instant::Day>| day.map(|d| d.to_string()).unwrap_or_default();
    let mut pairs = PaymentQuery { after: None, ..query.clone() }.pairs();
    pairs.push(("format", "csv".to_owned()));
    let export = address(&path, pairs);
    view! {
        <form class="row" method="get" action=path>
            {query.customer.map(|id| view! { <input type="hidden" name="customer" value=id.to_string()/> })}
            <Input name="q" label=t::payment::customer() value=query.q.clone() size=16/>
            <Select name="method" label=t::payment::method() options=methods placeholder=t::payment::all()
                selected=query.method.map(|m| m.to_string()).unwrap_or_default()/>
            <Select name="status" label=t::payment::status() options=statuses placeholder=t::payment::all()
                selected=query.status.map(|s| s.to_string()).unwrap_or_default()/>
            <Select name="payer" label=t::field::payer() options=payers placeholder=t::payment::all()
                selected=query.payer.map(|p| p.to_string()).unwrap_or_default()/>
            <Input name="from" label=t::payment::from() kind=InputKind::Date value=day(query.from)/>
            <Input name="until" label=t::payment::until() kind=InputKind::Date value=day(query.until)/>
            <Button label=t::payment::filter()/>
            <LinkButton label=t::report::csv() href=export icon=Glyph::Download rel="external"/>
        </form>
    }
    .into_any()
}

/// A page of payments.
#[component]
pub fn PaymentTable(
    /// The page's path.
    path: String,
    /// What is looked for.
    query: PaymentQuery,
    /// The payments.
    page: PaymentPage,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Payment heading=t::payment::none_title() text=t::payment::none_text()/>
        }
        .into_any();
    }
    let next = page.next.map(|after| {
        let query = PaymentQuery { after: Some(after), ..query };
        address(&path, query.pairs())
    });
    let acts = reader == Reader::Finance;
    let sums = (!page.sums.is_empty()).then(|| view! { <Sums sums=page.sums/> });
    let rows = page.rows.into_iter().map(|row| view! { <Line row reader=reader.clone()/> }).collect_view();
    view! {
        <DataTable caption=t::payment::title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::payment::date()}</th>
                    <th scope="col">{t::payment::customer()}</th>
                    <th scope="col">{t::payment::invoice()}</th>
                    <th scope="col">{t::payment::plan_and_seats()}</th>
                    <th scope="col">{t::payment::period()}</th>
                    <th scope="col">{t::field::payer()}</th>
                    <th scope="col" class="num">{t::payment::list()}</th>
                    <th scope="col" class="num">{t::payment::discount()}</th>
                    <th scope="col" class="num">{t::payment::net()}</th>
                    <th scope="col" class="num">{t::payment::tax()}</th>
                    <th scope="col" class="num">{t::payment::amount()}</th>
                    <th scope="col">{t::payment::method()}</th>
                    <th scope="col">{t::payment::status()}</th>
                    {acts.then(|| view! {
                        <th scope="col"><span class="visually-hidden">{t::payment::actions()}</span></th>
                    })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        {sums}
        {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
    }
    .into_any()
}

#[component]
fn Line(
    /// The payment.
    row: PaymentRow,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let (status, tone) = words::status(row.status);
    let currency = row.amount.currency;
    let money = move |minor: Option<i64>| minor.map(|minor| i18n::money(Money::new(minor, currency)));
    let customer = match &reader {
        Reader::Partner(org) => {
            let href = format!("/store/{org}/customers/{}", row.org);
            view! { <a href=href>{row.customer.clone()}</a> }.into_any()
        }
        Reader::Finance => row.customer.clone().into_any(),
    };
    let invoice_at = |id: InvoiceId| match &reader {
        Reader::Partner(org) => format!("/store/{org}/invoices/{id}"),
        Reader::Finance => format!("/vendor/invoices/{id}"),
    };
    let notes = row.credit_notes.iter().map(|(id, number)| {
        view! { <div class="small"><a href=invoice_at(*id)>{number.clone()}</a></div> }
    });
    let notes = notes.collect_view();
    let refunded = (row.refunded > 0).then(|| {
        let back = i18n::money(Money::new(row.refunded, currency));
        view! { <div class="muted small">{t::payment::refunded(back)}</div>{notes} }
    });
    let plan = row.plan.map(|plan| {
        let seats = row.seats.map(t::payment::seats);
        view! { {plan.name()}<div class="muted small">{seats}</div> }
    });
    let period = row.period.map(|(from, until)| t::payment::span(i18n::date(from), i18n::date(until)));
    let bill = row.invoice.clone().map(|(id, number)| view! { <a href=invoice_at(id)>{number}</a> });
    let actions = (reader == Reader::Finance).then(|| finance::acts(&row));
    let discount = money(row.discount.filter(|d| *d != 0).map(|d| -d));
    view! {
        <tr>
            <td data-label=t::payment::date() class="nowrap">{i18n::date(row.at.day())}</td>
            <th scope="row" dir="auto">{customer}<div class="muted small">{row.domain.clone()}</div></th>
            <td data-label=t::payment::invoice() class="nowrap">{bill}</td>
            <td data-label=t::payment::plan_and_seats()>{plan}</td>
            <td data-label=t::payment::period()>{period}</td>
            <td data-label=t::field::payer()>{payer(row.payer)}</td>
            <td data-label=t::payment::list() class="num">{money(row.list)}</td>
            <td data-label=t::payment::discount() class="num">{discount}</td>
            <td data-label=t::payment::net() class="num">{money(row.net)}</td>
            <td data-label=t::payment::tax() class="num">{money(row.tax)}</td>
            <td data-label=t::payment::amount() class="num">{i18n::money(row.amount)}{refunded}</td>
            <td data-label=t::payment::method()>{words::method(&row)}</td>
            <td data-label=t::payment::status()><Badge label=status tone/></td>
            {actions.map(|actions| view! { <td>{actions}</td> })}
        </tr>
    }
    .into_any()
}

/// What was paid of all that is looked for, one line per currency.
#[component]
fn Sums(
    /// The sums.
    sums: Vec<PaymentSum>,
) -> impl IntoView {
    let rows = sums.into_iter().map(|sum| {
        let left = Money::new(sum.amount.minor - sum.refunded.minor, sum.amount.currency);
        view! {
            <tr>
                <th scope="row">{sum.amount.currency.key()}</th>
                <td data-label=t::payment::count() class="num">{i18n::number(sum.count)}</td>
                <td data-label=t::payment::paid() class="num">{i18n::money(sum.amount)}</td>
                <td data-label=t::report::refunds() class="num">{i18n::money(sum.refunded)}</td>
                <td data-label=t::payment::left() class="num">{i18n::money(left)}</td>
            </tr>
        }
    });
    view! {
        <h2>{t::payment::sums_title()}</h2>
        <DataTable caption=t::payment::sums_title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::report::currency()}</th>
                    <th scope="col" class="num">{t::payment::count()}</th>
                    <th scope="col" class="num">{t::payment::paid()}</th>
                    <th scope="col" class="num">{t::report::refunds()}</th>
                    <th scope="col" class="num">{t::payment::left()}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </DataTable>
    }
    .into_any()
}

/// Whose payments these are, if they are one customer's, and the way back to all.
#[component]
pub fn OfCustomer(
    /// The page's path.
    path: String,
    /// What is looked for.
    query: PaymentQuery,
    /// The customer.
    customer: (kontor::kernel::id::OrgId, String),
) -> impl IntoView {
    let all = address(&path, PaymentQuery { customer: None, after: None, ..query }.pairs());
    view! {
        <div class="row">
            <p>{t::payment::of_customer(customer.1)}</p>
            <LinkButton label=t::payment::of_all() href=all size=ButtonSize::Small/>
        </div>
    }
    .into_any()
}
