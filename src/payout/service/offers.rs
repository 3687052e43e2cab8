//! What a partner can request, and what stands in the way.

use crate::{
    Error,
    commission::service::balance,
    kernel::{Kontor, actor::Actor, id::OrgId},
    partner::rows::partner,
    payout::{
        least,
        ready::{self, Offer},
        rows::payout_account,
    },
    setting::service::policy,
};

/// A partner's balances with what keeps it from requesting each, by the rules [`super::request`] refuses with. `NotFound`
/// for another partner's.
pub async fn offers(kontor: &Kontor, actor: &Actor, of: OrgId) -> Result<Vec<Offer>, Error> {
    let balances = balance(kontor, actor, of).await?;
    let db = kontor.db.read();
    let policy = policy(kontor, db).await?;
    let status = partner::by_org(db, of).await?.ok_or(Error::NotFound)?.status;
    let account = payout_account::current(db, of).await?.map(|account| account.usable_at);
    let standing = ready::standing(status, account, kontor.now());
    let offer = |balance: crate::commission::Balance| {
        let amount = ready::amount(balance.available, least(&policy, balance.currency), balance.currency);
        Offer { obstacles: amount.into_iter().chain(standing.clone()).collect(), balance }
    };
    Ok(balances.into_iter().map(offer).collect())
}
