//! An invoice or credit note as a page of the store, the console or the vendor's, to be printed or downloaded.

use super::{InvoiceSheet, pay::PayPart};
#[cfg(feature = "ssr")]
use crate::wire::{Cx, serve};
use crate::{
    data::Data,
    parts::load::{Failed, Loaded},
    t,
    ui::{Glyph, LinkButton},
    wire::{Api, ApiError, Call},
};
use kontor::{
    Error,
    invoice::InvoiceView,
    kernel::id::{InvoiceId, OrgId},
    payment::Due,
};
#[cfg(feature = "ssr")]
use kontor::{invoice::service, kernel::actor::Actor};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};

/// An invoice, and what is to be paid of it if the reader can do something about that.
type Seen = (InvoiceView, Option<Due>);

#[cfg(feature = "ssr")]
async fn seen(cx: &Cx, actor: &Actor, invoice: InvoiceId) -> Result<Seen, Error> {
    let view = service::view(&cx.kontor, actor, invoice).await?;
    let due = kontor::payment::service::due(&cx.kontor, actor, invoice).await?;
    Ok((view, due))
}

/// An invoice of a partner's customer, or of the partner.
#[server(name = StoreInvoice, prefix = "/api/store", endpoint = "invoice", client = Api, protocol = Call)]
pub async fn store_invoice(org: OrgId, invoice: InvoiceId) -> Result<Seen, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(kontor::kernel::right::Feature::PaymentsView)?;
        seen(&cx, &actor, invoice).await
    })
    .await
}

/// An invoice of the organisation.
#[server(name = OwnInvoice, prefix = "/api/admin", endpoint = "invoice", client = Api, protocol = Call)]
pub async fn own_invoice(org: OrgId, invoice: InvoiceId) -> Result<Seen, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(kontor::kernel::right::Feature::SubscriptionView)?;
        seen(&cx, &actor, invoice).await
    })
    .await
}

/// Any invoice.
#[server(name = AnyInvoice, prefix = "/api/vendor", endpoint = "invoice", client = Api, protocol = Call)]
pub async fn any_invoice(invoice: InvoiceId) -> Result<Seen, ApiError> {
    serve(|cx| async move {
        let staff = cx.staff().await?;
        staff.require(kontor::kernel::right::Feature::FinanceManage)?;
        seen(&cx, &staff, invoice).await
    })
    .await
}

/// `/store/{org}/invoices/{invoice}`, `/admin/{org}/invoices/{invoice}` and `/vendor/invoices/{invoice}`
#[component]
pub fn InvoicePage() -> impl IntoView {
    let params = use_params_map();
    let path = use_location().pathname;
    let asked = Memo::new(move |_| {
        let id = params.with(|p| p.get("invoice").and_then(|id| id.parse::<InvoiceId>().ok()));
        let org = params.with(|p| p.get("org").map(|id| id.parse::<OrgId>().ok()));
        (path.get(), org, id)
    });
    let found = Data::new(
        move || asked.get(),
        |(path, org, id)| async move {
            let missing = || ApiError(Error::NotFound);
            let id = id.ok_or_else(missing)?;
            let seen = match org {
                None => any_invoice(id).await?,
                Some(org) if path.starts_with("/admin/") => own_invoice(org.ok_or_else(missing)?, id).await?,
                Some(org) => store_invoice(org.ok_or_else(missing)?, id).await?,
            };
            Ok::<_, ApiError>((path, seen))
        },
    );
    view! {
        <Title text=t::payment::invoice()/>
        <main id="content" class="content stack">
            {move || asked.get().2.is_none().then(|| view! { <Failed error=Error::NotFound/> })}
            <Loaded resource=found view=|(path, (view, due))| {
                let store = path.starts_with("/store/");
                view! {
                    <div class="row">
                        <LinkButton label=t::invoice::download() href=format!("{path}?format=pdf") icon=Glyph::Download
                            rel="external"/>
                    </div>
                    {due.map(|due| view! { <div class="print-hide"><PayPart due store/></div> })}
                    <InvoiceSheet invoice=view/>
                }.into_any()
            }/>
        </main>
    }
}
