//! A customer that is there already becomes a partner's: the one way all flows of domain.md section 4 end in.

use super::{
    begin,
    end::end,
    leave::{names, pays_from, tell_partner},
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    delegation::{self, Terms},
    kernel::{Kontor, actor::Actor, id::OrgId, right::OrgKind},
    mapping::{
        Found, MappingEnd, MappingSource, RequestStatus,
        rows::{mapping, request},
    },
    notification::{Mail, service::write},
    organisation::{OrgStatus, rows::organisation, service::last_words},
    partner::{PartnerType, rows::partner, service::in_business},
    subscription::{Service, rows::subscription},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait};

/// What a customer has agreed to.
pub(super) struct Agreed {
    /// The customer.
    pub org: OrgId,
    /// The partner.
    pub partner: OrgId,
    /// How it came about.
    pub source: MappingSource,
    /// On which terms access is given as well, if it is.
    pub access: Option<Terms>,
}

/// Maps a customer to a partner by the consent of `by`, one of the customer's own people or whoever made the token, in the
/// caller's transaction: the old mapping ends, and with it the old partner's access and its commission; the new one begins; both
/// partners and the customer are written to (R4.7). Answers the old partner. `AlreadyMapped` if nothing would change,
/// `PartnerInactive` if the partner may not take customers.
pub(super) async fn take(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    agreed: &Agreed,
    by: &Actor,
) -> Result<Option<OrgId>, Error> {
    let Agreed { org, partner, source, access } = *agreed;
    let service = Service::Workplace;
    let sold = subscription::locked(tx, org, service).await?;
    let taker = in_business(tx, partner).await?;
    let house = organisation::by_id(tx, org).await?.filter(|house| house.status != OrgStatus::Closed);
    house.filter(|house| house.kind == OrgKind::Customer).ok_or(Error::NotFound)?;
    let before = mapping::active(tx, vec![org]).await?.into_iter().find(|m| m.service == service);
    if before.as_ref().is_some_and(|m| m.partner_id == partner) {
        return Err(Refusal::AlreadyMapped.into());
    }
    let (own, theirs) = names(tx, org, partner).await?;
    if let Some(before) = &before {
        end(kontor, tx, before, sold.as_ref(), MappingEnd::Switched, by).await?;
        let old = organisation::name(tx, before.partner_id).await?;
        append(kontor, tx, org, by, Event::new("mapping.ended", &old)).await?;
        let system = Actor::system(before.partner_id, OrgKind::Partner, "customer");
        append(kontor, tx, before.partner_id, &system, Event::new("mapping.ended", &own)).await?;
        tell_partner(kontor, tx, (before.partner_id, &old), &own).await?;
    }
    begin(kontor, tx, partner, org, source).await?;
    let terms = access.filter(|_| taker.partner_type == PartnerType::Reseller);
    if let Some(terms) = &terms {
        delegation::service::grant(kontor, tx, partner, org, &by.label(), terms).await?;
    }
    let access = terms.is_some();
    supersede(kontor, tx, partner, org).await?;
    let capabilities = terms.map(|terms| terms.capabilities.keys());
    let facts = serde_json::json!({ "source": source, "access": access, "capabilities": capabilities });
    append(kontor, tx, org, by, Event::new("mapping.begun", &theirs).with(facts.clone())).await?;
    let system = Actor::system(partner, OrgKind::Partner, "customer");
    append(kontor, tx, partner, &system, Event::new("mapping.begun", &own).with(facts)).await?;
    let sides = [
        (org, OrgKind::Customer, format!("/admin/{org}/partner-access")),
        (partner, OrgKind::Partner, format!("/admin/{partner}/partner/customers")),
    ];
    for (side, kind, path) in sides {
        let (organisation, partner, link) = (own.clone(), theirs.clone(), kontor.url(&path));
        let told = match kind {
            OrgKind::Partner => Mail::CustomerMapped { organisation, partner, access, link },
            _ => Mail::PartnerMapped { organisation, partner, access, link },
        };
        for to in last_words(tx, side, kind).await? {
            write(kontor, tx, to, &told).await?;
        }
    }
    super::refresh(kontor, tx, org).await?;
    Ok(before.map(|before| before.partner_id))
}

/// What the partner had asked this customer is answered by that.
async fn supersede(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    partner: OrgId,
    org: OrgId,
) -> Result<(), Error> {
    let open = request::delivered(tx, org, Service::Workplace).await?;
    let Some(open) = open.filter(|open| open.partner_id == partner) else { return Ok(()) };
    let change = request::ActiveModel {
        id: Set(open.id),
        status: Set(RequestStatus::Superseded),
        decided_at: Set(Some(kontor.now())),
        ..Default::default()
    };
    request::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// A partner, as the organisation reads it before it agrees. Nothing if there is none, or it may not take customers.
pub(super) async fn found(
    db: &impl ConnectionTrait,
    org: OrgId,
    partner: OrgId,
) -> Result<Option<Found>, Error> {
    let Some(row) = partner::by_org(db, partner).await?.filter(|row| row.status.is_in_business()) else {
        return Ok(None);
    };
    let Some(house) = organisation::by_id(db, partner).await? else { return Ok(None) };
    let before = mapping::partner_of(db, org, Service::Workplace).await?.filter(|before| *before != partner);
    let replaces = match before {
        Some(before) => Some(organisation::name(db, before).await?),
        None => None,
    };
    let sold = subscription::of(db, org, Service::Workplace).await?;
    let manages = row.partner_type == PartnerType::Reseller;
    Ok(Some(Found {
        partner,
        name: house.name,
        country: house.country,
        manages,
        pays_from: sold.as_ref().and_then(pays_from).filter(|_| replaces.is_some()),
        replaces,
    }))
}
