//! Who is an admin, who has the last word, and a new password for somebody.

use super::locked;
use crate::{
    Error, Issue,
    account::{LinkKind, rows::account, service::make_link},
    audit::service::{Event, append},
    delegation::service::prove_fresh,
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        id::MemberId,
        right::{Feature, Role},
    },
    notification::{
        Mail,
        service::{Recipient, write},
    },
    organisation::{
        MemberStatus,
        rows::{member, organisation},
    },
    setting::service::policy,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

async fn set_role(tx: &DatabaseTransaction, row: &member::Model, role: Role) -> Result<(), Error> {
    let change = member::ActiveModel {
        id: Set(row.id),
        role: Set(role),
        version: Set(row.version + 1),
        ..Default::default()
    };
    member::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Makes a customer's plain user an admin, or an admin a plain user; holds at their next request. The role with the last word is handed
/// over, not given: `NotAChoice`. The same role again changes nothing.
pub async fn change_role(
    kontor: &Kontor,
    actor: &Actor,
    user: MemberId,
    role: &str,
    version: i64,
) -> Result<(), Error> {
    actor.require(Feature::AdminRoleChange)?;
    let role = Role::from_key(role).filter(|role| matches!(role, Role::User | Role::CustomerAdmin));
    let role = role.ok_or_else(|| Error::field("role", Issue::NotAChoice))?;
    let tx = kontor.db.begin().await?;
    let row = locked(&tx, actor, user, None).await?;
    if row.role == role {
        return Ok(());
    }
    if row.role.is_last_word() || row.role.kind() != role.kind() {
        return Err(Error::field("role", Issue::NotAChoice));
    }
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    let person = account::by_id(&tx, row.account_id).await?.ok_or(Error::NotFound)?;
    set_role(&tx, &row, role).await?;
    let facts = serde_json::json!({ "role": role, "was": row.role });
    append(kontor, &tx, actor.org, actor, Event::new("user.role_changed", &person.email).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

/// Hands the super admin's role to another active person and stays as an admin. Rests on a fresh proof; both are written to.
pub async fn hand_over(
    kontor: &Kontor,
    viewer: &Viewer,
    actor: &Actor,
    user: MemberId,
    version: i64,
) -> Result<(), Error> {
    actor.require(Feature::SuperAdminChange)?;
    let session = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    let policy = policy(kontor, &tx).await?;
    prove_fresh(kontor, session, &policy, session.second_factor)?;
    let row = locked(&tx, actor, user, Some(version)).await?;
    let own = member::of(&tx, actor.org, session.account).await?.ok_or(Error::NotFound)?;
    if own.role != Role::SuperAdmin {
        return Err(Error::Forbidden);
    }
    let fits = row.status == MemberStatus::Active && matches!(row.role, Role::User | Role::CustomerAdmin);
    if !fits {
        return Err(Error::field("user", Issue::NotAChoice));
    }
    let new = account::by_id(&tx, row.account_id).await?.ok_or(Error::NotFound)?;
    let old = account::by_id(&tx, own.account_id).await?.ok_or(Error::NotFound)?;
    set_role(&tx, &row, Role::SuperAdmin).await?;
    set_role(&tx, &own, Role::CustomerAdmin).await?;
    let facts = serde_json::json!({ "was": old.email });
    append(kontor, &tx, actor.org, actor, Event::new("user.super_admin_changed", &new.email).with(facts))
        .await?;
    let mail = Mail::SuperAdminChanged {
        organisation: organisation::name(&tx, actor.org).await?,
        now: new.email.clone(),
        was: old.email.clone(),
        link: kontor.url(&format!("/admin/{}/users", actor.org)),
    };
    for person in [old, new] {
        write(kontor, &tx, Recipient { email: person.email, locale: person.locale }, &mail).await?;
    }
    // The customer's card names its super admin.
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

/// Sends a person a link to set a new password. The account is the person's own and may serve elsewhere as well: nobody learns or sets
/// their password for them, and what they have signed in to goes on until they use the link.
pub async fn reset_password(kontor: &Kontor, actor: &Actor, user: MemberId) -> Result<(), Error> {
    actor.require(Feature::UserPasswordReset)?;
    let tx = kontor.db.begin().await?;
    let row = locked(&tx, actor, user, None).await?;
    let person = account::by_id(&tx, row.account_id).await?.ok_or(Error::NotFound)?;
    if row.status == MemberStatus::Invited || person.password_hash.is_none() {
        return Err(Error::field("user", Issue::NotAChoice));
    }
    let link = make_link(kontor, &tx, person.id, LinkKind::Reset).await?;
    append(kontor, &tx, actor.org, actor, Event::new("user.password_reset", &person.email)).await?;
    let to = Recipient { email: person.email, locale: person.locale };
    write(kontor, &tx, to, &Mail::ResetPassword { link }).await?;
    Ok(tx.commit().await?)
}
