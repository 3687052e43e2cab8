//! *Revoke access*: the customer ends a partner's access, effective at the partner's next request (R6.3, R6.7).

use crate::{
    Error,
    audit::service::{Event, append},
    delegation::{GrantStatus, rows::grant},
    kernel::{
        Kontor,
        actor::Actor,
        id::{GrantId, OrgId},
        right::{Feature, OrgKind},
    },
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Ends one of the organisation's grants. Mapping and subscription stay (R6.7). Revoking what is over changes nothing.
pub async fn revoke(kontor: &Kontor, actor: &Actor, grant: GrantId) -> Result<(), Error> {
    actor.require(Feature::PartnerAccessRevoke)?;
    let tx = kontor.db.begin().await?;
    let row = grant::locked(&tx, actor.org, grant).await?.ok_or(Error::NotFound)?;
    if row.status != GrantStatus::Active {
        return Ok(());
    }
    close(kontor, &tx, &row, actor).await?;
    let names = organisation::names(&tx, vec![row.org_id, row.partner_id]).await?;
    let name = |id| names.iter().find(|n| n.0 == id).map(|n| n.1.clone()).unwrap_or_default();
    let (organisation, partner) = (name(row.org_id), name(row.partner_id));
    append(kontor, &tx, row.org_id, actor, Event::new("access.revoked", &partner)).await?;
    // The partner's own trail tells that its access ended, not who in the customer's house decided so.
    let system = Actor::system(row.partner_id, OrgKind::Partner, "customer");
    append(kontor, &tx, row.partner_id, &system, Event::new("access.revoked", &organisation)).await?;
    let link = kontor.url(&format!("/admin/{}/partner/customers", row.partner_id));
    let mail = Mail::AccessRevoked { organisation, partner, link };
    for to in last_words(&tx, row.partner_id, OrgKind::Partner).await? {
        write(kontor, &tx, to, &mail).await?;
    }
    crate::mapping::service::refresh(kontor, &tx, row.org_id).await?;
    tx.commit().await?;
    kontor.hub.tell(row.org_id, "delegation");
    kontor.hub.tell(row.partner_id, "customer");
    Ok(())
}

/// Ends the grant that a partner holds of an organisation, if it holds one: the partner is no longer its partner.
pub(crate) async fn end_grant(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    partner: OrgId,
    by: &Actor,
) -> Result<(), Error> {
    match grant::active_locked(tx, org, partner).await? {
        Some(row) => close(kontor, tx, &row, by).await,
        None => Ok(()),
    }
}

/// From the next request on nobody acts under it: whoever is in is shown out there.
async fn close(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &grant::Model,
    by: &Actor,
) -> Result<(), Error> {
    let change = grant::ActiveModel {
        id: Set(row.id),
        status: Set(GrantStatus::Revoked),
        ended_at: Set(Some(kontor.now())),
        ended_by: Set(Some(by.label())),
        version: Set(row.version + 1),
        ..Default::default()
    };
    grant::Entity::update(change).exec(tx).await?;
    Ok(())
}
