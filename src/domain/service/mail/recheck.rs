//! The automatic look at a domain's mail (`JobKind::MailCheck`): after its proof, then daily.

use super::look::{keep, look, with_key};
use crate::{
    Error,
    domain::{
        mail::{plan::next_look, wanted::Wanted},
        rows::domain,
    },
    job::{
        self, JobKind,
        service::{Job, finish},
    },
    kernel::{
        Kontor,
        error::internal,
        id::{DomainId, OrgId},
        instant::Instant,
    },
    setting::service::policy,
};
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Payload {
    org: OrgId,
    domain: DomainId,
}

/// Has the mail of a domain looked at by itself at that time; an earlier plan is replaced.
pub(in crate::domain::service) async fn look_soon(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    domain: DomainId,
    due: Instant,
) -> Result<(), Error> {
    let payload = serde_json::to_value(Payload { org, domain }).map_err(internal)?;
    let key = Some(format!("mail:{domain}"));
    job::service::enqueue(kontor, tx, JobKind::MailCheck, due, key, payload).await?;
    Ok(())
}

/// Looks once, keeps what was seen and plans the next look. A job whose domain is gone or not held any more has nothing
/// left to do. As long as the vendor has named no servers, nothing is looked at, and no key is made.
pub async fn recheck_mail(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let payload: Payload = serde_json::from_value(job.payload.clone()).map_err(internal)?;
    let db = kontor.db.read();
    let row = domain::by_id(db, payload.org, payload.domain).await?.filter(|row| row.status.is_held());
    let wanted = Wanted::of(&policy(kontor, db).await?);
    let seen = match (&row, &wanted) {
        (Some(row), Some(wanted)) => {
            let kept = with_key(kontor, row, wanted).await?;
            let looks = look(kontor, &row.name, wanted, &kept).await;
            Some((kept, looks))
        }
        _ => None,
    };
    let tx = kontor.db.begin().await?;
    // Finished first: planning the next look wakes this very job again.
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    if let Some(row) = &row {
        let next = match &seen {
            Some((kept, looks)) => keep(kontor, &tx, kept, looks).await?,
            None => next_look(row.id, kontor.now()),
        };
        look_soon(kontor, &tx, row.org_id, row.id, next).await?;
    }
    tx.commit().await?;
    if seen.is_some() {
        kontor.hub.tell(payload.org, "mail");
    }
    Ok(())
}
