//! A customer leaves its partner (domain.md section 4, R4.9).

use super::end::end;
use crate::{
    Error,
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        id::{MappingId, OrgId},
        instant::Day,
        right::{Feature, OrgKind},
    },
    mapping::{MappingEnd, MappingStatus, rows::mapping},
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
    subscription::{Service, change::Payer, rows::subscription},
};
use sea_orm::DatabaseTransaction;

/// Ends the mapping to a partner, at any time and without anybody's consent: mapping, access, the partner's list and what was
/// still proposed change in one transaction. `shown` is the day from which on the organisation was told it would pay: `StaleVersion`
/// if that has changed meanwhile. Leaving a partner that was left before changes nothing.
pub async fn leave_partner(
    kontor: &Kontor,
    actor: &Actor,
    mapping: MappingId,
    shown: Option<Day>,
) -> Result<(), Error> {
    actor.require(Feature::PartnerAccessRevoke)?;
    let (service, org) = (Service::Workplace, actor.org);
    let tx = kontor.db.begin().await?;
    // The subscription's lock comes first, as wherever its partner is read to be changed.
    let sold = subscription::locked(&tx, org, service).await?;
    let row = mapping::by_id(&tx, mapping).await?.filter(|row| row.org_id == org).ok_or(Error::NotFound)?;
    if row.status != MappingStatus::Active {
        return Ok(());
    }
    if sold.as_ref().and_then(pays_from) != shown {
        return Err(Error::StaleVersion);
    }
    let partner = row.partner_id;
    end(kontor, &tx, &row, sold.as_ref(), MappingEnd::Customer, actor).await?;
    let (own, theirs) = names(&tx, org, partner).await?;
    append(kontor, &tx, org, actor, Event::new("mapping.ended", &theirs)).await?;
    // Who in the customer's house decided so is its own affair.
    let system = Actor::system(partner, OrgKind::Partner, "customer");
    append(kontor, &tx, partner, &system, Event::new("mapping.ended", &own)).await?;
    tell_customer(kontor, &tx, (org, &own), &theirs, sold.as_ref()).await?;
    tell_partner(kontor, &tx, (partner, &theirs), &own).await?;
    super::refresh(kontor, &tx, org).await?;
    tx.commit().await?;
    super::told(kontor, org, &[partner]);
    Ok(())
}

/// The names of a customer and of a partner.
pub(super) async fn names(
    tx: &DatabaseTransaction,
    org: OrgId,
    partner: OrgId,
) -> Result<(String, String), Error> {
    let names = organisation::names(tx, vec![org, partner]).await?;
    let name = |id| names.iter().find(|n| n.0 == id).map(|n| n.1.clone()).unwrap_or_default();
    Ok((name(org), name(partner)))
}

/// Writes to the customer that a partner is its partner no longer, and from when on it pays itself.
pub(super) async fn tell_customer(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    (org, name): (OrgId, &str),
    partner: &str,
    sold: Option<&subscription::Model>,
) -> Result<(), Error> {
    let told = Mail::PartnerLeft {
        organisation: name.to_owned(),
        partner: partner.to_owned(),
        pays_from: sold.and_then(pays_from),
        link: kontor.url(&format!("/admin/{org}/subscription")),
    };
    for to in last_words(tx, org, OrgKind::Customer).await? {
        write(kontor, tx, to, &told).await?;
    }
    Ok(())
}

/// The first day that the partner has not paid for, of what it pays.
pub(super) fn pays_from(sold: &subscription::Model) -> Option<Day> {
    let paid = sold.payer == Some(Payer::Partner) && sold.status.is_paid();
    sold.ends_on.filter(|_| paid).map(|day| day.plus(1))
}

/// Writes to a partner that a customer is its customer no longer.
pub(super) async fn tell_partner(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    (partner, name): (OrgId, &str),
    organisation: &str,
) -> Result<(), Error> {
    let link = kontor.url(&format!("/admin/{partner}/partner/customers"));
    let told = Mail::CustomerLeft { organisation: organisation.to_owned(), partner: name.to_owned(), link };
    for to in last_words(tx, partner, OrgKind::Partner).await? {
        write(kontor, tx, to, &told).await?;
    }
    Ok(())
}
