//! The invoices an organisation owes or owed, in its console, each with its payments.

use super::{tone, words};
#[cfg(feature = "ssr")]
use crate::wire::serve;
use crate::{
    data::Data,
    i18n,
    parts::{load::Loaded, payments::words as payment},
    t::{self, invoice as i},
    ui::{Badge, ButtonSize, Card, DataTable, EmptyState, Glyph, LinkButton},
    wire::{Api, ApiError, Call},
};
#[cfg(feature = "ssr")]
use kontor::kernel::id::InvoiceId;
use kontor::{
    invoice::{InvoicePage as Page, InvoicePayment, InvoiceRow},
    kernel::{id::OrgId, right::OrgKind},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The organisation's own invoices. A malformed place is none of its invoices.
#[server(name = OwnInvoices, prefix = "/api/admin", endpoint = "invoices", client = Api, protocol = Call)]
pub async fn own_invoices(org: OrgId, #[server(default)] after: String) -> Result<Page, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(kontor::kernel::right::Feature::BillingEdit)?;
        let after: Option<InvoiceId> = if after.is_empty() { None } else { Some(after.parse()?) };
        kontor::invoice::service::own(&cx.kontor, &actor, after).await
    })
    .await
}

/// A card with an organisation's own invoices and their payments.
#[component]
pub fn OwnInvoicesPart(
    /// Whose.
    org: OrgId,
) -> impl IntoView {
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|q| q.get("after")).unwrap_or_default());
    let page = Data::new(move || after.get(), move |after| own_invoices(org, after));
    view! {
        <Card heading=i::own_title() id="invoices-heading">
            <Loaded resource=page view=|page| view! { <Shown page/> }.into_any()/>
        </Card>
    }
}

#[component]
fn Shown(
    /// The invoices.
    page: Page,
) -> impl IntoView {
    let Page { org, kind, on_account, rows, next } = page;
    let on_account: Vec<String> = on_account.into_iter().map(i18n::money).collect();
    let on_account = (!on_account.is_empty()).then(|| i::own_on_account(on_account.join(", ")));
    if rows.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Payment heading=i::own_none() text=i::own_none_text()/>
        }
        .into_any();
    }
    let place = match kind {
        OrgKind::Partner => format!("/store/{org}/invoices"),
        OrgKind::Customer | OrgKind::Vendor => format!("/admin/{org}/invoices"),
    };
    let rows = rows.into_iter().map(|row| line(&place, row)).collect_view();
    let next = next.map(|after| {
        let href = format!("/admin/{org}/billing?after={after}#invoices-heading");
        view! { <p><LinkButton label=t::payment::next_page() href/></p> }
    });
    view! {
        {on_account.map(|text| view! { <p>{text}</p> })}
        <DataTable caption=i::own_title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{i::own_number()}</th>
                    <th scope="col">{i::own_issued()}</th>
                    <th scope="col">{i::own_due()}</th>
                    <th scope="col" class="num">{i::own_total()}</th>
                    <th scope="col">{i::own_state()}</th>
                    <th scope="col">{i::own_payments()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        {next}
    }
    .into_any()
}

fn line(place: &str, row: InvoiceRow) -> impl IntoView + use<> {
    let href = format!("{place}/{}", row.id);
    let payments = row.payments.iter().map(paid).collect_view();
    let pay = (row.left.minor > 0).then(|| {
        let to = format!("{href}#pay-heading");
        view! { <LinkButton label=i::pay_short() href=to size=ButtonSize::Small described_by=row.id.to_string()/> }
    });
    view! {
        <tr>
            <th scope="row" class="nowrap" id=row.id.to_string()><a href=href>{row.number}</a></th>
            <td data-label=i::own_issued() class="nowrap">{i18n::date(row.issued_on)}</td>
            <td data-label=i::own_due() class="nowrap">{i18n::date(row.due_on)}</td>
            <td data-label=i::own_total() class="num">{i18n::money(row.total)}</td>
            <td data-label=i::own_state()><Badge label=words::status(row.status) tone=tone(row.status)/></td>
            <td data-label=i::own_payments()>{payments}{pay}</td>
        </tr>
    }
}

fn paid(of: &InvoicePayment) -> impl IntoView + use<> {
    let (status, tone) = payment::status(of.status);
    let said = i::own_payment(
        i18n::money(of.amount),
        i18n::date(of.at.day()),
        payment::paid_with(of.card.as_ref(), of.provider),
    );
    let refunded = (of.refunded > 0).then(|| {
        let back = kontor::kernel::money::Money::new(of.refunded, of.amount.currency);
        view! { <span class="beneath small">{t::payment::refunded(i18n::money(back))}</span> }
    });
    view! { <div>{said}" "<Badge label=status tone/>{refunded}</div> }
}
