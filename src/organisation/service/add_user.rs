//! *Add user*.

use super::{once, users::may_give};
use crate::{
    Error, Issue, Problems, Refusal,
    account::service::{NewPerson, invite},
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        id::{MemberId, OrgId, StoreRoleId},
        right::{Feature, Role},
        text,
    },
    notification::{
        Mail,
        service::{Recipient, write},
    },
    organisation::{
        AddUser, MemberStatus, OrgStatus, member_sort_key, roles_to_give,
        rows::{address, invitation, member, organisation, queue_up},
    },
    subscription::{Service, SubscriptionStatus, rows::subscription},
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// Asks a person into the organisation; they get a link to set a password, or to sign in. Takes a licence where the
/// organisation has any. The same `request_key` adds one person.
pub async fn add_user(kontor: &Kontor, actor: &Actor, input: AddUser) -> Result<MemberId, Error> {
    actor.require(Feature::UsersEdit)?;
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(&input.email));
    let first_name = problems.take("first_name", text::line(&input.first_name, 1, 80));
    let last_name = problems.take("last_name", text::line(&input.last_name, 1, 80));
    let role = match input.role.trim() {
        "" => roles_to_give(actor.kind).first().copied(),
        key => Role::from_key(key).filter(|r| r.kind() == actor.kind),
    };
    if role.is_none() {
        problems.add("role", Issue::NotAChoice);
    }
    problems.finish()?;
    let role = role.ok_or(Error::BadRequest)?;
    may_give(actor, role)?;
    let tx = kontor.db.begin().await?;
    let newcomer = Newcomer {
        email,
        first_name,
        last_name,
        role,
        own_role: None,
        role_name: role.key().to_owned(),
        request_key: input.request_key,
        sign_in_at: "/admin",
    };
    ask_in(kontor, tx, actor, newcomer).await
}

/// Somebody to ask in; everything is checked, the role may be given.
pub(crate) struct Newcomer {
    /// A checked address.
    pub email: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// Their role.
    pub role: Role,
    /// The partner's own role they get, with [`Role::PartnerCustom`].
    pub own_role: Option<StoreRoleId>,
    /// What the trail calls the role.
    pub role_name: String,
    /// Made with the form.
    pub request_key: String,
    /// Where those go who have an account already.
    pub sign_in_at: &'static str,
}

/// Asks somebody into the actor's organisation and commits: place, trail and mail. Whoever calls has asked for the
/// right.
pub(crate) async fn ask_in(
    kontor: &Kontor,
    tx: DatabaseTransaction,
    actor: &Actor,
    newcomer: Newcomer,
) -> Result<MemberId, Error> {
    let id: MemberId = kontor.id();
    if let Some(earlier) = once(kontor, &tx, actor.org, &newcomer.request_key, id).await? {
        return Ok(earlier);
    }
    let org = in_use(&tx, actor).await?;
    take_seat(&tx, actor).await?;
    bring_in(kontor, &tx, actor, &org, id, newcomer).await?;
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(id)
}

/// The actor's organisation, if people can be asked into it. Its addresses are given out by this transaction until it ends.
pub(super) async fn in_use(tx: &DatabaseTransaction, actor: &Actor) -> Result<organisation::Model, Error> {
    give_out(tx, actor.org).await?;
    let org = organisation::by_id(tx, actor.org).await?.ok_or(Error::NotFound)?;
    if org.status == OrgStatus::Active { Ok(org) } else { Err(Refusal::OrganisationInactive.into()) }
}

/// Makes whoever gives out addresses of an organisation wait for each other. Before any row is locked: on PostgreSQL a new person's
/// row waits for the organisation's, and whoever holds that may wait here.
pub(super) async fn give_out(tx: &DatabaseTransaction, org: OrgId) -> Result<(), Error> {
    Ok(queue_up(tx, &format!("addresses of {org}")).await?)
}

/// Place, trail and mail of somebody for whom there is a licence.
pub(super) async fn bring_in(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    org: &organisation::Model,
    id: MemberId,
    newcomer: Newcomer,
) -> Result<(), Error> {
    let Newcomer { email, first_name, last_name, role, own_role, .. } = newcomer;
    let key = text::email_key(&email);
    if !address::among(tx, actor.org, vec![key.clone()]).await?.is_empty() {
        return Err(Error::field("email", Issue::AddressTaken));
    }
    queue_up(tx, &format!("email {key}")).await?;
    let person = NewPerson {
        email: email.clone(),
        first_name: first_name.clone(),
        last_name: last_name.clone(),
        locale: actor.locale,
    };
    let (account, link) = invite(kontor, tx, person).await?;
    if member::of(tx, actor.org, account).await?.is_some() {
        return Err(Refusal::MemberExists.into());
    }
    let row = member::Model {
        id,
        org_id: actor.org,
        account_id: account,
        role,
        status: MemberStatus::Invited,
        store_role_id: own_role,
        licensed: true,
        sort_key: member_sort_key(&first_name, &last_name, &email),
        created_at: kontor.now(),
        version: 1,
    };
    member::Entity::insert(member::ActiveModel::from(row)).exec_without_returning(tx).await?;
    invitation::note(tx, id, &first_name, &last_name).await?;
    let facts = serde_json::json!({ "role": newcomer.role_name });
    append(kontor, tx, actor.org, actor, Event::new("user.added", &email).with(facts)).await?;
    let by = actor.label();
    let organisation = org.name.clone();
    let mail = match link {
        Some(link) => Mail::Activate { organisation, by, link },
        None => Mail::AddedToOrganisation { organisation, by, link: kontor.url(newcomer.sign_in_at) },
    };
    write(kontor, tx, Recipient { email, locale: actor.locale }, &mail).await?;
    Ok(())
}

/// Holds the subscription while licences are counted, so that two at once cannot take the last one.
pub(crate) async fn take_seat(tx: &DatabaseTransaction, actor: &Actor) -> Result<(), Error> {
    take_seats(tx, actor, 1).await
}

/// [`take_seat`] of many at once: for all of them, or `NoFreeSeat`.
pub(super) async fn take_seats(tx: &DatabaseTransaction, actor: &Actor, many: i64) -> Result<(), Error> {
    let Some(row) = subscription::locked(tx, actor.org, Service::Workplace).await? else { return Ok(()) };
    use SubscriptionStatus::*;
    match row.status {
        Trial | Active | PastDue | Grace | Free => {}
        TrialExpired | Suspended | Closed => return Err(Refusal::OrganisationInactive.into()),
    }
    if member::count(tx, actor.org).await? + many > row.seats {
        return Err(Refusal::NoFreeSeat { total: u32::try_from(row.seats).unwrap_or(u32::MAX) }.into());
    }
    Ok(())
}
