//! Renewals that wait for people: nobody can be billed, or nothing of the kind is sold any more.

use super::{
    ahead::ahead,
    desk::{Desk, For, contract_of},
    early::horizon,
    preview::debtor,
};
use crate::{
    Error, Refusal,
    catalogue::service as catalogue,
    kernel::{Kontor, actor::Actor, id::OrgId, right::OrgKind},
    subscription::{ChangeStatus, change::Payer},
};

/// What the renewal of an organisation's subscription waits for; nothing if it just is not its turn yet. The caller has
/// proved that its reader may know.
pub(crate) async fn waits_for(kontor: &Kontor, org: OrgId) -> Result<Option<Refusal>, Error> {
    let db = kontor.db.read();
    let actor = Actor::system(org, OrgKind::Customer, "renewals");
    let desk = match Desk::open(kontor, db, &actor, org, For::Looking).await {
        Err(Error::NotFound) => return Ok(None),
        desk => desk?,
    };
    let Some(contract) = contract_of(&desk.row) else { return Ok(None) };
    if desk.open.iter().any(|change| change.status == ChangeStatus::Charging) {
        return Ok(Some(Refusal::ChangePending));
    }
    let (base, planned) = horizon(&contract, &desk.open)?;
    let planned: Vec<_> = planned.into_iter().map(|(_, wish)| wish).collect();
    let Some(next) = ahead(db, &desk, &base, &planned).await? else {
        return Ok(desk.row.auto_renew.then_some(Refusal::NotOnSale));
    };
    // Its partner has gone: the customer takes over (R4.10).
    let payer = if desk.partner.is_none() { Payer::Customer } else { next.quote.after.payer };
    let billed = catalogue::profile(db, debtor(&desk, payer)).await?.is_some();
    Ok((!billed).then_some(Refusal::BillingDetailsNeeded))
}
