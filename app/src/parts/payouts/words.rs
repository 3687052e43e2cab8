//! Payouts in words.

use crate::{t, ui::Tone};
use kontor::payout::PayoutStatus;

/// Where a payout stands (domain.md section 18).
pub fn status(status: PayoutStatus) -> (&'static str, Tone) {
    match status {
        PayoutStatus::Requested => (t::payout::status_requested(), Tone::Info),
        PayoutStatus::AwaitingInvoice => (t::payout::status_awaiting_invoice(), Tone::Warning),
        PayoutStatus::UnderReview => (t::payout::status_under_review(), Tone::Info),
        PayoutStatus::Approved => (t::payout::status_approved(), Tone::Success),
        PayoutStatus::Sent => (t::payout::status_sent(), Tone::Info),
        PayoutStatus::Paid => (t::payout::status_paid(), Tone::Success),
        PayoutStatus::Rejected => (t::payout::status_rejected(), Tone::Danger),
        PayoutStatus::Failed => (t::payout::status_failed(), Tone::Danger),
        PayoutStatus::Cancelled => (t::payout::status_cancelled(), Tone::Neutral),
    }
}
