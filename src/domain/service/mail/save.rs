//! Changing an organisation's settings of mail.

use super::overview::settings;
use crate::{
    Error, Issue, Refusal,
    account::rows::account,
    audit::service::{Event, append},
    domain::{
        mail::settings::{Checked, MailForm},
        rows::mail_setting,
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::{MemberId, OrgId},
        right::Feature,
        text::email_key,
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation, queue_up},
    },
    setting::service::policy,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use serde_json::{Map, Value, json};

/// Saves the settings of the actor's organisation; `version` is the one the form was filled from, 0 if nobody had changed
/// anything. The trail keeps what changed, and of the footer only that it did.
pub async fn save_mail(kontor: &Kontor, actor: &Actor, version: i64, form: &MailForm) -> Result<(), Error> {
    actor.require(Feature::MailEdit)?;
    let tx = kontor.db.begin().await?;
    // There may be no row yet: two first savings wait for each other here.
    queue_up(&tx, &format!("mail settings of {}", actor.org)).await?;
    let organisation = organisation::by_id(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    if organisation.status != OrgStatus::Active {
        return Err(Refusal::OrganisationInactive.into());
    }
    let policy = policy(kontor, &tx).await?;
    let wanted = form.check(&policy)?;
    let before = mail_setting::of(&tx, actor.org).await?;
    if before.as_ref().map_or(0, |row| row.version) != version {
        return Err(Error::StaleVersion);
    }
    let catch_all = match &wanted.catch_all {
        Some(address) => Some(person(&tx, actor.org, address).await?),
        None => None,
    };
    let (catch_all_id, catch_all) = catch_all.unzip();
    let usual = settings(&tx, actor.org, &policy).await?;
    let mut changes = changes(&usual, &wanted);
    if before.as_ref().and_then(|row| row.catch_all_id) != catch_all_id {
        changes.insert("catch_all".into(), json!([usual.catch_all, catch_all]));
    }
    if changes.is_empty() {
        return Ok(());
    }
    let row = mail_setting::Model {
        org_id: actor.org,
        catch_all_id,
        forwarding: wanted.forwarding,
        outside_notice: wanted.outside_notice,
        attachment_mb: wanted.attachment_mb,
        footer: wanted.footer,
        keep_days: wanted.keep_days,
        updated_at: kontor.now(),
        version: version + 1,
    };
    let row = row.into_active_model();
    match before {
        None => {
            mail_setting::Entity::insert(row).exec_without_returning(&tx).await?;
        }
        Some(_) => {
            mail_setting::Entity::update(row.reset_all()).exec(&tx).await?;
        }
    }
    let event = Event::new("mail.settings", &organisation.name).with(Value::Object(changes));
    append(kontor, &tx, actor.org, actor, event).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "mail");
    Ok(())
}

/// The person of an organisation who has this address, and the address as it is known. Only those who are in it: what an address outside belongs to is
/// told to nobody.
async fn person(db: &impl ConnectionTrait, org: OrgId, address: &str) -> Result<(MemberId, String), Error> {
    let nobody = || Error::field("catch_all", Issue::NotAPerson);
    let account = account::by_email_key(db, &email_key(address)).await?.ok_or_else(nobody)?;
    let person = member::of(db, org, account.id).await?;
    let person = person.filter(|person| person.status == MemberStatus::Active).ok_or_else(nobody)?;
    Ok((person.id, account.email))
}

/// What differs, before and after; the catch-all address aside.
fn changes(before: &crate::domain::mail::settings::MailSettings, after: &Checked) -> Map<String, Value> {
    let mut changes = Map::new();
    let mut note = |name: &str, from: Value, to: Value| {
        if from != to {
            changes.insert(name.into(), json!([from, to]));
        }
    };
    note("forwarding", json!(before.forwarding), json!(after.forwarding));
    note("outside_notice", json!(before.outside_notice), json!(after.outside_notice));
    note("attachment_mb", json!(before.attachment_mb), json!(after.attachment_mb));
    note("keep_days", json!(before.keep_days), json!(after.keep_days));
    if before.footer != after.footer {
        changes.insert("footer".into(), json!("changed"));
    }
    changes
}
