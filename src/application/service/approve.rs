//! Approves an application: the partner comes into being.

use super::parts::{four_eyes, open_for_review, save, tell_applicant, trail};
use crate::{
    Error, Issue, Problems, Refusal,
    application::{
        ApplicationStatus,
        detail::ApproveForm,
        form::choice,
        review::rate_bp,
        rows::{application, people},
    },
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        id::{AccountId, ApplicationId, OrgId},
        right::{Feature, OrgKind, Role},
        text::fold,
    },
    notification::Mail,
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
    partner::{Currency, PartnerStatus, Tier, rows::partner},
};
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};

/// What a reviewer grants.
struct Terms {
    tier: Tier,
    rate_bp: i64,
    currency: Currency,
    manager: Option<AccountId>,
}

/// Approves an application in one transaction (R1.6): organisation, owner, partner, events in both trails, welcome
/// mail with the link to the Partner Store. The reviewer's own second click answers the same partner and does
/// nothing; another reviewer learns that it is decided.
pub async fn approve(
    kontor: &Kontor,
    actor: &Actor,
    id: ApplicationId,
    version: i64,
    form: &ApproveForm,
) -> Result<OrgId, Error> {
    actor.require(Feature::ApplicationsDecide)?;
    let tx = kontor.db.begin().await?;
    let row = match open_for_review(&tx, id, version).await {
        Err(Error::Refused(Refusal::AlreadyDecided)) => return decided_by_me(&tx, actor, id).await,
        other => other?,
    };
    let policy = crate::setting::service::policy(kontor, &tx).await?;
    if four_eyes(&policy, actor, &row) {
        return Err(Refusal::FourEyes.into());
    }
    let terms = check(&tx, actor, form).await?;
    let org = found(kontor, &tx, &row, &terms).await?;
    let row = application::Model {
        status: ApplicationStatus::Approved,
        decided_by: actor.account(),
        decided_at: Some(kontor.now()),
        waiting_since: None,
        org_id: Some(org),
        ..row
    };
    let row = save(kontor, &tx, row, &policy).await?;
    let detail = serde_json::json!({
        "partner": org, "tier": terms.tier, "rate_bp": terms.rate_bp, "currency": terms.currency,
    });
    trail(kontor, &tx, actor.org, actor, "application.approved", &row, detail.clone()).await?;
    let event = Event::new("partner.founded", &row.company_name).with(detail);
    append(kontor, &tx, org, actor, event).await?;
    let mail = Mail::Welcome { company: row.company_name.clone(), link: kontor.url("/store") };
    tell_applicant(kontor, &tx, &row, &mail).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "application");
    Ok(org)
}

/// The partner, if it was this reviewer who approved the application.
async fn decided_by_me(tx: &DatabaseTransaction, actor: &Actor, id: ApplicationId) -> Result<OrgId, Error> {
    let row = application::for_review(tx, id).await?.ok_or(Error::NotFound)?;
    let mine = row.decided_by == actor.account() && row.status == ApplicationStatus::Approved;
    row.org_id.filter(|_| mine).ok_or(Refusal::AlreadyDecided.into())
}

async fn check(tx: &DatabaseTransaction, actor: &Actor, form: &ApproveForm) -> Result<Terms, Error> {
    let mut problems = Problems::new();
    let tier = problems.take("tier", choice(&form.tier, Tier::from_key).map(Some));
    let rate_bp = problems.take("rate", rate_bp(&form.rate));
    let currency = problems.take("currency", choice(&form.currency, Currency::from_key).map(Some));
    let staff = people::staff_with(tx, actor.org, Feature::ApplicationsDecide).await?;
    let manager = match form.manager.trim() {
        "" => Ok(None),
        id => match id.parse::<AccountId>().ok().filter(|id| staff.iter().any(|person| person.id == *id)) {
            Some(id) => Ok(Some(id)),
            None => Err(Issue::NotAChoice),
        },
    };
    let manager = problems.take("manager", manager);
    problems.finish()?;
    // Both are there: a missing one was noted above.
    let (Some(tier), Some(currency)) = (tier, currency) else { return Err(Error::BadRequest) };
    Ok(Terms { tier, rate_bp, currency, manager })
}

