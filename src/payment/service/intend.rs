//! The intent to collect an amount: committed before the provider hears of it (design.md section 3, rule 2).

use crate::{
    Error,
    job::{
        JobKind,
        service::{NewJob, enqueue_all},
    },
    kernel::{Kontor, db::insert_all, error::internal, id::*, instant::Instant, money::Money},
    payment::{PaymentStatus, Provider, Purpose, rows::payment},
};
use sea_orm::DatabaseTransaction;

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
    let ids = intend_all(kontor, tx, vec![intent]).await?;
    ids.into_iter().next().ok_or_else(|| internal("an intent without a payment"))
}

/// [`intend`] for many intents in few statements; one id per intent, in their order.
pub async fn intend_all(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    intents: Vec<Intent>,
) -> Result<Vec<PaymentId>, Error> {
    let (mut ids, mut rows, mut jobs) = (Vec::new(), Vec::new(), Vec::new());
    for intent in intents {
        // A renewal has nobody who waits for it: its job is what carries it out.
        let waited_for = intent.change.is_some() || intent.request_key.is_some();
        let patience = if waited_for { PATIENCE_MS } else { 0 };
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
        ids.push(row.id);
        jobs.push(look(row.id, kontor.now().plus_ms(patience)));
        rows.push(payment::ActiveModel::from(row));
    }
    insert_all(tx, rows, None).await?;
    enqueue_all(kontor, tx, jobs).await?;
    Ok(ids)
}

/// The job that looks at a payment at `due`.
fn look(id: PaymentId, due: Instant) -> NewJob {
    NewJob {
        kind: JobKind::Payment,
        due,
        unique: Some(format!("payment:{id}")),
        payload: serde_json::json!({ "payment": id }),
    }
}

/// Lets a job look at a payment at `due`.
pub(super) async fn watch(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    id: PaymentId,
    due: Instant,
) -> Result<(), Error> {
    enqueue_all(kontor, tx, vec![look(id, due)]).await
}
