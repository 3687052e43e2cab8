//! Sends an application.

use super::{
    confirmed::start,
    parts::{applicant, status_token, trail, vendor},
};
use crate::{
    Error, Issue, Refusal,
    account::rows::account,
    application::{
        ApplicationForm, ApplicationStatus, check,
        clock::NOT_REMINDED,
        identity::{company_domain, mail_domain, name_key},
        rows::{application, people},
        standing::Receipt,
    },
    kernel::{
        Kontor,
        actor::Viewer,
        id::ApplicationId,
        instant::Instant,
        secret::hash_token,
        text::{email_key, fold},
    },
    partner::{
        PartnerStatus,
        rows::{directory, partner},
    },
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel};

/// Hours for which an application whose address is not confirmed keeps others of its domain out: as long as the
/// confirmation link works. Otherwise anybody could bar a company for good by naming its website.
const UNCONFIRMED_HOURS: i64 = 72;

/// Sends the viewer's application. It is submitted at once if their address is confirmed; if not, it waits for the
/// confirmation ([`super::confirmed`]) and no clock runs. Refuses duplicates (R1.2). A form that a machine filled in
/// gets the same answer as any other and is dropped (R1.8).
pub async fn submit(kontor: &Kontor, viewer: &Viewer, form: ApplicationForm) -> Result<Receipt, Error> {
    let session = viewer.signed_in()?;
    let facts = check(&form, kontor.now().day())?;
    let domain = company_domain(&facts.website, &session.email)
        .map_err(|issue: Issue| Error::field("website", issue))?;
    let id: ApplicationId = kontor.id();
    let token = status_token(kontor, id);
    if !form.homepage2.is_empty() {
        tracing::info!(ip = %viewer.ip, "an application filled in by a machine was dropped");
        return Ok(Receipt { token, submitted: session.confirmed });
    }
    let tx = kontor.db.begin().await?;
    let vendor = vendor(&tx).await?;
    people::lock_vendor(&tx, vendor).await?;
    let person = account::by_id(&tx, session.account).await?.ok_or(Error::Unauthenticated)?;
    let now = kontor.now();
    refuse_duplicates(&tx, &person.email, &domain, now).await?;
    let policy = crate::setting::service::policy(kontor, &tx).await?;
    let search =
        [&facts.company_name, &facts.first_name, &facts.last_name, &person.email, &domain, &facts.city];
    let row = application::Model {
        id,
        status_hash: hash_token(&token),
        account_id: person.id,
        status: ApplicationStatus::Unconfirmed,
        email_key: email_key(&person.email),
        mail_domain: mail_domain(&person.email).unwrap_or_default(),
        company_domain: domain.clone(),
        search_text: fold(&search.map(String::as_str).join(" ")),
        name_key: name_key(&facts.company_name),
        email: person.email.clone(),
        first_name: facts.first_name,
        last_name: facts.last_name,
        phone: facts.phone,
        job_title: facts.job_title,
        company_name: facts.company_name,
        website: facts.website,
        vat_id: facts.vat_id,
        employees: facts.employees,
        founded: facts.founded,
        street: facts.street,
        street2: facts.street2,
        postal_code: facts.postal_code,
        city: facts.city,
        state: facts.state,
        country: facts.country,
        expertise: facts.expertise,
        partner_type: facts.partner_type,
        experience: facts.experience,
        plans: facts.plans,
        expected_customers: facts.expected_customers,
        other_vendors: facts.other_vendors,
        terms_version: policy.terms_version.clone(),
        terms_at: now,
        ip: viewer.ip.clone(),
        locale: viewer.locale,
        created_at: now,
        submitted_at: None,
        due_at: None,
        assigned_to: None,
        decided_by: None,
        decided_at: None,
        reject_reason: None,
        reject_note: None,
        reapply_on: None,
        org_id: None,
        version: 1,
        reminded: NOT_REMINDED,
        waiting_since: None,
    };
    application::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
    if person.first_name.is_empty() && person.last_name.is_empty() {
        let named = account::ActiveModel {
            id: Set(person.id),
            first_name: Set(row.first_name.clone()),
            last_name: Set(row.last_name.clone()),
            ..Default::default()
        };
        account::Entity::update(named).exec(&tx).await?;
    }
    let actor = applicant(vendor, &viewer.ip);
    let detail =
        serde_json::json!({ "email": person.email, "company": row.company_name, "terms": row.terms_version });
    trail(kontor, &tx, vendor, &actor, "application.sent", &row, detail).await?;
    let submitted = person.confirmed_at.is_some();
    if submitted {
        start(kontor, &tx, vendor, row, &policy).await?;
    }
    tx.commit().await?;
    kontor.hub.tell(vendor, "application");
    Ok(Receipt { token, submitted })
}

