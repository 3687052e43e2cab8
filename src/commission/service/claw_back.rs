//! Money went back to the customer: so does the commission on it, inside the same transaction.

use crate::{
    Error,
    commission::{LineState, Moved, Movement, SaleKind, Step, Why, claw, rows::commission_line},
    kernel::{
        Kontor,
        error::internal,
        id::{CommissionId, Id, InvoiceId},
        money::Money,
    },
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// Money given back on an invoice. `part` and `whole` are in the same measure every time (net, say): only their ratio
/// and their sum count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much goes back now.
    pub part: i64,
    /// Of how much.
    pub whole: i64,
    /// The refund or dispute: the same one takes back once.
    pub cause: Uuid,
    /// [`SaleKind::Refund`] or [`SaleKind::Chargeback`].
    pub kind: SaleKind,
}

/// Takes back the commission on every line of an invoice, from whoever earned it. What is not paid out yet leaves the
/// balance it is in; what is in a payout or paid is taken from what is available next, also below zero. A line that is
/// wholly taken back before it was paid becomes reversed together with what took it back. Answers what moved.
///
/// Call it before anything is appended to the partner's chain of events: a payout takes the lines first, too.
/// `BadRequest` if `part` is not within `whole` or the kind is none that takes back.
pub async fn claw_back(kontor: &Kontor, tx: &DatabaseTransaction, back: &Back) -> Result<Vec<Moved>, Error> {
    if !back.kind.takes_back() || back.part <= 0 || back.part > back.whole {
        return Err(Error::BadRequest);
    }
    let lines = commission_line::of_invoice_locked(tx, back.invoice).await?;
    let mut moves = Vec::new();
    for original in lines.iter().filter(|line| line.reverses.is_none()) {
        let before: Vec<_> = lines.iter().filter(|line| line.reverses == Some(original.id)).collect();
        if before.iter().any(|line| line.cause_id == back.cause) {
            continue;
        }
        let Some(row) = reversal(kontor, back, original, &before)? else { continue };
        commission_line::insert_new(tx, std::slice::from_ref(&row)).await?;
        let open = before.iter().copied().chain([original, &row]).filter(|line| line.state.is_open());
        let (ids, amounts): (Vec<CommissionId>, Vec<i64>) = open.map(|line| (line.id, line.amount)).unzip();
        if original.state.is_open() && amounts.iter().sum::<i64>() == 0 {
            commission_line::set_state(tx, ids, LineState::Reversed).await?;
        }
        if row.amount == 0 {
            continue;
        }
        moves.push(Moved {
            movement: Movement::TakenBack,
            cause: row.id.uuid(),
            partner: row.partner_id,
            org: Some(row.org_id),
            entity: row.entity,
            from: None,
            to: row.state,
            amount: Money::new(row.amount, row.currency),
        });
    }
    Ok(moves)
}

/// The line that takes back what `back` asks of `original`; none if nothing of it is left. A share that rounds to nothing
/// leaves a line of nothing: the next refund has to know of its part, or the last one would not see that it is the last.
fn reversal(
    kontor: &Kontor,
    back: &Back,
    original: &commission_line::Model,
    before: &[&commission_line::Model],
) -> Result<Option<commission_line::Model>, Error> {
    let parts = before.iter().map(|line| part_of(line)).sum::<Result<i64, Error>>()?;
    let take = |amount: i64, taken: i64| claw::claw_back(amount, taken, parts, back.part, back.whole).taken;
    let sum = |of: fn(&commission_line::Model) -> i64| -before.iter().map(|line| of(line)).sum::<i64>();
    let taken_before = sum(|line| line.amount);
    if original.amount == taken_before {
        return Ok(None);
    }
    let amount = -take(original.amount, taken_before);
    let step = Step::TakenBack {
        line: original.id,
        line_amount: original.amount,
        taken_before,
        part: back.part,
        whole: back.whole,
        amount,
    };
    let why = Why { rule: original.rule, reason: None, steps: vec![step], note: None };
    let today = kontor.now().day();
    // Where what is left of it stands: with the line, or with what a won dispute gave again of it.
    let open =
        before.iter().copied().rev().chain([original]).find(|line| line.state.is_open() && line.amount != 0);
    let (state, available_on) =
        open.map_or((LineState::Available, today), |line| (line.state, line.available_on));
    Ok(Some(commission_line::Model {
        id: kontor.id(),
        reverses: Some(original.id),
        cause_id: back.cause,
        kind: back.kind,
        base: -take(original.base, sum(|line| line.base)),
        eligible: -take(original.eligible, sum(|line| line.eligible)),
        amount,
        why: serde_json::to_string(&why).map_err(internal)?,
        state,
        available_on,
        earned_on: today,
        payout_id: None,
        created_at: kontor.now(),
        ..original.clone()
    }))
}

/// How much of the invoice an earlier reversal was about; less than nothing for what was given again.
fn part_of(line: &commission_line::Model) -> Result<i64, Error> {
    let why: Why = serde_json::from_str(&line.why).map_err(internal)?;
    let part = why.steps.iter().find_map(|step| match step {
        Step::TakenBack { part, .. } => Some(*part),
        Step::Restored { part, .. } => Some(-part),
        _ => None,
    });
    part.ok_or_else(|| internal("a reversal does not say what it took back"))
}

/// Gives again what a dispute had taken back of every line of an invoice, because it was won, to whoever earned it. It
/// stands where the line would stand by now: within its hold, or available. Answers what moved.
pub async fn restore(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    invoice: InvoiceId,
    dispute: Uuid,
) -> Result<Vec<Moved>, Error> {
    let lines = commission_line::of_invoice_locked(tx, invoice).await?;
    let today = kontor.now().day();
    let mut moves = Vec::new();
    for taken in lines.iter().filter(|line| line.cause_id == dispute && line.kind == SaleKind::Chargeback) {
        let Some(original) = lines.iter().find(|line| taken.reverses == Some(line.id)) else { continue };
        let step = Step::Restored { line: original.id, part: part_of(taken)?, amount: -taken.amount };
        let why = Why { rule: original.rule, reason: None, steps: vec![step], note: None };
        let (state, available_on) = match original.available_on > today {
            true => (LineState::Pending, original.available_on),
            false => (LineState::Available, today),
        };
        let row = commission_line::Model {
            id: kontor.id(),
            cause_id: taken.id.uuid(),
            kind: SaleKind::Adjustment,
            base: -taken.base,
            eligible: -taken.eligible,
            amount: -taken.amount,
            why: serde_json::to_string(&why).map_err(internal)?,
            state,
            available_on,
            earned_on: today,
            payout_id: None,
            created_at: kontor.now(),
            ..taken.clone()
        };
        let new = commission_line::insert_new(tx, std::slice::from_ref(&row)).await?;
        if !new.is_empty() && row.amount != 0 {
            moves.push(Moved {
                movement: Movement::Adjusted,
                cause: row.id.uuid(),
                partner: row.partner_id,
                org: Some(row.org_id),
                entity: row.entity,
                from: None,
                to: row.state,
                amount: Money::new(row.amount, row.currency),
            });
        }
    }
    Ok(moves)
}
