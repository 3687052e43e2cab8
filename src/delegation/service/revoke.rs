//! *Revoke access*: the customer ends a partner's access, effective at the partner's next request (R6.3, R6.7).

use super::{grant::Sides, request::settle};
use crate::{
    Error,
    delegation::{AccessRequestStatus, GrantKind, GrantStatus, rows::grant},
    kernel::{
        Kontor,
        actor::Actor,
        id::{GrantId, OrgId},
        right::Feature,
    },
    notification::Mail,
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
    let sides = Sides::of(&tx, row.org_id, row.partner_id).await?;
    sides.append(kontor, &tx, actor, "access.revoked", serde_json::json!({})).await?;
    if row.kind == GrantKind::Agreed {
        let mail = |link| Mail::AccessRevoked {
            organisation: sides.organisation.clone(),
            partner: sides.partner_name.clone(),
            link,
        };
        sides.tell(kontor, &tx, mail).await?;
    }
    crate::mapping::service::refresh(kontor, &tx, row.org_id).await?;
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

/// Ends the grant that a partner holds of an organisation, if it holds one, and what it asked for: the partner is no longer its
/// partner.
pub(crate) async fn end_grant(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    partner: OrgId,
    by: &Actor,
) -> Result<(), Error> {
    settle(kontor, tx, org, partner, AccessRequestStatus::Withdrawn, by).await?;
    match grant::active_locked(tx, org, partner).await? {
        Some(row) => close(kontor, tx, &row, by).await,
        None => Ok(()),
    }
}

/// From the next request on nobody acts under it: whoever is in is shown out there.
pub(super) async fn close(
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