/// R1.2: the same address or company domain with an open or accepted application, or one that may not come back yet.
async fn refuse_duplicates(
    tx: &impl ConnectionTrait,
    email: &str,
    domain: &str,
    now: Instant,
) -> Result<(), Error> {
    let key = email_key(email);
    let mut wait = None;
    for rival in application::rivals(tx, &key, domain).await? {
        match rival.status {
            ApplicationStatus::Approved => {
                let partner = match rival.org_id {
                    Some(org) => partner::by_org(tx, org).await?,
                    None => None,
                };
                if partner.is_none_or(|p| p.status != PartnerStatus::Terminated) {
                    return Err(Refusal::AlreadyPartner.into());
                }
            }
            ApplicationStatus::Rejected => wait = wait.max(rival.reapply_on.filter(|on| *on > now.day())),
            ApplicationStatus::Unconfirmed if rival.email_key != key => {
                if rival.created_at.plus_hours(UNCONFIRMED_HOURS) > now {
                    return Err(Refusal::AlreadyApplied.into());
                }
            }
            ApplicationStatus::Withdrawn => {}
            _ => return Err(Refusal::AlreadyApplied.into()),
        }
    }
    if !domain.is_empty() && directory::of_domain(tx, domain).await? {
        return Err(Refusal::AlreadyPartner.into());
    }
    match wait {
        Some(on) => Err(Refusal::ReapplyLater { on }.into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{Desk, confirm, form};
    use super::*;
    use crate::{
        application::{
            detail::{ApproveForm, RejectForm},
            form::tests::set,
            service::{approve, reject, standing, withdraw},
        },
        kernel::testing::Bench,
        notification::Mail,
    };

    #[tokio::test]
    async fn a_confirmed_applicant_is_submitted_at_once_and_told() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let receipt = desk.sent("nordwind.test", true).await;
            assert!(receipt.submitted);
            let row = desk.row(&receipt.token).await;
            let now = bench.kontor.now();
            assert_eq!(row.status, ApplicationStatus::Submitted, "{}", bench.name);
            assert_eq!((row.submitted_at, row.due_at), (Some(now), Some(now.plus_days(7))));
            assert_eq!((row.terms_version.as_str(), row.terms_at), ("2026-01", now));
            assert_eq!((row.ip.as_str(), row.locale.key()), ("192.0.2.7", "de"));
            assert_eq!(desk.trail(row.id).await, ["application.sent", "application.submitted"]);
            let link = bench.kontor.url(&format!("/apply/status/{}", receipt.token));
            let mail = Mail::ApplicationReceived {
                company: "nordwind GmbH".into(),
                due: now.plus_days(7).day(),
                link,
            };
            assert_eq!(desk.mails().await, vec![("owner@nordwind.test".to_owned(), mail)]);
            assert_eq!(standing(&bench.kontor, "nonsense").await, Err(Error::NotFound));
        }
    }

    #[tokio::test]
    async fn the_clock_starts_when_the_address_is_confirmed() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let viewer = desk.applicant("owner@nordwind.test", false).await;
            let receipt = submit(&bench.kontor, &viewer, form("nordwind.test")).await.unwrap();
            assert!(!receipt.submitted);
            let row = desk.row(&receipt.token).await;
            assert_eq!((row.status, row.due_at), (ApplicationStatus::Unconfirmed, None));
            assert_eq!(desk.mails().await, vec![]);
            desk.pass(2).await;
            confirm(&bench, &viewer).await;
            let row = desk.row(&receipt.token).await;
            assert_eq!(row.status, ApplicationStatus::Submitted);
            assert_eq!(row.due_at, Some(bench.kontor.now().plus_days(7)));
            assert_eq!(desk.mailed("application_received").await, ["owner@nordwind.test"]);
            confirm(&bench, &viewer).await;
            assert_eq!(desk.mails().await.len(), 1, "a second confirmation starts nothing anew");
        }
    }

    #[tokio::test]
    async fn submitting_needs_an_account_and_a_good_form() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let mut viewer = desk.applicant("owner@nordwind.test", true).await;
            let mut bad = form("nordwind.test");
            set(&mut bad, "website", "xn--a.org");
            let refused = submit(&bench.kontor, &viewer, bad).await;
            assert_eq!(refused, Err(Error::field("website", Issue::BadWebsite)));
            let refused = submit(&bench.kontor, &viewer, ApplicationForm::default()).await;
            assert!(matches!(refused, Err(Error::Invalid(list)) if list.len() == 15));
            viewer.session = None;
            let refused = submit(&bench.kontor, &viewer, form("nordwind.test")).await;
            assert_eq!(refused, Err(Error::Unauthenticated));
        }
    }

    #[tokio::test]
    async fn a_machine_is_told_success_and_leaves_nothing() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let viewer = desk.applicant("bot@nordwind.test", true).await;
            let filled = ApplicationForm { homepage2: "x".into(), ..form("nordwind.test") };
            let receipt = submit(&bench.kontor, &viewer, filled).await.unwrap();
            assert_eq!(standing(&bench.kontor, &receipt.token).await, Err(Error::NotFound));
            assert_eq!(desk.mails().await, vec![]);
            // The person behind the same browser is not barred.
            assert!(submit(&bench.kontor, &viewer, form("nordwind.test")).await.is_ok());
        }
    }

    #[tokio::test]
    async fn duplicates_are_refused_by_address_and_by_domain() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let (_, _, token) = desk.submitted("nordwind.test").await;
            let same_domain = desk.applicant("other@gmail.com", true).await;
            let try_domain = || submit(kontor, &same_domain, form("www.nordwind.test"));
            assert_eq!(try_domain().await, Err(Refusal::AlreadyApplied.into()));
            withdraw(kontor, &token, "").await.unwrap();
            let second = try_domain().await.unwrap();
            let row = desk.row(&second.token).await;
            let no = RejectForm {
                reason: "quality".into(),
                reapply_on: "2026-05-01".into(),
                ..Default::default()
            };
            reject(kontor, &desk.ada, row.id, row.version, &no).await.unwrap();
            let on = "2026-05-01".parse().unwrap();
            assert_eq!(try_domain().await, Err(Refusal::ReapplyLater { on }.into()));
            desk.pass(60).await;
            let third = try_domain().await.unwrap();
            let row = desk.row(&third.token).await;
            let yes = ApproveForm {
                tier: "advanced".into(),
                rate: "20".into(),
                currency: "EUR".into(),
                ..Default::default()
            };
            approve(kontor, &desk.ada, row.id, row.version, &yes).await.unwrap();
            assert_eq!(try_domain().await, Err(Refusal::AlreadyPartner.into()));
            let same_address = desk.applicant("OTHER@gmail.com2.test", true).await;
            assert!(submit(kontor, &same_address, form("suedwind.test")).await.is_ok());
            assert_eq!(
                submit(kontor, &same_address, form("ostwind.test")).await,
                Err(Refusal::AlreadyApplied.into())
            );
        }
    }

    #[tokio::test]
    async fn nobody_bars_a_company_by_naming_its_website() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let stranger = desk.applicant("x@elsewhere.test", false).await;
            submit(&bench.kontor, &stranger, form("nordwind.test")).await.unwrap();
            let owner = desk.applicant("owner@nordwind.test", true).await;
            let refused = submit(&bench.kontor, &owner, form("nordwind.test")).await;
            assert_eq!(refused, Err(Refusal::AlreadyApplied.into()));
            desk.pass(3).await;
            assert!(submit(&bench.kontor, &owner, form("nordwind.test")).await.is_ok());
        }
    }

    #[tokio::test]
    async fn of_two_applications_at_once_one_is_taken() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let a = desk.applicant("a@gmail.com", true).await;
            let b = desk.applicant("b@gmail.com", true).await;
            let (first, second) = tokio::join!(
                submit(&bench.kontor, &a, form("nordwind.test")),
                submit(&bench.kontor, &b, form("nordwind.test"))
            );
            assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
            let lost = first.err().or(second.err());
            assert_eq!(lost, Some(Refusal::AlreadyApplied.into()));
        }
    }
}
