//! An invoice is paid: its state, the ledger, and the commission the sale earns.

use crate::{
    Error,
    catalogue::service as catalogue,
    commission::{
        Baseline, Deal, SaleKind,
        service::{Sale as Earning, accrue_all, postings},
    },
    invoice::{
        Content, InvoiceStatus, Sale,
        rows::{invoice, invoice_state},
    },
    kernel::{
        Kontor,
        error::internal,
        id::{Id, InvoiceId},
        instant::Day,
        money::Money,
    },
    ledger::{Account, Cause, Draft, EVERYBODY, Posting, service::post},
    mapping::rows::mapping,
    payment::rows::payment,
    setting::service::policy,
    subscription::{
        Plan, Service, Term,
        change::{Item, Payer},
        rows::subscription,
    },
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Books a payment of an invoice inside the transaction that settles the payment. Once all of it is paid the sale earns
/// its commission.
pub async fn paid(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    id: InvoiceId,
    payment: &payment::Model,
) -> Result<(), Error> {
    let row = invoice::by_id(tx, id).await?.ok_or(Error::NotFound)?;
    let mut state = invoice_state::locked(tx, id).await?.ok_or(Error::NotFound)?;
    state.paid += payment.amount;
    let next = if state.paid >= row.total { InvoiceStatus::Paid } else { InvoiceStatus::PartiallyPaid };
    if state.status.may_become(next) {
        state.status = next;
    }
    state.version += 1;
    let whole = state.status == InvoiceStatus::Paid;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    post(kontor, tx, &collected(kontor, &row, payment)?).await?;
    if whole { earn(kontor, tx, &row).await } else { Ok(()) }
}

/// The posting of a payment that came in.
fn collected(kontor: &Kontor, row: &invoice::Model, payment: &payment::Model) -> Result<Posting, Error> {
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    let amount = Money::new(payment.amount, payment.currency);
    about(Draft::new(Cause::Payment, payment.id.uuid(), &row.entity, kontor.now()), row)
        .debit(Account::Cash, owner, amount)
        .credit(Account::Receivable, owner, amount)
        .build()
        .map_err(internal)
}

/// A posting about an invoice's customer and partner.
pub(crate) fn about(draft: Draft, row: &invoice::Model) -> Draft {
    let draft = draft.org(row.org_id);
    match row.partner_id {
        Some(partner) => draft.partner(partner),
        None => draft,
    }
}

/// Lets the sale earn its commission, if the customer has a partner and pays itself.
pub(super) async fn earn(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &invoice::Model,
) -> Result<(), Error> {
    let Some(partner) = row.partner_id.filter(|_| row.payer == Payer::Customer) else { return Ok(()) };
    let Some(mapped) = mapping::between(tx, partner, row.org_id, Service::Workplace).await? else {
        return Ok(());
    };
    let Some(sub) = subscription::of(tx, row.org_id, Service::Workplace).await? else { return Ok(()) };
    let content: Content = serde_json::from_str(&row.content).map_err(internal)?;
    let policy = policy(kontor, tx).await?;
    let baseline = Baseline {
        plan: mapped.baseline_plan,
        seats: mapped.baseline_seats,
        addon_units: mapped.baseline_addon_units,
    };
    let deal = Deal {
        kind: kind(&content),
        payer: row.payer,
        currency: row.currency,
        base: row.net,
        plan: sub.plan,
        term: sub.term,
        seats: sub.seats,
        addon_units: sub.addon_units,
        unit_price: sub.unit_price,
        addon_price: sub.addon_price,
        baseline_unit_price: baseline_price(tx, row, mapped.baseline_plan, sub.term, row.issued_on).await?,
        sold_on: row.issued_on,
        first_paid_on: sub.first_paid_on.filter(|day| *day < row.issued_on),
        mapped_since: mapped.since.day(),
        baseline,
    };
    let earning = Earning {
        partner,
        org: row.org_id,
        subscription: row.subscription_id,
        invoice: row.id,
        cause: row.id.uuid(),
        entity: row.entity.clone(),
        deal,
    };
    let accrued = accrue_all(kontor, tx, &policy, std::slice::from_ref(&earning)).await?;
    let moved: Vec<_> = accrued.into_iter().flatten().filter_map(|line| line.moved).collect();
    for posting in postings(kontor, &moved)? {
        post(kontor, tx, &posting).await?;
    }
    Ok(())
}

/// What a licence of the baseline's plan costs on the day of the sale; nothing if there is no baseline.
async fn baseline_price(
    tx: &DatabaseTransaction,
    row: &invoice::Model,
    plan: Option<Plan>,
    term: Term,
    day: Day,
) -> Result<i64, Error> {
    let Some(item) = plan.and_then(Item::of) else { return Ok(0) };
    let prices = catalogue::prices_on(tx, row.currency, day).await?;
    Ok(prices.iter().find(|(i, t, _)| (*i, *t) == (item, term)).map_or(0, |(.., amount)| *amount))
}

/// What kind of sale an invoice is: of its lines the one that weighs most.
fn kind(content: &Content) -> SaleKind {
    let weighs =
        content.lines.iter().filter(|line| line.text.sale != Sale::Refund).max_by_key(|line| line.net);
    match weighs.map(|line| (line.text.sale, line.text.item)) {
        Some((Sale::New, _)) => SaleKind::New,
        Some((Sale::Added, Item::ExtraStorage)) => SaleKind::AddOn,
        Some((Sale::Added | Sale::Upgrade, _)) => SaleKind::Upgrade,
        _ => SaleKind::Renewal,
    }
}

/// An invoice over nothing, because earlier credits cover it, is paid as it is.
pub async fn settled_by_credit(tx: &DatabaseTransaction, id: InvoiceId) -> Result<(), Error> {
    let mut state = invoice_state::locked(tx, id).await?.ok_or(Error::NotFound)?;
    state.status = InvoiceStatus::Paid;
    state.version += 1;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    Ok(())
}

/// Gives an unpaid invoice up: what is owed on it is lost.
pub async fn write_off(kontor: &Kontor, tx: &DatabaseTransaction, row: &invoice::Model) -> Result<(), Error> {
    let mut state = invoice_state::locked(tx, row.id).await?.ok_or(Error::NotFound)?;
    let left = row.total - state.paid - state.credited;
    if left <= 0 || !state.status.may_become(InvoiceStatus::Uncollectible) {
        return Ok(());
    }
    state.status = InvoiceStatus::Uncollectible;
    state.version += 1;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    let amount = Money::new(left, row.currency);
    let posting = about(Draft::new(Cause::WriteOff, row.id.uuid(), &row.entity, kontor.now()), row)
        .debit(Account::BadDebt, owner, amount)
        .credit(Account::Receivable, owner, amount)
        .build()
        .map_err(internal)?;
    post(kontor, tx, &posting).await?;
    Ok(())
}