/// Makes organisation, owner and partner.
async fn found(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &application::Model,
    terms: &Terms,
) -> Result<OrgId, Error> {
    let now = kontor.now();
    let organisation = organisation::Model {
        id: kontor.id(),
        kind: OrgKind::Partner,
        name: row.company_name.clone(),
        country: row.country.clone(),
        status: OrgStatus::Active,
        created_at: now,
        second_factor_required: false,
        version: 1,
    };
    let org = organisation.id;
    organisation::Entity::insert(organisation.into_active_model()).exec_without_returning(tx).await?;
    let owner = member::Model {
        id: kontor.id(),
        org_id: org,
        account_id: row.account_id,
        role: Role::PartnerOwner,
        status: MemberStatus::Active,
        store_role_id: None,
        licensed: true,
        sort_key: fold(&format!("{} {}", row.first_name, row.last_name)),
        created_at: now,
        version: 1,
    };
    member::Entity::insert(owner.into_active_model()).exec_without_returning(tx).await?;
    let partner = partner::Model {
        org_id: org,
        application_id: Some(row.id),
        partner_type: row.partner_type,
        status: PartnerStatus::Onboarding,
        tier: terms.tier,
        rate_bp: Some(terms.rate_bp),
        currency: terms.currency,
        manager_id: terms.manager,
        company_domain: row.company_domain.clone(),
        sort_key: fold(&row.company_name),
        created_at: now,
        version: 1,
        time_zone: "UTC".into(),
    };
    partner::Entity::insert(partner.into_active_model()).exec_without_returning(tx).await?;
    Ok(org)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests look at rows directly")]

    use super::super::bench::{Desk, form};
    use super::*;
    use crate::{
        application::{
            detail::RejectForm,
            service::{answer, ask, detail, reject, submit, withdraw},
        },
        kernel::{id::Id, testing::Bench},
        setting::rows::setting,
    };
    use sea_orm::PaginatorTrait;

    fn yes() -> ApproveForm {
        ApproveForm {
            tier: "advanced".into(),
            rate: "17,5".into(),
            currency: "EUR".into(),
            manager: String::new(),
        }
    }

    #[tokio::test]
    async fn approval_makes_partner_owner_and_welcome_in_one_go() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let db = kontor.db.read();
            let (id, version, token) = desk.submitted("nordwind.test").await;
            bench.clock.move_ms(1000);
            let manager = desk.bob.account().unwrap();
            let form = ApproveForm { manager: manager.to_string(), ..yes() };
            let org = approve(kontor, &desk.ada, id, version, &form).await.unwrap();
            let partner = partner::by_org(db, org).await.unwrap().unwrap();
            assert_eq!((partner.tier, partner.rate_bp), (Tier::Advanced, Some(1750)), "{}", bench.name);
            assert_eq!((partner.manager_id, partner.application_id), (Some(manager), Some(id)));
            assert_eq!(
                (partner.status, partner.sort_key.as_str()),
                (PartnerStatus::Onboarding, "nordwind gmbh")
            );
            let row = desk.row(&token).await;
            let place = member::of(db, org, row.account_id).await.unwrap().unwrap();
            assert_eq!((place.role, place.sort_key.as_str()), (Role::PartnerOwner, "jorg ostergard"));
            let name = organisation::by_id(db, org).await.unwrap().unwrap().name;
            assert_eq!(name, "nordwind GmbH");
            let welcome = Mail::Welcome { company: name, link: kontor.url("/store") };
            assert_eq!(desk.mails().await.last(), Some(&("owner@nordwind.test".to_owned(), welcome)));
            assert_eq!(desk.trail(id).await.last().map(String::as_str), Some("application.approved"));
            let events = crate::audit::rows::audit_event::Entity::find().all(db).await.unwrap();
            assert!(events.iter().any(|e| e.org_id == org && e.action == "partner.founded"));
            // The second click of the same reviewer answers the same; nothing is made twice.
            assert_eq!(approve(kontor, &desk.ada, id, version, &form).await, Ok(org));
            assert_eq!(
                approve(kontor, &desk.bob, id, version, &form).await,
                Err(Refusal::AlreadyDecided.into())
            );
            assert_eq!(partner::Entity::find().count(db).await.unwrap(), 1);
            assert_eq!(desk.mailed("welcome").await.len(), 1);
            let seen = detail(kontor, &desk.bob, id).await.unwrap();
            assert_eq!((seen.decided_by.as_deref(), seen.partner), (Some("ada@vendor.test"), Some(org)));
            assert_eq!(withdraw(kontor, &token, "").await, Err(Refusal::ApplicationClosed.into()));
            assert_eq!(answer(kontor, &token, "", "late").await, Err(Refusal::ApplicationClosed.into()));
        }
    }

    #[tokio::test]
    async fn of_two_reviewers_at_once_one_wins_and_the_other_is_told() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let (id, version, _) = desk.submitted("nordwind.test").await;
            let (a, b) = (desk.ada.clone(), desk.bob.clone());
            let (one, other) = (bench.kontor.clone(), bench.kontor.clone());
            let approving = tokio::spawn(async move { approve(&one, &a, id, version, &yes()).await });
            let no = RejectForm { reason: "quality".into(), ..Default::default() };
            let rejecting = tokio::spawn(async move { reject(&other, &b, id, version, &no).await });
            let (approved, rejected) = (approving.await.unwrap(), rejecting.await.unwrap());
            assert!(approved.is_ok() != rejected.is_ok(), "{approved:?} {rejected:?}");
            let lost = approved.err().or(rejected.err());
            assert_eq!(lost, Some(Refusal::AlreadyDecided.into()));
            let partners = partner::Entity::find().count(bench.kontor.db.read()).await.unwrap();
            let mails = desk.mailed("welcome").await.len() + desk.mailed("application_rejected").await.len();
            assert!(partners <= 1 && mails == 1);
        }
    }

    #[tokio::test]
    async fn bad_input_names_every_field_and_changes_nothing() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let (id, version, token) = desk.submitted("nordwind.test").await;
            let stranger = desk.applicant("x@elsewhere.test", true).await.session.unwrap().account;
            for (field, form, issue) in [
                ("tier", ApproveForm { tier: "gold".into(), ..yes() }, Issue::NotAChoice),
                ("tier", ApproveForm { tier: "".into(), ..yes() }, Issue::Required),
                (
                    "rate",
                    ApproveForm { rate: "100.01".into(), ..yes() },
                    Issue::OutOfRange { min: 0, max: 100 },
                ),
                ("rate", ApproveForm { rate: "🎉".into(), ..yes() }, Issue::BadRate),
                ("rate", ApproveForm { rate: "2\u{202E}0".into(), ..yes() }, Issue::ForbiddenCharacters),
                ("rate", ApproveForm { rate: "1".repeat(21), ..yes() }, Issue::TooLong { max: 20 }),
                ("currency", ApproveForm { currency: "<b>".into(), ..yes() }, Issue::NotAChoice),
                ("manager", ApproveForm { manager: "acc_x".into(), ..yes() }, Issue::NotAChoice),
                ("manager", ApproveForm { manager: stranger.to_string(), ..yes() }, Issue::NotAChoice),
            ] {
                let refused = approve(kontor, &desk.ada, id, version, &form).await;
                assert_eq!(refused, Err(Error::field(field, issue)), "{form:?}");
            }
            let refused = approve(kontor, &desk.ada, id, version, &ApproveForm::default()).await;
            assert!(matches!(refused, Err(Error::Invalid(list)) if list.len() == 3));
            assert_eq!(desk.row(&token).await.version, version);
        }
    }

    #[tokio::test]
    async fn foreign_ids_other_roles_and_stale_pages_are_refused() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let unknown = ApplicationId::from_uuid(uuid::Uuid::from_u128(7));
            assert_eq!(approve(kontor, &desk.ada, unknown, 1, &yes()).await, Err(Error::NotFound));
            assert_eq!(detail(kontor, &desk.ada, unknown).await, Err(Error::NotFound));
            assert_eq!(ask(kontor, &desk.ada, unknown, 1, "Why?").await, Err(Error::NotFound));
            let unconfirmed = desk.sent("suedwind.test", false).await;
            let hidden = desk.row(&unconfirmed.token).await.id;
            assert_eq!(detail(kontor, &desk.ada, hidden).await, Err(Error::NotFound));
            assert_eq!(approve(kontor, &desk.ada, hidden, 1, &yes()).await, Err(Error::NotFound));
            let (id, version, _) = desk.submitted("nordwind.test").await;
            assert_eq!(approve(kontor, &desk.support, id, version, &yes()).await, Err(Error::Forbidden));
            assert_eq!(approve(kontor, &desk.ada, id, version - 1, &yes()).await, Err(Error::StaleVersion));
            let seen = detail(kontor, &desk.support, id).await.unwrap();
            assert!(!seen.may_decide && seen.staff.is_empty());
        }
    }

    #[tokio::test]
    async fn four_eyes_hold_unless_the_setting_is_off() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let colleague = desk.applicant("friend@vendor.test", true).await;
            let receipt = submit(kontor, &colleague, form("nordwind.test")).await.unwrap();
            let row = desk.row(&receipt.token).await;
            let no = RejectForm { reason: "other".into(), ..Default::default() };
            assert_eq!(
                approve(kontor, &desk.ada, row.id, row.version, &yes()).await,
                Err(Refusal::FourEyes.into())
            );
            assert_eq!(
                reject(kontor, &desk.ada, row.id, row.version, &no).await,
                Err(Refusal::FourEyes.into())
            );
            assert!(detail(kontor, &desk.ada, row.id).await.unwrap().four_eyes);
            let off = setting::Model {
                key: "four_eyes".into(),
                value: "false".into(),
                updated_at: kontor.now(),
                updated_by: "test".into(),
            };
            let tx = kontor.db.begin().await.unwrap();
            setting::Entity::insert(off.into_active_model()).exec_without_returning(&tx).await.unwrap();
            tx.commit().await.unwrap();
            assert!(approve(kontor, &desk.ada, row.id, row.version, &yes()).await.is_ok());
        }
    }
}
