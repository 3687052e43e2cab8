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

/// The line that takes back what `back` asks of `original`, if that is anything.
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
    let amount = -take(original.amount, taken_before);
    if amount == 0 {
        return Ok(None);
    }
    let step = Step::TakenBack {
        line: original.id,
        line_amount: original.amount,
        taken_before,
        part: back.part,
        whole: back.whole,
        amount,
    };
    let why = Why { rule: original.rule, reason: None, steps: vec![step] };
    let today = kontor.now().day();
    let (state, available_on) = match original.state.is_open() {
        true => (original.state, original.available_on),
        false => (LineState::Available, today),
    };
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

/// How much of the invoice an earlier reversal was about.
fn part_of(line: &commission_line::Model) -> Result<i64, Error> {
    let why: Why = serde_json::from_str(&line.why).map_err(internal)?;
    let part = why.steps.iter().find_map(|step| match step {
        Step::TakenBack { part, .. } => Some(*part),
        _ => None,
    });
    part.ok_or_else(|| internal("a reversal does not say what it took back"))
}
