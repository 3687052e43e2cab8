//! Renewals that wait for people: the clock of money tries them every hour and cannot carry them out.

use crate::{
    Error,
    kernel::{Kontor, id::OrgId, instant::Day},
    ledger::EVERYBODY,
    mapping::rows::customer,
    organisation::rows::organisation,
    report::WaitingRenewal,
    subscription::{rows::subscription, service::waits_for},
};
use std::collections::HashMap;

/// So many are looked at: whoever has more begins with these.
const MOST: u64 = 20;

/// Renewals of an owner's customers that should have come yesterday at the latest.
pub(super) async fn waiting(kontor: &Kontor, owner: OrgId) -> Result<Vec<WaitingRenewal>, Error> {
    let db = kontor.db.read();
    let last = kontor.now().day().plus(-2);
    let ended: Vec<(OrgId, Day)> = match owner == EVERYBODY {
        true => {
            let rows = subscription::overdue(db, last.plus(1), MOST).await?;
            rows.into_iter().filter_map(|row| Some((row.org_id, row.ends_on?))).collect()
        }
        false => {
            let rows = customer::renewals(db, Some(owner), (Day(0), last), (None, None), None, MOST).await?;
            rows.into_iter().map(|row| (row.org_id, row.ends_key)).collect()
        }
    };
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let names = organisation::names(db, ended.iter().map(|(org, _)| *org)).await?;
    let names: HashMap<OrgId, String> = names.into_iter().collect();
    let mut waiting = Vec::new();
    for (org, ended_on) in ended {
        if let Some(why) = waits_for(kontor, org).await? {
            let name = names.get(&org).cloned().unwrap_or_default();
            waiting.push(WaitingRenewal { org, name, ended_on, why });
        }
    }
    Ok(waiting)
}
