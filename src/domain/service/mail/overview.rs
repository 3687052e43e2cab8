//! The settings of an organisation's mail, with the lamps of all its domains: `/admin/{org}/mail`.

use super::show::lamps;
use crate::{
    Error,
    account::rows::account,
    domain::{
        mail::{
            settings::{DomainLamps, MailPage, MailSettings},
            wanted::Wanted,
        },
        name::named,
        rows::{domain, domain_mail, mail_setting},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::{MemberId, OrgId},
        right::Feature,
    },
    organisation::{MemberStatus, rows::member},
    setting::{Policy, service::policy},
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// What holds for an organisation's mail: for its page, and for the suite. A limit of the programme that was lowered since
/// holds for what was chosen before.
pub(super) async fn settings(
    db: &impl ConnectionTrait,
    org: OrgId,
    policy: &Policy,
) -> Result<MailSettings, Error> {
    let Some(row) = mail_setting::of(db, org).await? else { return Ok(MailSettings::usual(policy)) };
    let (catch_all, catch_all_gone) = match row.catch_all_id {
        Some(id) => address(db, org, id).await?,
        None => (None, false),
    };
    Ok(MailSettings {
        catch_all,
        catch_all_gone,
        forwarding: row.forwarding,
        outside_notice: row.outside_notice,
        attachment_mb: row.attachment_mb.min(policy.mail_attachment_max),
        footer: row.footer,
        keep_days: row.keep_days,
        version: row.version,
    })
}

/// The address of a person of the organisation, and whether they are suspended or gone.
async fn address(
    db: &impl ConnectionTrait,
    org: OrgId,
    id: MemberId,
) -> Result<(Option<String>, bool), Error> {
    let Some(person) = member::by_id(db, org, id).await? else { return Ok((None, true)) };
    let account = account::by_id(db, person.account_id).await?;
    Ok((account.map(|account| account.email), person.status != MemberStatus::Active))
}

/// The settings of the actor's organisation, and the lamps of the domains it holds.
pub async fn mail_page(kontor: &Kontor, actor: &Actor) -> Result<MailPage, Error> {
    actor.require(Feature::MailView)?;
    let db = kontor.db.read();
    let policy = policy(kontor, db).await?;
    let named_servers = Wanted::of(&policy).is_some();
    let kept: HashMap<_, _> =
        domain_mail::of_org(db, actor.org).await?.into_iter().map(|row| (row.domain_id, row)).collect();
    let held = domain::list(db, actor.org).await?.into_iter().filter(|row| row.status.is_held());
    let domains = held.map(|row| DomainLamps {
        id: row.id,
        name: named(&row.name),
        is_primary: row.is_primary,
        lamps: lamps(kept.get(&row.id)),
        looked_at: kept.get(&row.id).and_then(|row| row.looked_at),
    });
    Ok(MailPage {
        org: actor.org,
        settings: settings(db, actor.org, &policy).await?,
        attachment_max: policy.mail_attachment_max,
        named: named_servers,
        domains: domains.collect(),
        may_edit: actor.may(Feature::MailEdit),
        sees_domains: actor.may(Feature::DomainsView),
    })
}
