//! The intent to collect an amount: committed before the provider hears of it (design.md section 3, rule 2).

use crate::{
    Error,
    job::{JobKind, service::enqueue},
    kernel::{Kontor, id::*, money::Money},
    payment::{PaymentStatus, Provider, Purpose, rows::payment},
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// What is to be collected, from whom, and what for.
#[derive(Debug, Clone)]
pub struct Intent {
    /// The organisation whose subscription is paid for.
    pub org: OrgId,
    /// Who pays.
    pub debtor: OrgId,
    /// The partner the customer is mapped to.
    pub partner: Option<OrgId>,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The change that takes effect once it is paid.
    pub change: Option<ChangeId>,
    /// The invoice that is paid.
    pub invoice: Option<InvoiceId>,
    /// Through whom.
    pub provider: Provider,
    /// With what; nothing for a transfer.
    pub method: Option<MethodId>,
    /// How much.
    pub amount: Money,
    /// Which try, from 1.
    pub attempt: i32,
    /// What the payer reads on the statement.
    pub reference: String,
    /// The key of the form of whoever asked for it and sits and waits; nothing for what the programme collects by itself.
    pub request_key: Option<String>,
}

/// How long the request that made the intent may take before a job carries it out: a crash in between must not leave a
/// payment that nobody asks about.
pub(super) const PATIENCE_MS: i64 = 45_000;

/// Notes the intent inside the caller's transaction. Its id is the key the provider is called with: however often it
/// is called, it charges once.
pub async fn intend(kontor: &Kontor, tx: &DatabaseTransaction, intent: Intent) -> Result<PaymentId, Error> {
    let waited_for = intent.change.is_some() || intent.request_key.is_some();
    let row = payment::Model {
        id: kontor.id(),
        org_id: intent.org,
        debtor_id: intent.debtor,
        partner_id: intent.partner,
        subscription_id: intent.subscription,
        purpose: if intent.change.is_some() { Purpose::Change } else { Purpose::Invoice },
        change_id: intent.change,
        invoice_id: intent.invoice,
        provider: intent.provider,
        method_id: intent.method,
        currency: intent.amount.currency,
        amount: intent.amount.minor,
        refunded: 0,
        status: PaymentStatus::Created,
        provider_ref: None,
        action_url: None,
        failure: None,
        attempt: intent.attempt,
        reference: intent.reference,
        request_key: intent.request_key,
        created_at: kontor.now(),
        settled_at: None,
        version: 1,
    };
    let id = row.id;
    payment::Entity::insert(payment::ActiveModel::from(row)).exec_without_returning(tx).await?;
    // A renewal has nobody who waits for it: its job is what carries it out.
    let patience = if waited_for { PATIENCE_MS } else { 0 };
    watch(kontor, tx, id, kontor.now().plus_ms(patience)).await?;
    Ok(id)
}

/// Lets a job look at a payment at `due`.
pub(super) async fn watch(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    id: PaymentId,
    due: crate::kernel::instant::Instant,
) -> Result<(), Error> {
    let payload = serde_json::json!({ "payment": id });
    enqueue(kontor, tx, JobKind::Payment, due, Some(format!("payment:{id}")), payload).await?;
    Ok(())
}
