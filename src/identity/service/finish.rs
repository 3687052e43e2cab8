//! A person comes back from a provider.

use super::{begin::binding, place, route::required_provider};
use crate::{
    Error,
    account::{
        rows::account,
        service::{NewPerson, Through, find_by_email, make, mark_confirmed, open_through, reclaim},
    },
    audit::service::{Event, append},
    domain::rows::domain,
    identity::{
        Failure,
        port::{Answer, Claims},
        rows::{
            identity_link,
            identity_provider::{self, Model},
            sign_in_try,
        },
    },
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        id::{AccountId, OrgId},
        right::OrgKind,
        secret::hash_token,
        text::{self, email_domain, email_key},
    },
    organisation::{
        OrgStatus,
        rows::{member, organisation, queue_up},
    },
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// What the redirect address was asked with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CameBack {
    /// Which sign-in it answers.
    pub state: String,
    /// The code to exchange.
    pub code: Option<String>,
    /// Who says so (RFC 9207).
    pub issuer: Option<String>,
    /// What went wrong at the provider.
    pub error: Option<String>,
}

/// A sign-in that worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The session's token, for the cookie.
    pub token: String,
    /// Whether the second factor is still awaited.
    pub code_needed: bool,
    /// Where the person wanted to go.
    pub next: String,
}

/// Ends a sign-in: the state must be one of this browser's and counts once; what the provider sends is checked by the
/// port; who it is, by address or by the provider's own name for them, is found out here.
pub async fn finish(
    kontor: &Kontor,
    viewer: &Viewer,
    browser: &str,
    came: &CameBack,
) -> Result<Entered, Error> {
    let tx = kontor.db.begin().await?;
    let waiting = sign_in_try::take(&tx, &hash_token(&came.state), &hash_token(browser)).await?;
    tx.commit().await?;
    let waiting = waiting.filter(|w| w.expires_at > kontor.now()).ok_or_else(|| {
        tracing::info!(ip = %viewer.ip, "single sign-on: an answer nobody here waits for");
        super::failed(Failure::Over)
    })?;
    let found = identity_provider::by_id(kontor.db.read(), waiting.provider_id).await?;
    let row = found.filter(|row| row.active).ok_or_else(|| super::failed(Failure::Off))?;
    if let Some(error) = &came.error {
        tracing::info!(provider = %row.id, ip = %viewer.ip, ?error, "single sign-on: the provider says no");
        return Err(super::failed(Failure::Denied));
    }
    let code = came.code.clone().filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| super::failed(Failure::BadAnswer))?;
    let answer = Answer { code, issuer: came.issuer.clone() };
    let (client, binding) = (super::client(kontor, &row)?, binding(kontor, browser, &came.state));
    let checked = kontor.identity.exchange(&client, &binding, &answer, kontor.now()).await;
    let claims = checked.map_err(|fault| super::fault(&row, &fault))?;
    let (token, code_needed) = enter(kontor, viewer, &row, &claims).await.inspect_err(|error| {
        tracing::info!(provider = %row.id, ip = %viewer.ip, code = error.code(), "single sign-on refused");
    })?;
    Ok(Entered { token, code_needed, next: waiting.next })
}

/// Finds the person, or makes them, and opens a session.
async fn enter(
    kontor: &Kontor,
    viewer: &Viewer,
    row: &Model,
    claims: &Claims,
) -> Result<(String, bool), Error> {
    let tx = kontor.db.begin().await?;
    // What is in the claims is another programme's word: as long and as strange as it likes.
    let subject = text::line(&claims.subject, 1, 255).map_err(|_| super::failed(Failure::BadAnswer))?;
    let home = home(&tx, row).await?;
    let actor = Actor { ip: viewer.ip.clone(), ..Actor::system(home.0, home.1, "single sign-on") };
    let vouched = claims.email.as_deref().filter(|_| claims.email_verified);
    let vouched = vouched.and_then(|email| text::email(email).ok());
    let known = match identity_link::find(&tx, row, &subject).await? {
        Some(link) => account::by_id(&tx, link.account_id).await?.map(|person| (person, true)),
        None => None,
    };
    let (person, linked) = match known {
        Some(known) => known,
        None => {
            let email = vouched.ok_or_else(|| super::failed(Failure::Unverified))?;
            ours(&tx, row, &email).await?;
            queue_up(&tx, &format!("email {}", email_key(&email))).await?;
            (by_address(kontor, &tx, viewer, (row, &actor), claims, email).await?, false)
        }
    };
    // Also of somebody known: a domain may have gone to another organisation since.
    ours(&tx, row, &person.email).await?;
    if person.suspended {
        return Err(super::failed(Failure::Suspended));
    }
    // The programme's providers are no way past an organisation's own.
    if row.org_id.is_none() && required_provider(&tx, &person).await?.is_some() {
        return Err(super::failed(Failure::Elsewhere));
    }
    link(kontor, &tx, (row, &actor), &subject, &person, linked).await?;
    if let Some(org) = row.org_id {
        place::take(kontor, &tx, &actor, org, row, &person, claims).await?;
    }
    let factor = sees_factor(&tx, row, claims, person.id).await?;
    let code_needed = person.totp_on && !factor;
    let sid = claims.sid.as_deref().and_then(|sid| text::line(sid, 1, 255).ok());
    let through = Through { provider: Some(row.id), sid, factor, passkey: None };
    let token = open_through(kontor, &tx, viewer, person.id, code_needed, through).await?;
    tx.commit().await?;
    if let Some(org) = row.org_id {
        kontor.hub.tell(org, "user");
    }
    tracing::info!(account = %person.id, provider = %row.id, ip = %viewer.ip, second_factor = code_needed,
        "signed in through a provider");
    Ok((token, code_needed))
}

