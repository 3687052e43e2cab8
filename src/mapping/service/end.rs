//! A mapping ends: what that means for everything that rests on it.

use crate::{
    Error,
    delegation::service::end_grant,
    kernel::{Kontor, actor::Actor},
    mapping::{MappingEnd, MappingStatus, rows::mapping},
    subscription::{rows::subscription, service::let_go},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Ends a mapping that is in force, which is also the cut-off of commission: the partner's access ends with it, what it had
/// proposed lapses, and what it paid for runs on and is the customer's from the renewal on (R4.7, R4.10). The caller holds the
/// lock of the customer's subscription, `sold`, and refreshes the list.
pub(super) async fn end(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &mapping::Model,
    sold: Option<&subscription::Model>,
    why: MappingEnd,
    by: &Actor,
) -> Result<(), Error> {
    let ended = mapping::ActiveModel {
        id: Set(row.id),
        status: Set(MappingStatus::Ended),
        ended_at: Set(Some(kontor.now())),
        ended_why: Set(Some(why)),
        notice_until: Set(None),
        ..Default::default()
    };
    mapping::Entity::update(ended).exec(tx).await?;
    end_grant(kontor, tx, row.org_id, row.partner_id, by).await?;
    match sold {
        Some(sold) => let_go(kontor, tx, sold).await,
        None => Ok(()),
    }
}
