//! What several use cases of this room share.

use crate::{
    Error, Refusal,
    application::MessageKind,
    application::{
        ApplicationStatus,
        clock::{ClockState, strike},
        identity::mail_domain,
        rows::{application, message, people},
    },
    audit::service::{Event, append},
    job::{self, JobKind},
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        error::internal,
        id::{AccountId, ApplicationId, OrgId},
        locale::Locale,
        right::{Feature, OrgKind},
    },
    notification::{self, Mail, service::Recipient},
    organisation::rows::organisation,
    setting::Policy,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// The vendor. Without one there is no programme to apply to.
pub async fn vendor(db: &impl ConnectionTrait) -> Result<OrgId, Error> {
    match organisation::vendor(db).await? {
        Some(vendor) => Ok(vendor.id),
        None => Err(internal("there is no vendor: `kontor user create --role vendor-admin` makes the first")),
    }
}

/// The applicant, for the vendor's trail: they have no place in any organisation yet.
pub fn applicant(vendor: OrgId, ip: &str) -> Actor {
    Actor {
        org: vendor,
        kind: OrgKind::Vendor,
        standing: Standing::System("applicant"),
        ip: ip.to_owned(),
        locale: Locale::En,
    }
}

/// The token of the status page: made again from the application whenever a mail needs it.
pub fn status_token(kontor: &Kontor, id: ApplicationId) -> String {
    kontor.secrets.derive("application-status", &id.to_string())
}

/// The address of the status page.
pub fn status_link(kontor: &Kontor, id: ApplicationId) -> String {
    kontor.url(&format!("/apply/status/{}", status_token(kontor, id)))
}

/// An application that this reviewer is about to change: locked, seen in this version, not decided.
///
/// Once it is decided the answer is `AlreadyDecided`, or `ApplicationClosed` if the applicant withdrew it; the
/// application itself tells who and when.
pub async fn open_for_review(
    tx: &DatabaseTransaction,
    id: ApplicationId,
    version: i64,
) -> Result<application::Model, Error> {
    let row = application::for_review_locked(tx, id).await?.ok_or(Error::NotFound)?;
    match row.status {
        ApplicationStatus::Approved | ApplicationStatus::Rejected => Err(Refusal::AlreadyDecided.into()),
        ApplicationStatus::Withdrawn => Err(Refusal::ApplicationClosed.into()),
        _ if row.version != version => Err(Error::StaleVersion),
        _ => Ok(row),
    }
}

/// Refuses to decide on one's own application or one of one's own mail domain, if the policy says so (R1.5). People
/// who happen to use the same public mail provider may decide.
pub fn four_eyes(policy: &Policy, actor: &Actor, row: &application::Model) -> bool {
    let Standing::Member { account, email, .. } = &actor.standing else { return false };
    let same_domain = mail_domain(email).is_some_and(|mine| Some(mine) == mail_domain(&row.email));
    policy.four_eyes && (row.account_id == *account || same_domain)
}

/// Writes a changed application with its next version, and sets its clock anew.
pub async fn save(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    mut row: application::Model,
    policy: &Policy,
) -> Result<application::Model, Error> {
    row.version += 1;
    write(tx, &row).await?;
    set_clock(kontor, tx, &row, policy).await?;
    Ok(row)
}

/// Writes a changed application as it is.
pub async fn write(tx: &impl ConnectionTrait, row: &application::Model) -> Result<(), Error> {
    application::Entity::update(row.clone().into_active_model().reset_all()).exec(tx).await?;
    Ok(())
}

/// Lets the clock look at an application when something is next due for it.
pub async fn set_clock(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    row: &application::Model,
    policy: &Policy,
) -> Result<(), Error> {
    let due = match strike(clock_state(row), policy.application_silence_days, kontor.now()) {
        (Some(_), _) => kontor.now(),
        (None, Some(next)) => next,
        (None, None) => return Ok(()),
    };
    let payload = serde_json::json!({ "application": row.id });
    let unique = Some(format!("application:{}", row.id));
    job::service::enqueue(kontor, tx, JobKind::ApplicationClock, due, unique, payload).await?;
    Ok(())
}

/// What the clock needs to know.
pub fn clock_state(row: &application::Model) -> ClockState {
    ClockState {
        status: row.status,
        due_at: row.due_at,
        waiting_since: row.waiting_since,
        reminded: row.reminded,
    }
}

/// Adds a message to the thread.
pub async fn say(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    application: ApplicationId,
    kind: MessageKind,
    author: (Option<AccountId>, String),
    body: String,
) -> Result<(), Error> {
    let row = message::Model {
        id: kontor.id(),
        application_id: application,
        kind,
        author_id: author.0,
        author: author.1,
        body,
        at: kontor.now(),
    };
    message::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Appends an event about an application to the vendor's trail.
pub async fn trail(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    vendor: OrgId,
    actor: &Actor,
    action: &'static str,
    row: &application::Model,
    detail: serde_json::Value,
) -> Result<(), Error> {
    append(kontor, tx, vendor, actor, Event::new(action, row.id).with(detail)).await
}

/// Mails the applicant in the language of the application.
pub async fn tell_applicant(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    row: &application::Model,
    mail: &Mail,
) -> Result<(), Error> {
    let to = Recipient { email: row.email.clone(), locale: row.locale };
    notification::service::write(kontor, tx, to, mail).await
}

/// Mails whoever has the application, or all reviewers if nobody has it (or has it no longer).
pub async fn tell_reviewers(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    vendor: OrgId,
    row: &application::Model,
    mail: &Mail,
) -> Result<(), Error> {
    let staff = people::staff_with(tx, vendor, Feature::ApplicationsDecide).await?;
    let one: Vec<_> = staff.iter().filter(|person| Some(person.id) == row.assigned_to).cloned().collect();
    for person in if one.is_empty() { staff } else { one } {
        let to = Recipient { email: person.email, locale: person.locale };
        notification::service::write(kontor, tx, to, mail).await?;
    }
    Ok(())
}
