//! The hold is over: pending commission becomes available.

use crate::{
    Error,
    commission::{LineState, Moved, Movement, rows::commission_line},
    kernel::{Kontor, id::Id, money::Money},
};
use sea_orm::DatabaseTransaction;
use std::collections::HashSet;

/// Releases up to `most` lines whose hold is over, and with each what was taken back of it, so that nothing can be paid
/// out that is half refunded. Answers how many lines it found, fewer than `most` when nothing is left, and what moved.
pub async fn release_due(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    most: u64,
) -> Result<(u64, Vec<Moved>), Error> {
    let mut lines = commission_line::due(tx, kontor.now().day(), most).await?;
    let found = lines.len() as u64;
    let known: HashSet<_> = lines.iter().map(|line| line.id).collect();
    let originals: HashSet<_> = lines.iter().map(|line| line.reverses.unwrap_or(line.id)).collect();
    let taken = commission_line::pending_reversals(tx, originals.into_iter().collect()).await?;
    lines.extend(taken.into_iter().filter(|line| !known.contains(&line.id)));
    let ids = lines.iter().map(|line| line.id).collect();
    commission_line::set_state(tx, ids, LineState::Available).await?;
    Ok((found, lines.iter().filter_map(released).collect()))
}

/// What a line moves whose hold is over; nothing if nothing was earned.
pub fn released(line: &commission_line::Model) -> Option<Moved> {
    (line.amount != 0).then(|| Moved {
        movement: Movement::Released,
        cause: line.id.uuid(),
        partner: line.partner_id,
        org: Some(line.org_id),
        entity: line.entity.clone(),
        from: Some(LineState::Pending),
        to: LineState::Available,
        amount: Money::new(line.amount, line.currency),
    })
}
