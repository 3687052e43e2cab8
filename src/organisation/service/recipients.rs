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
    let there = [MemberStatus::Active, MemberStatus::Invited];
    let members = member::in_role(db, org, last_word(kind), &there).await?;
    let contact = match members.iter().any(|m| m.status == MemberStatus::Invited) {
        true => organisation_contact::of(db, org).await?,
        false => None,
    };
    let accounts = account::by_ids(db, members.iter().map(|m| m.account_id).collect()).await?;
    let to = |m: &member::Model| {
        let person = accounts.iter().find(|a| a.id == m.account_id)?;
        let elsewhere = contact.clone().filter(|_| m.status == MemberStatus::Invited);
        Some(Recipient { email: elsewhere.unwrap_or_else(|| person.email.clone()), locale: person.locale })
    };
    Ok(members.iter().filter_map(to).collect())
}

/// The vendor's finance; those with the vendor's last word where it has none.
pub async fn finance(db: &impl ConnectionTrait) -> Result<Vec<Recipient>, Error> {
    let Some(vendor) = organisation::vendor(db).await? else { return Ok(Vec::new()) };
    let people = member::in_role(db, vendor.id, Role::VendorFinance, &[MemberStatus::Active]).await?;
    if people.is_empty() {
        return last_words(db, vendor.id, OrgKind::Vendor).await;
    }
    let accounts = account::by_ids(db, people.iter().map(|m| m.account_id).collect()).await?;
    Ok(accounts.into_iter().map(|person| Recipient { email: person.email, locale: person.locale }).collect())
}
