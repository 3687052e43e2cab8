//! Commission: one file per use case. What changes lines inside a caller's transaction answers what moved, for the
//! ledger.

mod accrue;
#[cfg(test)]
mod accrue_tests;
mod adjust;
#[cfg(test)]
mod adjust_tests;
mod balance;
mod book;
mod claw_back;
mod close;
#[cfg(test)]
mod close_tests;
mod lines;
#[cfg(test)]
mod plans_tests;
mod rate;
mod release;
#[cfg(test)]
pub(crate) mod stage;
mod statement;
mod what_if;
#[cfg(test)]
mod what_if_tests;

pub use accrue::{Accrual, Sale, accrue, accrue_all, line_of, moved};
pub(crate) use accrue::{Terms as Agreed, discount_rates};
pub use adjust::adjust;
pub use balance::balance;
pub use book::{posting, postings};
pub use claw_back::{Back, claw_back, restore};
pub use close::{CLOSING_GRACE_MINUTES, close_month};
pub use lines::{line, lines};
pub use rate::{rates, set_rate};
pub use release::{release_due, released};
pub use statement::{prove_statements, recompute, statement, statements};
pub use what_if::{imagine, what_if};

use crate::{
    Error,
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        right::{Feature, OrgKind},
    },
    partner::rows::partner,
};

/// Ok if the actor may read this partner's commission: the partner's own people with the feature, and the vendor's
/// finance. A partner asking for another one's finds nothing.
pub(crate) fn may_read(actor: &Actor, partner: OrgId) -> Result<(), Error> {
    match actor.kind {
        OrgKind::Vendor => actor.require(Feature::FinanceManage),
        OrgKind::Partner if actor.acting_for().is_none() => {
            actor.require(Feature::CommissionView)?;
            if actor.org == partner { Ok(()) } else { Err(Error::NotFound) }
        }
        _ => {
            actor.require(Feature::CommissionView)?;
            Err(Error::NotFound)
        }
    }
}

/// The same for the vendor's finance, who names the partner: `NotFound` if there is none of that id.
pub async fn may_look(kontor: &Kontor, actor: &Actor, of: OrgId) -> Result<(), Error> {
    if actor.kind != OrgKind::Vendor {
        return Err(Error::NotFound);
    }
    may_read(actor, of)?;
    partner::by_org(kontor.db.read(), of).await?.map(drop).ok_or(Error::NotFound)
}
