//! Giving money back (domain.md section 9, R9.6 and R9.7): decided and committed first, then asked of the provider, then
//! booked.

use super::{carry_out::port, settle};
use crate::{
    Error, Problems, Refusal,
    audit::service::{Event, append},
    commission::{
        SaleKind,
        rule::hold_days,
        service::{Back, claw_back, postings, restore},
    },
    invoice::{
        Settlement,
        rows::invoice,
        service::{about, credit, put_on_account, taken_back, won_back},
    },
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{
        Kontor,
        actor::Actor,
        again::again,
        error::internal,
        id::{Id, PaymentId, RefundId},
        money::{Money, parse_amount},
        right::{Feature, OrgKind},
        text,
    },
    ledger::{Account, Cause, Draft, EVERYBODY, Posting, service::post_all},
    organisation::rows::organisation,
    payment::{
        PaymentStatus, Provider, RefundForm, RefundKind, RefundStatus,
        port::{PortError, RefundOrder, RefundOutcome},
        rows::{payment, payment_method, refund},
    },
    setting::service::policy,
    subscription,
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde::Deserialize;

/// Decides on a refund of a payment and has the provider carry it out. Everything, within the window (the term that was
/// bought ends, the change that was paid for is undone), or a part with a reason. The same key gives back once.
pub async fn give_back(
    kontor: &Kontor,
    actor: &Actor,
    id: PaymentId,
    form: &RefundForm,
) -> Result<RefundId, Error> {
    actor.require(Feature::FinanceManage)?;
    let key = text::line(&form.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    let tx = kontor.db.begin().await?;
    let mut row = payment::locked(&tx, id).await?.ok_or(Error::NotFound)?;
    let kind = match RefundKind::from_key(&form.kind) {
        Some(kind @ (RefundKind::Full | RefundKind::Credit)) => kind,
        _ => RefundKind::Partial,
    };
    let full = kind == RefundKind::Full;
    let mut problems = Problems::new();
    let reason = problems.take("reason", text::line(&form.reason, 3, 500));
    let left = row.amount - row.refunded;
    let typed = parse_amount(&form.amount, row.currency).map_err(Into::into);
    let amount = if full { left } else { problems.take("amount", typed) };
    problems.finish()?;
    if let Some(known) = refund::by_key(&tx, &key).await? {
        let same = known.payment_id == id && known.kind == kind && (full || known.amount == amount);
        return if same { Ok(known.id) } else { Err(Refusal::KeyReused.into()) };
    }
    if row.status != PaymentStatus::Succeeded || amount <= 0 || amount > left {
        return Err(Refusal::RefundTooMuch.into());
    }
    if full && (row.refunded > 0 || !within_window(kontor, &tx, &row).await?) {
        return Err(Refusal::RefundWindowOver.into());
    }
    let decided = refund::Model {
        id: kontor.id(),
        payment_id: id,
        org_id: row.org_id,
        kind,
        amount,
        currency: row.currency,
        status: RefundStatus::Processing,
        reason,
        request_key: key,
        provider_ref: None,
        credit_note_id: None,
        by_label: actor.label(),
        failure: None,
        created_at: kontor.now(),
        settled_at: None,
        version: 1,
    };
    row.refunded += amount;
    row.version += 1;
    settle::store(&tx, &row).await?;
    let facts = serde_json::json!({ "payment": id, "amount": amount, "currency": row.currency,
        "kind": decided.kind, "reason": decided.reason });
    let name = organisation::by_id(&tx, row.org_id).await?.map(|o| o.name).unwrap_or_default();
    for chain in [Some(actor.org), Some(row.org_id), row.partner_id].into_iter().flatten() {
        append(kontor, &tx, chain, actor, Event::new("payment.refunded", &name).with(facts.clone())).await?;
    }
    let refund = decide(kontor, &tx, decided, kontor.now().plus_minutes(1)).await?;
    tx.commit().await?;
    carry_back(kontor, refund).await?;
    Ok(refund)
}

/// Keeps a refund that was decided on, and lets a job see to it at `due`.
pub(super) async fn decide(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    decided: refund::Model,
    due: crate::kernel::instant::Instant,
) -> Result<RefundId, Error> {
    let id = decided.id;
    refund::Entity::insert(refund::ActiveModel::from(decided)).exec_without_returning(tx).await?;
    watch(kontor, tx, id, due).await?;
    Ok(id)
}

/// Whether the payment can still be refunded in full: the window counts from the purchase of the term, also for what
/// changed the term later (domain.md section 7, S70).
async fn within_window(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &payment::Model,
) -> Result<bool, Error> {
    let policy = policy(kontor, tx).await?;
    let (since, term) = subscription::service::refundable(kontor, tx, row).await?;
    Ok(kontor.now().day() < since.plus(hold_days(term, &policy)))
}

async fn watch(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    id: RefundId,
    due: crate::kernel::instant::Instant,
) -> Result<(), Error> {
    let payload = serde_json::json!({ "refund": id });
    enqueue(kontor, tx, JobKind::Refund, due, Some(format!("refund:{id}")), payload).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Watched {
    refund: RefundId,
}

/// The job that sees every refund to its end.
pub async fn watch_refund(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let Watched { refund: id } =
        serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    carry_back(kontor, id).await?;
    let tx = kontor.db.begin().await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let open = refund::by_id(&tx, id).await?.is_some_and(|row| row.status == RefundStatus::Processing);
    if open {
        watch(kontor, &tx, id, kontor.now().plus_minutes(10)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Asks the provider to give back, and books its answer; without an answer the job asks again with the same key.
async fn carry_back(kontor: &Kontor, id: RefundId) -> Result<(), Error> {
    let db = kontor.db.read();
    let row = refund::by_id(db, id).await?.ok_or(Error::NotFound)?;
    if row.status != RefundStatus::Processing {
        return Ok(());
    }
    let of = payment::by_id(db, row.payment_id).await?.ok_or(Error::NotFound)?;
    // A transfer goes back by hand: finance has done it, or does it, and notes it here. Credit stays with us.
    let answer = if of.provider == Provider::Manual || row.kind == RefundKind::Credit {
        Ok(RefundOutcome { status: RefundStatus::Succeeded, provider_ref: None })
    } else {
        let order = RefundOrder {
            key: row.id.to_string(),
            provider_ref: of.provider_ref.clone().unwrap_or_default(),
            amount: Money::new(row.amount, row.currency),
        };
        port(kontor, of.provider)?.refund(&order).await
    };
    match answer {
        Ok(outcome) => settle_refund(kontor, id, outcome, None).await,
        Err(PortError::Refused(what)) => {
            let outcome = RefundOutcome { status: RefundStatus::Failed, provider_ref: None };
            settle_refund(kontor, id, outcome, Some(what)).await
        }
        Err(error) => {
            tracing::warn!(refund = %id, %error, "the payment provider is asked again");
            Ok(())
        }
    }
}

/// Books what came of a refund, once.
pub(super) async fn settle_refund(
    kontor: &Kontor,
    id: RefundId,
    outcome: RefundOutcome,
    failure: Option<String>,
) -> Result<(), Error> {
    again(|| settle_once(kontor, id, outcome.clone(), failure.clone())).await
}

async fn settle_once(
    kontor: &Kontor,
    id: RefundId,
    outcome: RefundOutcome,
    failure: Option<String>,
) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let known = refund::by_id(&tx, id).await?.ok_or(Error::NotFound)?;
    let mut of = payment::locked(&tx, known.payment_id).await?.ok_or(Error::NotFound)?;
    let mut row = refund::locked(&tx, id).await?.ok_or(Error::NotFound)?;
    if row.status != RefundStatus::Processing || outcome.status == RefundStatus::Processing {
        return Ok(());
    }
    row.status = outcome.status;
    row.provider_ref = outcome.provider_ref;
    row.failure = failure;
    row.settled_at = Some(kontor.now());
    row.version += 1;
    let mut postings = Vec::new();
    if row.status == RefundStatus::Failed {
        of.refunded -= row.amount;
        of.version += 1;
        settle::store(&tx, &of).await?;
    } else if row.kind != RefundKind::Late {
        let (note, booked) = book(kontor, &tx, &of, &row).await?;
        row.credit_note_id = Some(note);
        postings = booked;
    }
    refund::Entity::update(row.clone().into_active_model().reset_all()).exec(&tx).await?;
    if row.status == RefundStatus::Succeeded && row.kind == RefundKind::Full {
        subscription::service::gave_back(kontor, &tx, &of).await?;
    }
    post_all(kontor, &tx, &postings).await?;
    tx.commit().await?;
    settle::told(kontor, &of);
    Ok(())
}

/// The credit note, the money that went out, and the commission that goes back. Answers the note and what is to be posted.
pub(super) async fn book(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    of: &payment::Model,
    row: &refund::Model,
) -> Result<(crate::kernel::id::InvoiceId, Vec<Posting>), Error> {
    let invoice = of.invoice_id.ok_or_else(|| internal("a paid payment without an invoice"))?;
    let invoice = invoice::by_id(tx, invoice).await?.ok_or(Error::NotFound)?;
    let mut postings = take_back(kontor, tx, &invoice, row.amount, row.id.uuid(), SaleKind::Refund).await?;
    let method = match of.method_id {
        Some(id) => payment_method::one(tx, of.debtor_id, id).await?,
        None => None,
    };
    let credited = row.kind == RefundKind::Credit;
    let settlement = match method {
        _ if credited => Settlement::Account,
        Some(m) => Settlement::Paid { brand: m.brand, last4: m.last4 },
        None => Settlement::Transfer,
    };
    let gross = (row.kind != RefundKind::Full).then_some(row.amount);
    let (note, written) = credit(kontor, tx, &invoice, gross, settlement, &row.reason).await?;
    postings.push(written);
    let owner = invoice.partner_id.unwrap_or(EVERYBODY);
    let money = |minor| Money::new(minor, row.currency);
    // What was paid from the account goes back there with the whole of an invoice.
    let used = if row.kind == RefundKind::Full { (-note.total - row.amount).max(0) } else { 0 };
    let on_account = if credited { row.amount } else { used };
    if on_account > 0 {
        put_on_account(tx, &invoice, on_account).await?;
    }
    // Tax is taken on whole minor units, so the paper may say a minor unit more or less than went out.
    let back = row.amount + used;
    let residue = back + note.total;
    let posting = about(Draft::new(Cause::Refund, row.id.uuid(), &invoice.entity, kontor.now()), &invoice)
        .debit(Account::Receivable, owner, money(back - residue))
        .debit(Account::Rounding, owner, money(residue))
        .credit(Account::Cash, owner, money(back - on_account))
        .credit(Account::Credit, owner, money(on_account))
        .build()
        .map_err(internal)?;
    postings.push(posting);
    Ok((note.id, postings))
}

/// Takes the commission on a part of an invoice back. `gross` is of the invoice's total. Answers what is to be posted.
async fn take_back(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    invoice: &invoice::Model,
    gross: i64,
    cause: uuid::Uuid,
    kind: SaleKind,
) -> Result<Vec<Posting>, Error> {
    let back =
        Back { invoice: invoice.id, part: gross.min(invoice.total), whole: invoice.total, cause, kind };
    postings(kontor, &claw_back(kontor, tx, &back).await?)
}

/// The payer's bank took the money back: so is the revenue, and the commission on it (R9.7). Answers what is to be posted,
/// as the last thing of the transaction.
pub(super) async fn charge_back(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    of: &payment::Model,
) -> Result<Vec<Posting>, Error> {
    let Some((invoice, gross)) = disputed(tx, of).await? else { return Ok(Vec::new()) };
    let mut postings = take_back(kontor, tx, &invoice, gross, of.id.uuid(), SaleKind::Chargeback).await?;
    let tax = taken_back(tx, &invoice, gross).await?;
    postings.push(chargeback(kontor, &invoice, of, Cause::Chargeback, [gross, gross - tax, tax])?);
    let name = organisation::by_id(tx, of.org_id).await?.map(|o| o.name).unwrap_or_default();
    let actor = Actor::system(of.org_id, OrgKind::Customer, "payments");
    let facts = serde_json::json!({ "payment": of.id, "amount": gross, "currency": of.currency });
    for chain in [Some(of.org_id), of.partner_id].into_iter().flatten() {
        append(kontor, tx, chain, &actor, Event::new("payment.charged_back", &name).with(facts.clone()))
            .await?;
    }
    subscription::service::charged_back(kontor, tx, of).await?;
    Ok(postings)
}

/// The dispute was decided for us: the money is ours again, the subscription what it was, and so is the partner's commission.
/// Answers what is to be posted.
pub(super) async fn chargeback_won(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    of: &payment::Model,
) -> Result<Vec<Posting>, Error> {
    let Some((invoice, gross)) = disputed(tx, of).await? else { return Ok(Vec::new()) };
    let mut postings = postings(kontor, &restore(kontor, tx, invoice.id, of.id.uuid()).await?)?;
    let (missing, tax) = won_back(tx, &invoice, gross).await?;
    let amounts = [-gross, tax - missing, -tax];
    postings.push(chargeback(kontor, &invoice, of, Cause::ChargebackWon, amounts)?);
    let name = organisation::by_id(tx, of.org_id).await?.map(|o| o.name).unwrap_or_default();
    let actor = Actor::system(of.org_id, OrgKind::Customer, "payments");
    let facts = serde_json::json!({ "payment": of.id, "amount": gross, "currency": of.currency });
    for chain in [Some(of.org_id), of.partner_id].into_iter().flatten() {
        append(kontor, tx, chain, &actor, Event::new("payment.dispute_won", &name).with(facts.clone()))
            .await?;
    }
    subscription::service::won_back(kontor, tx, of).await?;
    Ok(postings)
}

/// The invoice of a payment, and what of the payment was not given back before.
async fn disputed(
    tx: &DatabaseTransaction,
    of: &payment::Model,
) -> Result<Option<(invoice::Model, i64)>, Error> {
    let gross = of.amount - of.refunded;
    let Some(id) = of.invoice_id.filter(|_| gross > 0) else { return Ok(None) };
    Ok(invoice::by_id(tx, id).await?.map(|invoice| (invoice, gross)))
}

/// The posting of money that goes (positive amounts) or comes back: `gross`, and of it revenue and tax. What of `gross` is
/// neither was paid twice: the debtor has it to its credit.
fn chargeback(
    kontor: &Kontor,
    invoice: &invoice::Model,
    of: &payment::Model,
    cause: Cause,
    [gross, revenue, tax]: [i64; 3],
) -> Result<Posting, Error> {
    let owner = invoice.partner_id.unwrap_or(EVERYBODY);
    let money = |minor: i64| Money::new(minor, of.currency);
    about(Draft::new(cause, of.id.uuid(), &invoice.entity, kontor.now()), invoice)
        .debit(Account::Chargebacks, owner, money(revenue))
        .debit(Account::Tax, owner, money(tax))
        .debit(Account::Receivable, owner, money(gross - revenue - tax))
        .credit(Account::Cash, owner, money(gross))
        .build()
        .map_err(internal)
}
