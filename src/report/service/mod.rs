//! Reports: figures by the summaries, and the lists behind them. One file per use case.

mod lists;
mod prove;
mod report;
mod sales;
#[cfg(test)]
mod sales_tests;
#[cfg(test)]
pub(crate) mod tests;
mod waiting;

pub use lists::{customer_events, lines, renewals};
pub use prove::{begin_proofs, prove};
pub use report::report;
pub use sales::{all_sales, sales};

use crate::{
    Error,
    kernel::{
        actor::Actor,
        id::OrgId,
        right::{Feature, OrgKind},
    },
    ledger::EVERYBODY,
    partner::rows::partner,
};
use sea_orm::ConnectionTrait;

/// Whose report somebody reads: a partner's people their own; the vendor's finance any partner's, and everybody's
/// ([`EVERYBODY`]) if none is named. Errors: `Forbidden` without the right, `NotFound` for what is no partner of theirs.
async fn readable(db: &impl ConnectionTrait, actor: &Actor, owner: Option<OrgId>) -> Result<OrgId, Error> {
    match actor.kind {
        OrgKind::Vendor => {
            actor.require(Feature::FinanceManage)?;
            match owner {
                None => Ok(EVERYBODY),
                // The vendor is no partner of its own.
                Some(org) if org == actor.org => Err(Error::Forbidden),
                Some(org) => partner::by_org(db, org).await?.map(|p| p.org_id).ok_or(Error::NotFound),
            }
        }
        OrgKind::Partner | OrgKind::Customer => {
            actor.require(Feature::ReportsView)?;
            match owner {
                Some(org) if org != actor.org => Err(Error::NotFound),
                _ => Ok(actor.org),
            }
        }
    }
}
