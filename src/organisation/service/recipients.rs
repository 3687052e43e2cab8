//! To whom mails about an organisation go.

use crate::notification::service::Recipient;
use crate::{
    Error,
    account::rows::account,
    kernel::{
        id::OrgId,
        right::{OrgKind, Role},
    },
    organisation::{
        MemberStatus,
        rows::{member, organisation, organisation_contact},
    },
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// The role with the last word in a kind of organisation.
pub fn last_word(kind: OrgKind) -> Role {
    match kind {
        OrgKind::Vendor => Role::VendorAdmin,
        OrgKind::Partner => Role::PartnerOwner,
        OrgKind::Customer => Role::SuperAdmin,
    }
}

/// Those with the last word in an organisation. One who has not come in yet is reached at the organisation's contact
/// address, where there is one.
pub async fn last_words(
    db: &impl ConnectionTrait,
    org: OrgId,
    kind: OrgKind,
) -> Result<Vec<Recipient>, Error> {
    Ok(last_words_of_all(db, &[(org, kind)]).await?.remove(&org).unwrap_or_default())
}

/// [`last_words`] of many organisations in few statements.
pub async fn last_words_of_all(
    db: &impl ConnectionTrait,
    orgs: &[(OrgId, OrgKind)],
) -> Result<HashMap<OrgId, Vec<Recipient>>, Error> {
    let there = [MemberStatus::Active, MemberStatus::Invited];
    let mut members = Vec::new();
    for kind in OrgKind::ALL.iter().copied() {
        let mut of_kind: Vec<OrgId> = orgs.iter().filter(|org| org.1 == kind).map(|org| org.0).collect();
        of_kind.sort_unstable();
        of_kind.dedup();
        members.extend(member::in_role(db, of_kind, last_word(kind), &there).await?);
    }
    let invited = members.iter().filter(|m| m.status == MemberStatus::Invited);
    let contacts = organisation_contact::of_all(db, invited.map(|m| m.org_id).collect()).await?;
    let contacts: HashMap<OrgId, String> = contacts.into_iter().map(|c| (c.org_id, c.email)).collect();
    let accounts = account::by_ids(db, members.iter().map(|m| m.account_id).collect()).await?;
    let accounts: HashMap<_, _> = accounts.into_iter().map(|account| (account.id, account)).collect();
    let mut to: HashMap<OrgId, Vec<Recipient>> = HashMap::new();
    for member in members {
        let Some(person) = accounts.get(&member.account_id) else { continue };
        let elsewhere = contacts.get(&member.org_id).filter(|_| member.status == MemberStatus::Invited);
        let email = elsewhere.unwrap_or(&person.email).clone();
        to.entry(member.org_id).or_default().push(Recipient { email, locale: person.locale });
    }
    Ok(to)
}

/// The vendor's finance; those with the vendor's last word where it has none.
pub async fn finance(db: &impl ConnectionTrait) -> Result<Vec<Recipient>, Error> {
    let Some(vendor) = organisation::vendor(db).await? else { return Ok(Vec::new()) };
    let people = member::in_role(db, vec![vendor.id], Role::VendorFinance, &[MemberStatus::Active]).await?;
    if people.is_empty() {
        return last_words(db, vendor.id, OrgKind::Vendor).await;
    }
    let accounts = account::by_ids(db, people.iter().map(|m| m.account_id).collect()).await?;
    Ok(accounts.into_iter().map(|person| Recipient { email: person.email, locale: person.locale }).collect())
}
