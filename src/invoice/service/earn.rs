//! What a paid invoice earns its partner: by what it sold, to whom, and since when the customer was mapped on the day of
//! issue. What the subscription or the mapping has become until the money came changes nothing of it.

use crate::{
    Error,
    catalogue::service as catalogue,
    commission::{
        Baseline, Deal, SaleKind,
        rule::baseline_after,
        service::{Sale as Earning, accrue_all, postings},
    },
    invoice::{Content, Sale, rows::invoice},
    kernel::{Kontor, error::internal, id::Id, instant::Day},
    ledger::Posting,
    mapping::rows::mapping,
    setting::service::policy,
    subscription::{
        Plan, Service, Term,
        change::{Contract, Item, Payer},
        rows::{subscription, subscription_change},
        service::{Content as ChangeContent, contract_of},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// What the subscription was by the invoice, as it was kept with the change that made it. Only what was taken over from
/// elsewhere has no change on record: that is taken as it stands.
async fn sold(db: &impl ConnectionTrait, row: &invoice::Model) -> Result<Option<Contract>, Error> {
    let change = match row.change_id {
        Some(id) => subscription_change::one(db, row.org_id, id).await?,
        None => subscription_change::of_invoice(db, row.subscription_id, row.id).await?,
    };
    if let Some(change) = change
        && let Some(quote) = ChangeContent::of(&change)?.quote
    {
        return Ok(Some(quote.after));
    }
    let sub = subscription::of(db, row.org_id, Service::Workplace).await?;
    Ok(sub.as_ref().and_then(contract_of))
}

/// Lets the sale earn its commission, if the customer had a partner and pays itself. `settled_on` is the day the last of
/// the money came: from then on it can be refunded, and as long is the commission held. Answers what is to be posted.
pub(super) async fn earn(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &invoice::Model,
    settled_on: Day,
) -> Result<Vec<Posting>, Error> {
    let Some(partner) = row.partner_id.filter(|_| row.payer == Payer::Customer) else {
        return Ok(Vec::new());
    };
    let mapped = mapping::at(tx, partner, row.org_id, Service::Workplace, row.issued_at).await?;
    let (Some(mapped), Some(sold)) = (mapped, sold(tx, row).await?) else { return Ok(Vec::new()) };
    let sub = subscription::of(tx, row.org_id, Service::Workplace).await?;
    let content: Content = serde_json::from_str(&row.content).map_err(internal)?;
    let policy = policy(kontor, tx).await?;
    let (baseline, baseline_unit_price) = baseline(tx, row, &mapped, sold.terms.term).await?;
    let deal = Deal {
        kind: kind(&content),
        payer: row.payer,
        currency: row.currency,
        base: row.net,
        plan: sold.terms.plan,
        term: sold.terms.term,
        seats: sold.terms.seats,
        addon_units: sold.terms.addon_units,
        unit_price: sold.unit_price,
        addon_price: sold.addon_price,
        baseline_unit_price,
        sold_on: row.issued_on,
        settled_on,
        // Written once, with the first term that was bought.
        first_paid_on: sub.and_then(|sub| sub.first_paid_on).filter(|day| *day < row.issued_on),
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
    postings(kontor, &moved)
}

/// What the customer had when the mapping began, less what it has dropped until the invoice was issued, and what a
/// licence of that plan cost on that day.
async fn baseline(
    tx: &DatabaseTransaction,
    row: &invoice::Model,
    mapped: &mapping::Model,
    term: Term,
) -> Result<(Baseline, i64), Error> {
    let mut baseline = Baseline {
        plan: mapped.baseline_plan,
        seats: mapped.baseline_seats,
        addon_units: mapped.baseline_addon_units,
    };
    if baseline.plan.is_none() {
        return Ok((baseline, 0));
    }
    let prices = catalogue::prices_on(tx, row.currency, row.issued_on).await?;
    let price = |plan: Plan| {
        let of =
            |item: Item| prices.iter().find(|(i, t, _)| (*i, *t) == (item, term)).map(|(.., amount)| *amount);
        Item::of(plan).and_then(of).unwrap_or(0)
    };
    let changes =
        subscription_change::made_between(tx, row.subscription_id, mapped.since, row.issued_on).await?;
    for change in changes {
        let Some(quote) = ChangeContent::of(&change)?.quote else { continue };
        let after = quote.after.terms;
        baseline = baseline_after(baseline, after.plan, after.seats, after.addon_units, price);
    }
    Ok((baseline, baseline.plan.map_or(0, price)))
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
