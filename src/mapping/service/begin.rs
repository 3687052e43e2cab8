//! A mapping begins.

use crate::{
    Error,
    kernel::{Kontor, id::OrgId},
    mapping::{MappingSource, MappingStatus, rows::mapping},
    subscription::{Service, rows::subscription},
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// Maps an organisation to a partner from now on. What it has bought by now is kept as the baseline: outside the window
/// only what comes on top of that earns (domain.md section 10, `delta_only`). The caller refreshes the list.
pub async fn begin(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    partner: OrgId,
    org: OrgId,
    source: MappingSource,
) -> Result<(), Error> {
    let service = Service::Workplace;
    let had = subscription::of(tx, org, service).await?.filter(|sub| sub.status.is_paid());
    let row = mapping::Model {
        id: kontor.id(),
        partner_id: partner,
        org_id: org,
        service,
        status: MappingStatus::Active,
        source,
        since: kontor.now(),
        ended_at: None,
        ended_why: None,
        notice_until: None,
        baseline_plan: had.as_ref().map(|sub| sub.plan),
        baseline_seats: had.as_ref().map_or(0, |sub| sub.seats),
        baseline_addon_units: had.as_ref().map_or(0, |sub| sub.addon_units),
    };
    mapping::Entity::insert(mapping::ActiveModel::from(row)).exec_without_returning(tx).await?;
    Ok(())
}
