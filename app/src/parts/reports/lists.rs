//! The lists behind figures.

use super::{Reader, customers::event_name};
use crate::{
    admin::words::term,
    i18n,
    parts::{address::address, subscription::words::payer},
    t,
    ui::{Badge, DataTable, EmptyState, Glyph, LinkButton, Stat, Tone},
    wire::{Place, me},
};
use kontor::{
    kernel::{
        id::{CommissionId, InvoiceId, OrgId, PayoutId},
        money::Money,
        right::Feature,
    },
    ledger::{Account, Cause, Line, LinePage},
    mapping::CustomerEventKind,
    report::{CustomerEventPage, Figure, RenewalPage},
};
use leptos::prelude::*;

/// A figure, in words.
pub fn figure_name(figure: Figure) -> &'static str {
    match figure {
        Figure::List => t::report::list(),
        Figure::Gross => t::report::gross(),
        Figure::Refunds => t::report::refunds(),
        Figure::Chargebacks => t::report::chargebacks(),
        Figure::Net => t::report::net(),
        Figure::Commission => t::report::earned(),
        Figure::PaidOut => t::report::paid_out(),
        Figure::Pending => t::report::pending(),
        Figure::Available => t::report::available(),
        Figure::Locked => t::report::locked(),
        Figure::Owed => t::report::owed(),
    }
}

fn account_name(account: Account) -> String {
    t::report::lookup(&format!("account_{account}")).unwrap_or_default().to_owned()
}

fn cause_name(cause: Cause) -> String {
    t::report::lookup(&format!("cause_{cause}")).unwrap_or_default().to_owned()
}

/// A customer, and the way to it for whoever has one.
pub(super) fn customer(reader: Reader, org: OrgId, name: String) -> AnyView {
    match reader {
        Reader::Partner(partner) => {
            let href = format!("/store/{partner}/customers/{org}");
            view! { <a href=href dir="auto">{name}</a> }.into_any()
        }
        Reader::Vendor | Reader::VendorOf(_) => view! { <span dir="auto">{name}</span> }.into_any(),
    }
}

/// Where what an entry follows from can be seen, if the reader has such a page.
fn cause_page(reader: Reader, line: &Line) -> Option<String> {
    let id = line.cause_id;
    match line.cause {
        Cause::Invoice | Cause::CreditNote | Cause::WriteOff => {
            let invoice = InvoiceId(id);
            match reader {
                Reader::Partner(org) => {
                    let places = me().places;
                    let reads = |place: &Place| place.org == org && place.features.has(Feature::PaymentsView);
                    places.iter().any(reads).then(|| format!("/store/{org}/invoices/{invoice}"))
                }
                _ => Some(format!("/vendor/invoices/{invoice}")),
            }
        }
        Cause::Commission | Cause::CommissionRelease | Cause::ClawBack | Cause::Adjustment => {
            let pairs = vec![("line", CommissionId(id).to_string())];
            commissions(reader).map(|path| address(&path, pairs))
        }
        Cause::PayoutRequest | Cause::PayoutPaid | Cause::PayoutReturned => {
            let payout = PayoutId(id).to_string();
            match reader {
                Reader::Partner(_) => {
                    commissions(reader).map(|path| address(&path, vec![("payout", payout)]))
                }
                _ => Some(address("/vendor/payouts", vec![("payout", payout)])),
            }
        }
        _ => None,
    }
}

/// The page of a partner's commission, if it is one partner's figures that are shown.
pub(super) fn commissions(reader: Reader) -> Option<String> {
    match reader {
        Reader::Partner(org) => Some(format!("/store/{org}/commissions")),
        Reader::VendorOf(partner) => Some(format!("/vendor/commissions/{partner}")),
        Reader::Vendor => None,
    }
}

