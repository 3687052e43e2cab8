//! *Check now* of a domain's mail.

use super::{
    look::{keep, look, with_key},
    recheck::look_soon,
    show::mail_flow,
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    domain::{
        mail::{MailFlow, wanted::Wanted},
        rows::domain,
        service::verify::take_turn,
    },
    kernel::{Kontor, actor::Actor, id::DomainId, right::Feature},
    setting::service::policy,
};

/// Looks at the mail of a held domain of the actor's organisation now. Counts among the checks a person may ask for in a
/// minute, together with those of the domain's proof.
pub async fn check_mail(kontor: &Kontor, actor: &Actor, domain: DomainId) -> Result<MailFlow, Error> {
    actor.require(Feature::DomainsEdit)?;
    let db = kontor.db.read();
    let row = domain::by_id(db, actor.org, domain).await?.ok_or(Error::NotFound)?;
    if !row.status.is_held() {
        return Err(Refusal::DomainUnverified.into());
    }
    let wanted = Wanted::of(&policy(kontor, db).await?).ok_or(Refusal::MailUnnamed)?;
    if let Some(account) = actor.account() {
        take_turn(kontor, row.id, account).await?;
    }
    let kept = with_key(kontor, &row, &wanted).await?;
    let looks = look(kontor, &row.name, &wanted, &kept).await;
    let tx = kontor.db.begin().await?;
    let next = keep(kontor, &tx, &kept, &looks).await?;
    look_soon(kontor, &tx, row.org_id, row.id, next).await?;
    let states: Vec<String> = looks.iter().map(|look| format!("{} {}", look.lamp, look.state)).collect();
    let event = Event::new("domain.mail_check", &row.name).with(serde_json::json!({ "lamps": states }));
    append(kontor, &tx, actor.org, actor, event).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "mail");
    mail_flow(kontor, actor, domain).await
}
