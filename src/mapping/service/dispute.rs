//! A partner disputes whose customer an organisation is (domain.md section 4, flow D, and R4.8).

use super::ask::of_partner;
use crate::{
    Error, Problems, Refusal,
    audit::service::{Event, append},
    domain::name,
    kernel::{Kontor, actor::Actor, id::DisputeId, text},
    mapping::{
        DisputeStatus, DisputeView, OpenDispute,
        rows::dispute::{self, evidence},
    },
    organisation::rows::queue_up,
    partner::service::in_business,
    payout::upload::media_type,
    subscription::Service,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Disputes on a page.
const PAGE: u64 = 25;

/// Opens a dispute. Whether what is named is anybody's, or whose, is not said: the vendor's reviewers look (R4.6). The file is told
/// by its content (`UploadType`, `UploadTooLarge`). The same key opens one.
pub async fn open_dispute(kontor: &Kontor, actor: &Actor, form: &OpenDispute) -> Result<DisputeId, Error> {
    of_partner(actor)?;
    let mut problems = Problems::new();
    let named = match form.about.contains('@') {
        true => text::email(&form.about),
        false => name::normalise(form.about.trim()).map(|name| name.ascii),
    };
    let about = problems.take("about", named);
    let statement = problems.take("statement", text::paragraph(&form.statement, 20, 4_000));
    let base = form.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let file_name = problems.take("file", text::line(base, 1, 200));
    let key = text::line(&form.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    problems.finish()?;
    let media_type = media_type(&form.content)?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, &format!("dispute of {}", actor.org)).await?;
    in_business(&tx, actor.org).await?;
    if let Some(known) = dispute::by_key(&tx, actor.org, &key).await? {
        return if known.about == about { Ok(known.id) } else { Err(Refusal::KeyReused.into()) };
    }
    let row = dispute::Model {
        id: kontor.id(),
        partner_id: actor.org,
        service: Service::Workplace,
        about: about.clone(),
        statement,
        status: DisputeStatus::Open,
        opened_by: actor.label(),
        opened_at: kontor.now(),
        org_id: None,
        reason: String::new(),
        decided_by: None,
        decided_at: None,
        version: 1,
        request_key: key,
    };
    let id = row.id;
    dispute::Entity::insert(dispute::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    let file = evidence::Model {
        dispute_id: id,
        file_name,
        media_type: media_type.into(),
        content: form.content.clone(),
    };
    evidence::Entity::insert(evidence::ActiveModel::from(file)).exec_without_returning(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("dispute.opened", &about)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes an open dispute back. Again changes nothing; `RequestClosed` once it is decided.
pub async fn withdraw_dispute(kontor: &Kontor, actor: &Actor, id: DisputeId) -> Result<(), Error> {
    of_partner(actor)?;
    let tx = kontor.db.begin().await?;
    let row = dispute::locked(&tx, id).await?.filter(|row| row.partner_id == actor.org);
    let row = row.ok_or(Error::NotFound)?;
    match row.status {
        DisputeStatus::Withdrawn => return Ok(()),
        DisputeStatus::Open => (),
        _ => return Err(Refusal::RequestClosed.into()),
    }
    let change = dispute::ActiveModel {
        id: Set(row.id),
        status: Set(DisputeStatus::Withdrawn),
        decided_at: Set(Some(kontor.now())),
        version: Set(row.version + 1),
        ..Default::default()
    };
    dispute::Entity::update(change).exec(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("dispute.withdrawn", &row.about)).await?;
    Ok(tx.commit().await?)
}

/// The partner's disputes, newest first, behind one; and the last one if there are more.
pub async fn disputes(
    kontor: &Kontor,
    actor: &Actor,
    before: Option<DisputeId>,
) -> Result<(Vec<DisputeView>, Option<DisputeId>), Error> {
    of_partner(actor)?;
    let mut rows = dispute::of(kontor.db.read(), actor.org, before, PAGE + 1).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let last = rows.last().filter(|_| more).map(|row| row.id);
    let shown = rows.into_iter().map(|row| DisputeView {
        id: row.id,
        customer: row.org_id.filter(|_| row.status == DisputeStatus::Moved),
        about: row.about,
        statement: row.statement,
        status: row.status,
        opened_at: row.opened_at,
        opened_by: row.opened_by,
        reason: row.reason,
        decided_at: row.decided_at,
    });
    Ok((shown.collect(), last))
}
