//! Commission in the ledger: what moved between states moves between accounts.

use crate::{
    Error,
    commission::{LineState, Moved, Movement},
    kernel::{Kontor, error::internal, instant::Instant},
    ledger::{Account, Cause, Draft, Posting},
};

/// The postings of what moved, one each.
pub fn postings(kontor: &Kontor, moved: &[Moved]) -> Result<Vec<Posting>, Error> {
    moved.iter().map(|one| posting(one, kontor.now())).collect()
}

/// The posting of what moved at an instant.
pub fn posting(moved: &Moved, at: Instant) -> Result<Posting, Error> {
    let cause = match moved.movement {
        Movement::Accrued => Cause::Commission,
        Movement::Released => Cause::CommissionRelease,
        Movement::TakenBack => Cause::ClawBack,
        Movement::Adjusted => Cause::Adjustment,
        Movement::Requested => Cause::PayoutRequest,
        Movement::Returned => Cause::PayoutReturned,
        Movement::Paid => Cause::PayoutPaid,
    };
    // What comes into being is an expense, and what is taken back is less of one.
    let from = moved.from.map_or(Some(Account::Commission), account);
    let (Some(from), Some(to)) = (from, account(moved.to)) else {
        return Err(internal(format!("commission that moves nowhere: {moved:?}")));
    };
    let draft = Draft::new(cause, moved.cause, &moved.entity, at).partner(moved.partner);
    let draft = match moved.org {
        Some(org) => draft.org(org),
        None => draft,
    };
    draft
        .debit(from, moved.partner, moved.amount)
        .credit(to, moved.partner, moved.amount)
        .build()
        .map_err(internal)
}

/// Where commission of a state is owed; what is paid has left the bank.
fn account(state: LineState) -> Option<Account> {
    match state {
        LineState::Pending => Some(Account::CommissionPending),
        LineState::Available => Some(Account::CommissionAvailable),
        LineState::Locked => Some(Account::CommissionLocked),
        LineState::Paid => Some(Account::Bank),
        LineState::Reversed => None,
    }
}
