//! The vendor's finance puts a line of commission right, with a reason.

use crate::{
    Error, Issue, Problems, Refusal,
    audit::service::{Event, append},
    commission::{
        AdjustCommission, LineState, Moved, Movement, RateSource, Rule, SaleKind, Step, Why,
        rows::commission_line, service::postings,
    },
    kernel::{
        Kontor,
        actor::Actor,
        error::internal,
        id::{CommissionId, Id, OrgId},
        money::{Money, parse_amount},
        right::{Feature, OrgKind},
        text,
    },
    ledger::service::post_all,
    organisation::rows::organisation,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Adds a line that gives or takes an amount beside another one, for the same sale: a refund of the sale takes its part
/// of it back. It is held as long as that sale is. The same `request_key` adjusts once. Answers the new line.
///
/// `NotFound` for a line that is not the partner's, `Invalid` without an amount or a reason, `KeyReused` for the same key
/// with another wish.
pub async fn adjust(
    kontor: &Kontor,
    actor: &Actor,
    partner: OrgId,
    id: CommissionId,
    form: &AdjustCommission,
) -> Result<CommissionId, Error> {
    if actor.kind != OrgKind::Vendor {
        return Err(Error::NotFound);
    }
    actor.require(Feature::FinanceManage)?;
    let key = text::line(&form.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    let line = commission_line::of_partner(kontor.db.read(), partner, id).await?.ok_or(Error::NotFound)?;
    let mut problems = Problems::new();
    let reason = problems.take("reason", text::line(&form.reason, 3, 500));
    let (sign, digits) = match form.amount.trim().strip_prefix(['-', '−']) {
        Some(digits) => (-1, digits),
        None => (1, form.amount.trim()),
    };
    let amount = problems.take("amount", parse_amount(digits, line.currency).map_err(Issue::from)) * sign;
    if amount == 0 {
        problems.add("amount", Issue::Required);
    }
    problems.finish()?;
    let tx = kontor.db.begin().await?;
    // In the order of refunds: the lines of the invoice, then the chains, then the ledger.
    let lines = commission_line::of_invoice_locked(&tx, line.invoice_id).await?;
    let cause = cause(id, &key);
    if let Some(known) = lines.iter().find(|l| l.cause_id == cause && l.kind == SaleKind::Adjustment) {
        return if known.amount == amount { Ok(known.id) } else { Err(Refusal::KeyReused.into()) };
    }
    let today = kontor.now().day();
    let (state, available_on) = match line.available_on > today {
        true => (LineState::Pending, line.available_on),
        false => (LineState::Available, today),
    };
    let step = Step::Adjusted { line: id, line_amount: line.amount, amount };
    let why = Why { rule: Rule::Full, reason: None, steps: vec![step], note: Some(reason.clone()) };
    let row = commission_line::Model {
        id: kontor.id(),
        reverses: None,
        cause_id: cause,
        kind: SaleKind::Adjustment,
        rule: Rule::Full,
        base: 0,
        eligible: 0,
        rate_bp: 0,
        rate_source: RateSource::Programme,
        amount,
        why: serde_json::to_string(&why).map_err(internal)?,
        state,
        available_on,
        earned_on: today,
        payout_id: None,
        created_at: kontor.now(),
        ..line.clone()
    };
    commission_line::insert_new(&tx, std::slice::from_ref(&row)).await?;
    let name = organisation::by_id(&tx, line.org_id).await?.map(|o| o.name).unwrap_or_default();
    let facts = serde_json::json!({ "line": id, "amount": Money::new(amount, line.currency).plain(),
        "currency": line.currency, "reason": reason });
    for chain in [actor.org, partner] {
        append(kontor, &tx, chain, actor, Event::new("commission.adjusted", &name).with(facts.clone()))
            .await?;
    }
    let moved = Moved {
        movement: Movement::Adjusted,
        cause: row.id.uuid(),
        partner,
        org: Some(row.org_id),
        entity: row.entity,
        from: None,
        to: state,
        amount: Money::new(amount, row.currency),
    };
    post_all(kontor, &tx, &postings(kontor, &[moved])?).await?;
    tx.commit().await?;
    kontor.hub.tell(partner, "commission");
    Ok(row.id)
}

/// The same wish has the same cause, so that the database keeps one line of it.
fn cause(line: CommissionId, key: &str) -> Uuid {
    let hash = Sha256::digest(format!("{line} {key}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(bytes)
}