/// The lines a figure is the sum of.
#[component]
pub fn LineTable(
    /// Which figure.
    figure: Figure,
    /// A page of its lines.
    page: LinePage,
    /// Their sum over all pages.
    sum: Money,
    /// The address of the next page.
    next: Option<String>,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    if page.lines.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Payment heading=t::report::empty() text=t::report::no_lines()/>
        }
        .into_any();
    }
    let row = move |line: Line| {
        let amount = Money::new(line.amount.minor * figure.sign(), line.amount.currency);
        let cause = match cause_page(reader, &line) {
            Some(href) => view! { <a href=href>{cause_name(line.cause)}</a> }.into_any(),
            None => cause_name(line.cause).into_any(),
        };
        // A payout is of many customers.
        let whose = match line.customer {
            Some((org, name)) => customer(reader, org, name).into_any(),
            None => t::customers::none().into_any(),
        };
        view! {
            <tr>
                <td data-label=t::report::booked_on() class="nowrap">{i18n::date(line.place.day)}</td>
                <th scope="row">{whose}</th>
                <td data-label=t::report::cause()>{cause}</td>
                <td data-label=t::report::account()>{account_name(line.account)}</td>
                <td data-label=t::report::amount() class="num">{i18n::money(amount)}</td>
            </tr>
        }
    };
    let rows = page.lines.into_iter().map(row).collect_view();
    view! {
        <div class="stat-grid"><Stat label=t::report::total() value=i18n::money(sum)/></div>
        <DataTable caption=figure_name(figure) caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::report::booked_on()}</th>
                    <th scope="col">{t::report::customer()}</th>
                    <th scope="col">{t::report::cause()}</th>
                    <th scope="col">{t::report::account()}</th>
                    <th scope="col" class="num">{t::report::amount()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
    }
    .into_any()
}

/// What renews next.
#[component]
pub fn RenewalTable(
    /// A page.
    page: RenewalPage,
    /// The address of the next page.
    next: Option<String>,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Clock heading=t::report::empty() text=t::report::no_renewals()/>
        }
        .into_any();
    }
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            let charged = row.list.map(|list| Money::new(list.minor - row.discount, list.currency));
            let (label, tone) = match row.renews {
                true => (t::report::renews(), Tone::Success),
                false => (t::report::ends(), Tone::Warning),
            };
            view! {
                <tr>
                    <td data-label=t::report::ends_on() class="nowrap">{i18n::date(row.ends_on)}</td>
                    <th scope="row">{customer(reader, row.org, row.name)}</th>
                    <td data-label=t::report::plan()>{row.plan.name()}</td>
                    <td data-label=t::customers::licences() class="num">{i18n::number(row.seats)}</td>
                    <td data-label=t::customers::term()>{term(row.term)}</td>
                    <td data-label=t::field::payer()>{row.payer.map(payer)}</td>
                    <td data-label=t::report::list() class="num">{row.list.map(i18n::money)}</td>
                    <td data-label=t::report::charged() class="num">{charged.map(i18n::money)}</td>
                    <td data-label=t::report::then()><Badge label tone/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=t::report::renewals() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::report::ends_on()}</th>
                    <th scope="col">{t::report::customer()}</th>
                    <th scope="col">{t::report::plan()}</th>
                    <th scope="col" class="num">{t::customers::licences()}</th>
                    <th scope="col">{t::customers::term()}</th>
                    <th scope="col">{t::field::payer()}</th>
                    <th scope="col" class="num">{t::report::list()}</th>
                    <th scope="col" class="num">{t::report::charged()}</th>
                    <th scope="col">{t::report::then()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
    }
    .into_any()
}

/// What happened to customers.
#[component]
pub fn EventTable(
    /// What.
    kind: CustomerEventKind,
    /// A page.
    page: CustomerEventPage,
    /// The address of the next page.
    next: Option<String>,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Building heading=t::report::empty() text=t::report::no_events()/>
        }
        .into_any();
    }
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td data-label=t::report::on() class="nowrap">{i18n::date(row.day)}</td>
                    <th scope="row">{customer(reader, row.org, row.name)}</th>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=event_name(kind) caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::report::on()}</th>
                    <th scope="col">{t::report::customer()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
    }
    .into_any()
}
