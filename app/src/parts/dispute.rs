//! Words about disputes that partners and reviewers read.

use crate::{t, ui::Tone};
use kontor::mapping::DisputeStatus;

/// Where a dispute stands.
pub fn status(status: DisputeStatus) -> (&'static str, Tone) {
    match status {
        DisputeStatus::Open => (t::dispute::status_open(), Tone::Info),
        DisputeStatus::Moved => (t::dispute::status_moved(), Tone::Success),
        DisputeStatus::Upheld => (t::dispute::status_upheld(), Tone::Neutral),
        DisputeStatus::Withdrawn => (t::dispute::status_withdrawn(), Tone::Neutral),
    }
}
