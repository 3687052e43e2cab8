//! The vendor's first people: `kontor user create` (design.md section 4).

use crate::{
    Error, Issue, Refusal,
    account::{
        rows::account,
        service::{NewPerson, invite},
    },
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        id::{AccountId, OrgId},
        locale::Locale,
        right::{OrgKind, Role},
        text,
    },
    organisation::{
        MemberStatus, OrgStatus, member_sort_key,
        rows::{invitation, member, organisation, queue_up},
    },
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Whom to make one of the vendor's staff.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// The address, as typed.
    pub email: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// One of the vendor's roles.
    pub role: Role,
    /// What the vendor is called, if it is still to be made.
    pub organisation: String,
    /// ISO 3166-1 code of the vendor's country, if it is still to be made.
    pub country: String,
}

/// One of the vendor's staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The vendor.
    pub org: OrgId,
    /// The person.
    pub account: AccountId,
    /// Where to set a password, if there is none yet.
    pub link: Option<String>,
}

/// Makes somebody one of the vendor's staff, and the vendor if there is none; for whoever operates the installation.
/// Doing it again changes nothing but gives a new link to whoever has no password yet. Another role takes the place of
/// the one before, unless it was the last with the last word (R2.2).
pub async fn create_staff(kontor: &Kontor, new: NewStaff) -> Result<Staff, Error> {
    let email = text::email(&new.email).map_err(|issue| Error::field("email", issue))?;
    if new.role.kind() != OrgKind::Vendor {
        return Err(Error::field("role", Issue::NotAChoice));
    }
    let tx = kontor.db.begin().await?;
    queue_up(&tx, "vendor").await?;
    let org = vendor(kontor, &tx, &new).await?;
    let actor = Actor::system(org, OrgKind::Vendor, "kontor user create");
    let person = NewPerson {
        email: email.clone(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        locale: Locale::En,
    };
    let (account, link) = invite(kontor, &tx, person).await?;
    let person = account::by_id(&tx, account).await?.ok_or(Error::NotFound)?;
    let status = match person.password_hash {
        Some(_) => MemberStatus::Active,
        None => MemberStatus::Invited,
    };
    let facts = serde_json::json!({ "role": new.role.key() });
    match member::of(&tx, org, account).await? {
        None => {
            let row = member::Model {
                id: kontor.id(),
                org_id: org,
                account_id: account,
                role: new.role,
                status,
                store_role_id: None,
                licensed: true,
                sort_key: member_sort_key(&person.first_name, &person.last_name, &email),
                created_at: kontor.now(),
                version: 1,
            };
            let id = row.id;
            member::Entity::insert(member::ActiveModel::from(row)).exec_without_returning(&tx).await?;
            invitation::note(&tx, id, &new.first_name, &new.last_name).await?;
            append(kontor, &tx, org, &actor, Event::new("user.added", &email).with(facts)).await?;
        }
        Some(row) if row.role != new.role || row.status == MemberStatus::Suspended => {
            if row.role.is_last_word() && !new.role.is_last_word() {
                let there = member::in_role(&tx, vec![org], row.role, &[MemberStatus::Active]).await?;
                if !there.iter().any(|m| m.id != row.id) {
                    return Err(Refusal::LastOwner.into());
                }
            }
            let change = member::ActiveModel {
                id: Set(row.id),
                role: Set(new.role),
                status: Set(status),
                version: Set(row.version + 1),
                ..Default::default()
            };
            member::Entity::update(change).exec(&tx).await?;
            append(kontor, &tx, org, &actor, Event::new("user.role_changed", &email).with(facts)).await?;
        }
        Some(_) => {}
    }
    tx.commit().await?;
    kontor.hub.tell(org, "user");
    Ok(Staff { org, account, link })
}

async fn vendor(kontor: &Kontor, tx: &DatabaseTransaction, new: &NewStaff) -> Result<OrgId, Error> {
    if let Some(known) = organisation::vendor(tx).await? {
        return Ok(known.id);
    }
    let name = text::line(&new.organisation, 2, 120).map_err(|issue| Error::field("organisation", issue))?;
    let country = super::profile::country(&new.country).map_err(|issue| Error::field("country", issue))?;
    let row = organisation::Model {
        id: kontor.id(),
        kind: OrgKind::Vendor,
        name,
        country,
        status: OrgStatus::Active,
        created_at: kontor.now(),
        second_factor_required: false,
        version: 1,
    };
    let id = row.id;
    organisation::Entity::insert(organisation::ActiveModel::from(row)).exec_without_returning(tx).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::testing::Bench;

    fn new(email: &str, role: Role) -> NewStaff {
        NewStaff {
            email: email.into(),
            first_name: String::new(),
            last_name: String::new(),
            role,
            organisation: "Vendor".into(),
            country: "DE".into(),
        }
    }

    async fn set_password(kontor: &Kontor, id: AccountId) {
        let change = account::ActiveModel {
            id: Set(id),
            password_hash: Set(Some("set".into())),
            ..Default::default()
        };
        account::Entity::update(change).exec(kontor.db.writer()).await.unwrap();
        let tx = kontor.db.begin().await.unwrap();
        super::super::joined(kontor, &tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn the_first_of_the_staff_makes_the_vendor_and_the_second_time_changes_nothing() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let first = create_staff(kontor, new("a@vendor.test", Role::VendorAdmin)).await.unwrap();
            let again = create_staff(kontor, new("A@Vendor.test", Role::VendorAdmin)).await.unwrap();
            assert_eq!((first.org, first.account), (again.org, again.account), "{}", bench.name);
            assert!(first.link.is_some() && again.link.is_some() && first.link != again.link);
            let other = create_staff(kontor, new("b@vendor.test", Role::Reviewer)).await.unwrap();
            assert_eq!(other.org, first.org);
            set_password(kontor, first.account).await;
            let third = create_staff(kontor, new("a@vendor.test", Role::VendorAdmin)).await.unwrap();
            assert_eq!(third.link, None);
        }
    }

    #[tokio::test]
    async fn the_last_vendor_admin_stays_one() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let first = create_staff(kontor, new("a@vendor.test", Role::VendorAdmin)).await.unwrap();
            set_password(kontor, first.account).await;
            let less = create_staff(kontor, new("a@vendor.test", Role::Support)).await;
            assert_eq!(less, Err(Refusal::LastOwner.into()), "{}", bench.name);
            let second = create_staff(kontor, new("b@vendor.test", Role::VendorAdmin)).await.unwrap();
            set_password(kontor, second.account).await;
            create_staff(kontor, new("a@vendor.test", Role::Support)).await.unwrap();
            let row = member::of(kontor.db.read(), first.org, first.account).await.unwrap().unwrap();
            assert_eq!((row.role, row.status), (Role::Support, MemberStatus::Active));
        }
    }

    #[tokio::test]
    async fn other_kinds_of_role_and_no_address_are_refused() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let partner = create_staff(kontor, new("a@vendor.test", Role::PartnerOwner)).await;
            assert_eq!(partner, Err(Error::field("role", Issue::NotAChoice)));
            assert!(create_staff(kontor, new("nobody", Role::VendorAdmin)).await.is_err());
            assert!(organisation::vendor(kontor.db.read()).await.unwrap().is_none());
        }
    }
}
