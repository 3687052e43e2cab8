//! The vendor's finance decides on a payout.

use super::step::{advance, at_version, book, finance, link, release, tell};
use crate::{
    Error, Refusal,
    commission::{LineState, Moved},
    kernel::{Kontor, actor::Actor, id::PayoutId, money::Money, text},
    notification::Mail,
    payout::{
        Decision, PayoutStatus,
        rows::{payout_account, payout_invoice},
    },
    setting::service::policy,
};

/// Approves or rejects. A rejected payout's lines are available again, and its invoice's number may be used again. One
/// the bank gave back can be approved again; it then goes to the account in force. Answers what moved, if anything did.
///
/// `PayoutNoInvoice` where the programme asks for an invoice and there is none, `PayoutClosed` if there is nothing to
/// decide on, `StaleVersion` if somebody was faster.
pub async fn review(
    kontor: &Kontor,
    actor: &Actor,
    id: PayoutId,
    version: i64,
    decision: &Decision,
) -> Result<Option<Moved>, Error> {
    finance(actor)?;
    let policy = policy(kontor, kontor.db.read()).await?;
    let now = kontor.now();
    let tx = kontor.db.begin().await?;
    let mut row = at_version(&tx, id, version).await?;
    let partner = row.partner_id;
    let moved = match decision {
        Decision::Approve => {
            if row.status == PayoutStatus::AwaitingInvoice {
                return Err(Refusal::PayoutNoInvoice.into());
            }
            if policy.payout_invoice_required && payout_invoice::current(&tx, id).await?.is_none() {
                return Err(Refusal::PayoutNoInvoice.into());
            }
            let account = match row.status {
                PayoutStatus::Failed => {
                    let account = payout_account::current(&tx, partner).await?;
                    let account = account.ok_or(Refusal::PayoutNoAccount)?;
                    if account.usable_at > now {
                        return Err(Refusal::PayoutHold { until: account.usable_at }.into());
                    }
                    account.id
                }
                _ => row.account_id,
            };
            advance(kontor, &tx, actor, &mut row, PayoutStatus::Approved, "payout.approved", |row| {
                row.decided_at = Some(now);
                row.account_id = account;
                // The bank gave it back: it is to be written into a file once more.
                (row.exported_at, row.exported_by) = (None, None);
            })
            .await?;
            None
        }
        Decision::Reject { reason } => {
            let reason = text::paragraph(reason, 1, 500).map_err(|issue| Error::field("reason", issue))?;
            let said = reason.clone();
            advance(kontor, &tx, actor, &mut row, PayoutStatus::Rejected, "payout.rejected", |row| {
                row.decided_at = Some(now);
                row.reject_reason = said;
            })
            .await?;
            let moved = release(&tx, &row, LineState::Available).await?;
            payout_invoice::replace(&tx, id, now).await?;
            let amount = Money::new(row.amount, row.currency);
            let mail = Mail::PayoutRejected {
                number: row.number.clone(),
                amount,
                reason,
                link: link(kontor, partner),
            };
            tell(kontor, &tx, partner, &mail).await?;
            book(kontor, &tx, &moved).await?;
            Some(moved)
        }
    };
    tx.commit().await?;
    kontor.hub.tell(partner, "payout");
    kontor.hub.tell(actor.org, "payout");
    Ok(moved)
}
