//! Whoever owes an invoice pays what is left of it: with a card, while they sit and wait, or by transfer.

use super::{
    carry_out::carry_out,
    intend::{Intent, intend},
    methods::{TRANSFER, method_for, usable_methods},
    settle,
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    invoice::{
        InvoiceKind, InvoiceStatus,
        rows::{invoice, invoice_state},
        service::left,
    },
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        id::{InvoiceId, SubscriptionId},
        money::Money,
        right::{Feature, OrgKind},
        text,
    },
    payment::{Due, Failure, PayForm, Paying, PaymentStatus, Provider, Waiting, rows::payment},
    subscription::{
        Service,
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// The feature that lets people spend their organisation's money on its invoices.
fn needed(actor: &Actor) -> Feature {
    if actor.kind == OrgKind::Partner { Feature::PaymentsCard } else { Feature::BillingEdit }
}

/// What is left to pay of an invoice, for its debtor and for vendor finance; nothing for everybody else, and for what is
/// paid, void or a credit note. The caller has shown the invoice: who may see it is known.
pub async fn due(kontor: &Kontor, actor: &Actor, id: InvoiceId) -> Result<Option<Due>, Error> {
    let db = kontor.db.read();
    let row = invoice::by_id(db, id).await?.ok_or(Error::NotFound)?;
    let state = invoice_state::of(db, id).await?.ok_or(Error::NotFound)?;
    let acting = matches!(actor.standing, Standing::Acting { .. });
    let pays = row.debtor_id == actor.org && !acting && actor.may(needed(actor));
    let records = actor.kind == OrgKind::Vendor && actor.may(Feature::FinanceManage);
    let amount = payable(db, &row, &state).await?;
    if amount == 0 || !pays && !records {
        return Ok(None);
    }
    let known = payment::of_invoice(db, id).await?;
    let waiting = known.into_iter().rev().find(|payment| payment.status.is_open()).map(|payment| Waiting {
        provider: payment.provider,
        amount: Money::new(payment.amount, payment.currency),
        reference: payment.reference,
        action_url: payment.action_url.filter(|_| pays),
    });
    Ok(Some(Due {
        org: actor.org,
        invoice: id,
        left: Money::new(amount, row.currency),
        late: state.status == InvoiceStatus::PastDue || state.due_on < kontor.now().day(),
        waiting,
        methods: if pays { usable_methods(kontor, db, actor.org).await? } else { Vec::new() },
        pays,
        records,
        request_key: kontor.token(),
    }))
}

/// What can be paid of an invoice; nothing of one that is void, or no invoice. What was given up can be paid all the same.
async fn payable(
    db: &impl ConnectionTrait,
    row: &invoice::Model,
    state: &invoice_state::Model,
) -> Result<i64, Error> {
    let open = state.status.is_open() || state.status == InvoiceStatus::Uncollectible;
    if row.kind == InvoiceKind::Invoice && open { left(db, row, state).await } else { Ok(0) }
}

/// An invoice that somebody pays or records a payment of, with all that another could do to it locked.
pub(super) struct Counter {
    /// The invoice.
    pub row: invoice::Model,
    /// What is left of it.
    pub left: i64,
    /// A payment of it that is under way.
    pub open: Option<payment::Model>,
}

impl Counter {
    /// Locks in the order in which payments are settled: the payment, the subscription, the invoice.
    pub async fn open(tx: &DatabaseTransaction, row: invoice::Model) -> Result<Self, Error> {
        let under_way = async || -> Result<_, Error> {
            let known = payment::of_invoice(tx, row.id).await?;
            Ok(known.into_iter().rev().find(|payment| payment.status.is_open()))
        };
        let open = match under_way().await? {
            Some(payment) => {
                payment::locked(tx, payment.id).await?.filter(|payment| payment.status.is_open())
            }
            None => None,
        };
        let sub = subscription::locked(tx, row.org_id, Service::Workplace).await?;
        let state = invoice_state::locked(tx, row.id).await?.ok_or(Error::NotFound)?;
        // Another may have begun to pay before the locks were ours.
        if under_way().await?.map(|payment| payment.id) != open.as_ref().map(|payment| payment.id) {
            return Err(Refusal::PaymentUnderWay.into());
        }
        if let Some(sub) = sub {
            free_to_pay(tx, row.debtor_id != row.org_id, sub.id).await?;
        }
        let left = payable(tx, &row, &state).await?;
        if left == 0 {
            return Err(Refusal::NothingDue.into());
        }
        Ok(Self { row, left, open })
    }
}

/// Pays what is left of an invoice of the actor's own organisation. The same request key pays once. `StaleVersion` if
/// something else is left than the reader was shown. Answers where the payment stands, and where the card's owner confirms
/// with the bank if that is asked for.
pub async fn pay_invoice(
    kontor: &Kontor,
    actor: &Actor,
    id: InvoiceId,
    form: &PayForm,
) -> Result<Paying, Error> {
    let own = |row: &invoice::Model| row.debtor_id == actor.org;
    let row = invoice::by_id(kontor.db.read(), id).await?.filter(own).ok_or(Error::NotFound)?;
    if matches!(actor.standing, Standing::Acting { .. }) {
        return Err(Error::NotFound);
    }
    actor.require(needed(actor))?;
    let key = text::line(&form.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    let shown = form.left.trim().parse::<i64>().map_err(|_| Error::StaleVersion)?;
    let tx = kontor.db.begin().await?;
    if let Some(known) = payment::by_key(&tx, &key).await? {
        let same = known.invoice_id == Some(id) && known.amount == shown;
        return if same { answer(known) } else { Err(Refusal::KeyReused.into()) };
    }
    let Counter { row, left, open } = Counter::open(&tx, row).await?;
    if left != shown {
        return Err(Error::StaleVersion);
    }
    match open {
        // The transfer is awaited already, or the bank was asked already.
        Some(open) if open.provider == Provider::Manual && form.method.trim() == TRANSFER => {
            return answer(open);
        }
        Some(open) if open.status == PaymentStatus::RequiresAction => return answer(open),
        Some(open) if open.provider == Provider::Manual => await_no_more(kontor, &tx, open).await?,
        Some(_) => return Err(Refusal::PaymentUnderWay.into()),
        None => {}
    }
    let (provider, method) = method_for(kontor, &tx, actor.org, &form.method).await?;
    let intent = Intent {
        org: row.org_id,
        debtor: row.debtor_id,
        partner: row.partner_id,
        subscription: row.subscription_id,
        change: None,
        invoice: Some(id),
        provider,
        method,
        amount: Money::new(left, row.currency),
        attempt: 1,
        reference: row.number.clone(),
        request_key: Some(key),
    };
    let payment = intend(kontor, &tx, intent).await?;
    let facts =
        serde_json::json!({ "invoice": id, "amount": left, "currency": row.currency, "provider": provider });
    append(kontor, &tx, actor.org, actor, Event::new("payment.begun", &row.number).with(facts)).await?;
    tx.commit().await?;
    answer(carry_out(kontor, payment).await?)
}

/// What a partner owes is left alone while its customer is just paying in its place.
pub(super) async fn free_to_pay(
    tx: &DatabaseTransaction,
    by_partner: bool,
    subscription: SubscriptionId,
) -> Result<(), Error> {
    if by_partner && subscription_change::is_taken_over(tx, subscription).await? {
        return Err(Refusal::ChangePending.into());
    }
    Ok(())
}

fn answer(payment: payment::Model) -> Result<Paying, Error> {
    if payment.status == PaymentStatus::Failed {
        let failure = payment.failure.as_deref().and_then(Failure::from_key);
        return Err(failure.map_or(Refusal::PaymentDeclined, Failure::refusal).into());
    }
    Ok(Paying { payment: payment.id, status: payment.status, action_url: payment.action_url })
}

/// A transfer is awaited no more, because what it was for is paid otherwise. Nothing follows from it.
pub(crate) async fn await_no_more(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    of: payment::Model,
) -> Result<(), Error> {
    let gone = payment::Model {
        status: PaymentStatus::Failed,
        failure: Some(Failure::Abandoned.key().to_owned()),
        settled_at: Some(kontor.now()),
        version: of.version + 1,
        ..of
    };
    settle::store(tx, &gone).await
}
