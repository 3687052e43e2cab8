//! Paying an open invoice: the debtor with a card or by transfer; finance records what came in.

#[cfg(feature = "ssr")]
use crate::wire::{Cx, redirect, serve};
use crate::{
    form::{Problems, plain_form},
    i18n,
    parts::payments::PayWith,
    t::{self, invoice as i},
    ui::{Button, ButtonVariant, Callout, Card, Input, LinkButton, Text, Tone},
    wire::{Api, ApiError, Call},
};
#[cfg(feature = "ssr")]
use kontor::{
    Error,
    kernel::actor::Actor,
    payment::{PaymentStatus, service},
};
use kontor::{
    kernel::id::{InvoiceId, OrgId},
    payment::{Due, PayForm, Provider, RecordForm, Waiting},
};
use leptos::prelude::*;

/// The call of a partner that pays.
const PAY_STORE: &str = "/api/store/pay_invoice";
/// The call of a customer that pays.
const PAY_OWN: &str = "/api/admin/pay_invoice";
/// The call of finance.
const RECORD: &str = "/api/vendor/record_invoice_payment";

/// Pays, and leads back to the invoice at `page`: if the bank asks, the way to it is there.
#[cfg(feature = "ssr")]
async fn pay(cx: &Cx, actor: Actor, invoice: InvoiceId, form: PayForm, page: String) -> Result<(), Error> {
    let paying = service::pay_invoice(&cx.kontor, &actor, invoice, &form).await?;
    cx.done(match paying.status {
        PaymentStatus::Succeeded => "invoice_paid",
        PaymentStatus::RequiresAction => "bank_asks",
        _ if form.method == service::TRANSFER => "transfer_promised",
        _ => "change_charging",
    });
    redirect(&page);
    Ok(())
}

/// The partner pays an invoice of its own.
#[server(name = PayStoreInvoice, prefix = "/api/store", endpoint = "pay_invoice", client = Api, protocol = Call)]
pub async fn pay_store_invoice(
    org: OrgId,
    invoice: InvoiceId,
    #[server(flatten)] form: PayForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(kontor::kernel::right::Feature::PaymentsCard)?;
        pay(&cx, actor, invoice, form, format!("/store/{org}/invoices/{invoice}")).await
    })
    .await
}

/// The organisation pays an invoice of its own.
#[server(name = PayOwnInvoice, prefix = "/api/admin", endpoint = "pay_invoice", client = Api, protocol = Call)]
pub async fn pay_own_invoice(
    org: OrgId,
    invoice: InvoiceId,
    #[server(flatten)] form: PayForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(kontor::kernel::right::Feature::BillingEdit)?;
        pay(&cx, actor, invoice, form, format!("/admin/{org}/invoices/{invoice}")).await
    })
    .await
}

/// Finance records what came in for an invoice.
#[server(name = RecordInvoicePayment, prefix = "/api/vendor", endpoint = "record_invoice_payment", client = Api, protocol = Call)]
pub async fn record_invoice_payment(
    invoice: InvoiceId,
    #[server(flatten)] form: RecordForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::record_invoice_payment(&cx.kontor, &cx.staff().await?, invoice, &form).await?;
        cx.done("invoice_payment_recorded");
        redirect(&format!("/vendor/invoices/{invoice}"));
        Ok(())
    })
    .await
}

/// What can be done about an invoice that is not paid.
#[component]
pub fn PayPart(
    /// What is left of it.
    due: Due,
    /// Whether the reader stands in the store: there a partner pays.
    store: bool,
) -> impl IntoView {
    let amount = i18n::money(due.left);
    let left = if due.late { i::left_late(&amount) } else { i::left(&amount) };
    let heading = if due.pays { i::pay_title() } else { i::record_title() };
    let waiting = due.waiting.clone().map(|waiting| view! { <Waits waiting/> });
    // What the bank asks about is answered there, and a card that is being charged is waited for.
    let by_card = due.waiting.as_ref().is_some_and(|waiting| waiting.provider != Provider::Manual);
    let (pays, records) = (due.pays && !by_card, due.records && !by_card);
    let form = due.clone();
    view! {
        <Card heading id="pay-heading">
            <p>{left}</p>
            {waiting}
            {pays.then(|| view! { <PayIt due=form store/> })}
            {records.then(|| view! { <RecordIt due/> })}
        </Card>
    }
    .into_any()
}

#[component]
fn Waits(
    /// The payment.
    waiting: Waiting,
) -> impl IntoView {
    let amount = i18n::money(waiting.amount);
    let text = match (waiting.provider, &waiting.action_url) {
        (Provider::Manual, _) => i::waiting_transfer(amount, &waiting.reference),
        (_, Some(_)) => i::waiting_bank(amount),
        (_, None) => i::waiting_card(amount),
    };
    let confirm = waiting.action_url.map(|href| {
        view! {
            <div class="row">
                <LinkButton label=i::confirm_at_bank() href variant=ButtonVariant::Primary rel="external"/>
            </div>
        }
    });
    view! { <Callout tone=Tone::Info><p>{text}</p>{confirm}</Callout> }.into_any()
}

#[component]
fn PayIt(
    /// What is left.
    due: Due,
    /// Whether a partner pays.
    store: bool,
) -> impl IntoView {
    let call = if store { PAY_STORE } else { PAY_OWN };
    let form = plain_form(call);
    let label = i::pay(i18n::money(due.left));
    view! {
        <Problems form/>
        <form class="form" method="post" action=call novalidate>
            <input type="hidden" name="org" value=due.org.to_string()/>
            <input type="hidden" name="invoice" value=due.invoice.to_string()/>
            <input type="hidden" name="left" value=due.left.minor.to_string()/>
            <input type="hidden" name="request_key" value=due.request_key/>
            <PayWith methods=due.methods transfer=true chosen=form.value("method")/>
            <div class="row"><Button label variant=ButtonVariant::Primary/></div>
        </form>
    }
    .into_any()
}

#[component]
fn RecordIt(
    /// What is left.
    due: Due,
) -> impl IntoView {
    let form = plain_form(RECORD);
    let suffix = Text::from(due.left.currency.key());
    view! {
        <Problems form/>
        <p>{i::record_text()}</p>
        <form class="form" method="post" action=RECORD novalidate>
            <input type="hidden" name="invoice" value=due.invoice.to_string()/>
            <input type="hidden" name="request_key" value=due.request_key/>
            <Input name="amount" label=t::payment::amount() inputmode="decimal" size=12 suffix
                value=form.value("amount") error=form.error("amount") required=true/>
            <Input name="reference" label=t::payment::reference() value=form.value("reference")
                error=form.error("reference")/>
            <div class="row"><Button label=i::record() variant=ButtonVariant::Primary/></div>
        </form>
    }
    .into_any()
}