/// In whose trail it is noted: the provider's organisation, which must still be in business, or the vendor.
async fn home(tx: &DatabaseTransaction, row: &Model) -> Result<(OrgId, OrgKind), Error> {
    let org = match row.org_id {
        Some(org) => organisation::by_id(tx, org).await?.filter(|org| org.status != OrgStatus::Closed),
        None => organisation::vendor(tx).await?,
    };
    let org = org.ok_or_else(|| super::failed(Failure::Off))?;
    Ok((org.id, org.kind))
}

/// An organisation's provider speaks for addresses under the domains the organisation holds, and for no others.
async fn ours(tx: &DatabaseTransaction, row: &Model, email: &str) -> Result<(), Error> {
    let Some(org) = row.org_id else { return Ok(()) };
    match domain::is_held_by(tx, org, email_domain(&email_key(email))).await? {
        true => Ok(()),
        false => Err(super::failed(Failure::ForeignDomain)),
    }
}

/// The person of an address the provider vouches for, made if there is none and the provider may.
async fn by_address(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    viewer: &Viewer,
    (row, actor): (&Model, &Actor),
    claims: &Claims,
    email: String,
) -> Result<account::Model, Error> {
    let name = |given: &str| text::line(given, 1, 80).unwrap_or_default();
    let (first_name, last_name) = (name(&claims.first_name), name(&claims.last_name));
    if let Some(person) = find_by_email(tx, &email).await? {
        if person.suspended {
            return Err(super::failed(Failure::Suspended));
        }
        if person.confirmed_at.is_none() {
            // Whoever made it never showed that the address is theirs: their password must not open it.
            if person.password_hash.is_some() {
                reclaim(tx, person.id, &first_name, &last_name).await?;
            }
            mark_confirmed(kontor, tx, person.id).await?;
            crate::organisation::service::joined(kontor, tx, person.id).await?;
        }
        return account::by_id(tx, person.id).await?.ok_or(Error::NotFound);
    }
    if !row.creates_people || (row.org_id.is_some() && place::role(row, actor.kind, claims).is_none()) {
        return Err(super::failed(Failure::NoAccount));
    }
    let person = NewPerson { email, first_name, last_name, locale: viewer.locale };
    let id = make(kontor, tx, person).await?;
    mark_confirmed(kontor, tx, id).await?;
    tracing::info!(account = %id, provider = %row.id, "account made through a provider");
    account::by_id(tx, id).await?.ok_or(Error::NotFound)
}

/// Notes what the provider calls the person. An address the provider gave to somebody else leads there from now on.
async fn link(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    (row, actor): (&Model, &Actor),
    subject: &str,
    person: &account::Model,
    linked: bool,
) -> Result<(), Error> {
    let now = kontor.now();
    let link = identity_link::Model {
        provider_id: row.id,
        issuer: row.issuer.clone(),
        subject: subject.to_owned(),
        account_id: person.id,
        created_at: now,
        used_at: now,
    };
    if linked {
        let used = identity_link::ActiveModel {
            created_at: sea_orm::ActiveValue::NotSet,
            account_id: sea_orm::ActiveValue::NotSet,
            used_at: sea_orm::ActiveValue::Set(now),
            ..identity_link::ActiveModel::from(link)
        };
        identity_link::Entity::update(used).exec(tx).await?;
        return Ok(());
    }
    identity_link::forget(tx, row.id, person.id).await?;
    identity_link::Entity::insert(identity_link::ActiveModel::from(link)).exec_without_returning(tx).await?;
    let facts = serde_json::json!({ "provider": row.name });
    append(kontor, tx, actor.org, actor, Event::new("sign_in.linked", &person.email).with(facts)).await
}

/// Whether the provider saw a second factor and its word for that counts. An organisation's word counts for people
/// who are nowhere else: what others ask of their people is not its to answer.
async fn sees_factor(
    tx: &DatabaseTransaction,
    row: &Model,
    claims: &Claims,
    account: AccountId,
) -> Result<bool, Error> {
    // RFC 8176: several factors were used.
    if !row.trusts_factor || !claims.methods.iter().any(|method| method == "mfa") {
        return Ok(false);
    }
    let Some(org) = row.org_id else { return Ok(true) };
    Ok(member::places(tx, account).await?.iter().all(|(_, place)| place.id == org))
}
