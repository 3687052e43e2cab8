//! What *Add organisation* promises.

use super::{add_organisation, stage::*};
use crate::{
    Error, FieldError, Issue, Refusal, account,
    audit::rows::audit_event,
    catalogue::service::stage::sell,
    delegation::rows::grant,
    domain::rows::domain,
    kernel::{
        actor::Viewer,
        instant::Day,
        right::{DELEGABLE, Features, Role},
        testing::Bench,
    },
    notification::Mail,
    organisation::{
        AddOrganisation, MemberStatus,
        rows::{member, organisation},
    },
    partner::{PartnerStatus, PartnerType, rows::partner},
    subscription::{Plan, Service, SubscriptionStatus, Term, rows::subscription},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

#[tokio::test]
async fn a_customer_begins_with_everything_it_needs() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let added = add_organisation(&bench.kontor, &actor, form("kunde.example")).await.unwrap();
        let db = bench.kontor.db.read();
        let row = subscription::of(db, added.org, Service::Workplace).await.unwrap().unwrap();
        let today = bench.kontor.now().day();
        assert_eq!((row.status, row.plan), (SubscriptionStatus::Trial, Plan::Professional));
        assert_eq!((row.trial_started, row.ends_on), (Some(today), Some(today.plus(14))));
        assert_eq!((row.seats, row.term), (10, Term::None));
        let admins =
            member::in_role(db, vec![added.org], Role::SuperAdmin, &[MemberStatus::Invited]).await.unwrap();
        assert_eq!(admins.len(), 1);
        let grant = grant::latest(db, added.org, nordlicht).await.unwrap().unwrap();
        assert_eq!(Features::from_keys(&grant.capabilities), Features::of(&DELEGABLE));
        assert_eq!(grant.until_at, bench.kontor.now().plus_days(365));
        assert!(!domain::holds_any(db, added.org).await.unwrap());
        assert_eq!(domain::primary(db, added.org).await.unwrap().unwrap().name, "kunde.example");
        let mails = mails(&bench).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].0, "kim.kunde.example@mail.example");
        assert!(matches!(&mails[0].1, Mail::CustomerCreated { partner, link, .. }
            if partner == "Nordlicht" && link.contains("/activate/")));
        // Both chains tell it, the customer's in the partner's name.
        let there = audit_event::latest(db, added.org, Some(nordlicht), None, 10).await.unwrap();
        assert!(there.iter().any(|e| e.action == "customer.added"));
        let here = audit_event::latest(db, nordlicht, None, None, 10).await.unwrap();
        assert!(here.iter().any(|e| e.action == "customer.added" && e.acting_for.is_none()));
        let day = |key: String| due_at(&bench, key);
        assert_eq!(day(format!("trial:{}", added.org)).await, Some(today.plus(7).start()));
        assert_eq!(day(format!("grant:{}", grant.id)).await, Some(grant.until_at.plus_days(-30)));
    }
}

#[tokio::test]
async fn sending_the_form_twice_adds_one() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let both = tokio::join!(
            add_organisation(&bench.kontor, &actor, form("kunde.example")),
            add_organisation(&bench.kontor, &actor, form("kunde.example")),
        );
        let (first, second) = (both.0.unwrap(), both.1.unwrap());
        assert_eq!(first, second, "{}", bench.name);
        assert_eq!(add_organisation(&bench.kontor, &actor, form("kunde.example")).await.unwrap(), first);
        assert_eq!(rows::<subscription::Entity>(&bench).await.len(), 1);
        assert_eq!(mails(&bench).await.len(), 1);
        // Another organisation under the key of an earlier one is told, not passed off as done.
        let other =
            AddOrganisation { request_key: form("kunde.example").request_key, ..form("zwei.example") };
        assert_eq!(add_organisation(&bench.kontor, &actor, other).await, Err(Error::StaleVersion));
    }
}

#[tokio::test]
async fn a_step_tells_what_is_wrong_in_it_and_nothing_else() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let begun = AddOrganisation { organisation: "Kunde".into(), ..AddOrganisation::default() };
        match super::check_step(&bench.kontor, &actor, &begun, "organisation").await {
            Err(Error::Invalid(errors)) => {
                let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
                assert_eq!(fields, ["domain", "country"]);
            }
            other => panic!("{other:?}"),
        }
        let whole = AddOrganisation { domain: "kunde.example".into(), country: "DE".into(), ..begun };
        assert_eq!(super::check_step(&bench.kontor, &actor, &whole, "organisation").await, Ok(()));
        let sales = super::check_step(&bench.kontor, &actor, &whole, "admin").await;
        assert!(matches!(sales, Err(Error::Invalid(errors)) if errors.len() == 3));
    }
}

#[tokio::test]
async fn a_known_address_is_refused_and_that_is_audited() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        customer(&bench, &actor, "kunde.example").await;
        let again =
            AddOrganisation { admin_email: "KIM.kunde.example@mail.EXAMPLE".into(), ..form("other.example") };
        let answer = add_organisation(&bench.kontor, &actor, again).await;
        assert_eq!(answer, Err(Refusal::CustomerExists.into()));
        let here = audit_event::latest(bench.kontor.db.read(), nordlicht, None, None, 1).await.unwrap();
        assert_eq!(here[0].action, "customer.exists_told");
        assert_eq!(rows::<subscription::Entity>(&bench).await.len(), 1);
    }
}

#[tokio::test]
async fn who_never_confirmed_an_address_cannot_bar_it() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let kontor = &bench.kontor;
        let (email, password) = ("kim.kunde.example@mail.example", "a stranger chose this");
        let nobody = Viewer { session: None, ..owner.viewer.clone() };
        account::service::sign_up(kontor, &nobody, email, password).await.unwrap();
        let stranger = account::service::sign_in(kontor, &nobody, email, password).await.unwrap().token;
        bench.clock.move_ms(1);
        add_organisation(kontor, &actor, form("kunde.example")).await.unwrap();
        // It is the customer's now: neither the stranger's session nor the password works.
        assert!(account::service::resolve(kontor, &stranger).await.unwrap().is_none());
        assert!(account::service::sign_in(kontor, &nobody, email, password).await.is_err());
        let told = mails(&bench).await;
        assert!(told.iter().any(|(to, mail)| to == email && matches!(mail, Mail::CustomerCreated { .. })));
    }
}

#[tokio::test]
async fn two_forms_that_name_one_person_at_once_add_one_customer() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let (alpen, other) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let here = actor(&bench, &owner, nordlicht).await;
        let there = actor(&bench, &other, alpen).await;
        let one = AddOrganisation { admin_email: "kim@mail.example".into(), ..form("eins.example") };
        let two = AddOrganisation { admin_email: "kim@mail.example".into(), ..form("zwei.example") };
        let (a, b) = tokio::join!(
            add_organisation(&bench.kontor, &here, one),
            add_organisation(&bench.kontor, &there, two)
        );
        let refused = Err(Refusal::CustomerExists.into());
        assert!((a.is_ok() && b == refused) || (b.is_ok() && a == refused), "{}: {a:?} {b:?}", bench.name);
    }
}

#[tokio::test]
async fn a_domain_has_one_trial_in_twelve_months() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let (alpen, other) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let here = actor(&bench, &owner, nordlicht).await;
        let there = actor(&bench, &other, alpen).await;
        customer(&bench, &here, "kunde.example").await;
        let started = bench.kontor.now().day();
        let again = |n: u32| AddOrganisation {
            admin_email: format!("kim{n}@mail.example"),
            request_key: format!("again-{n:04}"),
            ..form("kunde.example")
        };
        let used = Err(Error::from(Refusal::TrialUsed { since: started }));
        assert_eq!(add_organisation(&bench.kontor, &here, again(1)).await, used);
        // An unproven claim of another partner's customer stands in nobody's way (R3.4) …
        let second = add_organisation(&bench.kontor, &there, again(2)).await.unwrap();
        // … but the free plan is always there, also for the same partner.
        let free = AddOrganisation { plan: "free".into(), ..again(3) };
        add_organisation(&bench.kontor, &here, free).await.unwrap();
        // A year later there may be another.
        bench.clock.move_ms(365 * crate::kernel::instant::DAY_MS);
        add_organisation(&bench.kontor, &here, again(4)).await.unwrap();
        // Once proven, nobody else can have the domain at all.
        verify(&bench, second.org).await;
        let claimed = Err(Error::from(Refusal::DomainClaimed));
        assert_eq!(add_organisation(&bench.kontor, &here, again(5)).await, claimed);
    }
}

#[tokio::test]
async fn a_paid_plan_is_what_the_trial_is_meant_to_become() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let paid = AddOrganisation {
            plan: "standard".into(),
            seats: "25".into(),
            term: "monthly".into(),
            ..form("kunde.example")
        };
        // Nobody sells it yet.
        let refused = add_organisation(&bench.kontor, &actor, paid.clone()).await;
        assert_eq!(
            refused,
            Err(Error::Invalid(vec![FieldError { field: "plan".into(), issue: Issue::NotAChoice }]))
        );
        sell(&bench, Plan::Standard, Day(0), true).await;
        let added = add_organisation(&bench.kontor, &actor, paid).await.unwrap();
        let row = subscription::of(bench.kontor.db.read(), added.org, Service::Workplace).await;
        let row = row.unwrap().unwrap();
        assert_eq!((row.status, row.plan, row.seats), (SubscriptionStatus::Trial, Plan::Standard, 10));
        assert_eq!(row.intended_plan, Some(Plan::Standard));
        assert_eq!((row.intended_seats, row.intended_term), (Some(25), Some(Term::Monthly)));
        let free = AddOrganisation { plan: "free".into(), seats: "3".into(), ..form("frei.example") };
        let added = add_organisation(&bench.kontor, &actor, free).await.unwrap();
        let row = subscription::of(bench.kontor.db.read(), added.org, Service::Workplace).await;
        let row = row.unwrap().unwrap();
        assert_eq!((row.status, row.plan, row.seats), (SubscriptionStatus::Free, Plan::Free, 3));
        assert_eq!((row.trial_started, row.ends_on), (None::<Day>, None));
        assert_eq!(due_at(&bench, format!("trial:{}", added.org)).await, None);
    }
}

#[tokio::test]
async fn everything_wrong_is_said_at_once() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let refused = |form: AddOrganisation| {
            let (kontor, actor) = (&bench.kontor, &actor);
            async move {
                match add_organisation(kontor, actor, form).await {
                    Err(Error::Invalid(errors)) => errors,
                    other => panic!("{other:?}"),
                }
            }
        };
        let empty = AddOrganisation { request_key: "request-1".into(), ..AddOrganisation::default() };
        let fields: Vec<String> = refused(empty).await.into_iter().map(|e| e.field).collect();
        let expected =
            ["organisation", "domain", "admin_first_name", "admin_last_name", "admin_email", "country"];
        assert_eq!(fields, expected);
        let one = |field: &str, issue| vec![FieldError { field: field.into(), issue }];
        let own = AddOrganisation { admin_email: "kim@mail.kunde.example".into(), ..form("kunde.example") };
        assert_eq!(refused(own.clone()).await, one("contact_email", Issue::ContactNeeded));
        let both = AddOrganisation { contact_email: "kim@kunde.example".into(), ..own.clone() };
        assert_eq!(refused(both).await, one("contact_email", Issue::ContactNeeded));
        sell(&bench, Plan::MailLite, Day(0), true).await;
        let yearly = AddOrganisation {
            plan: "mail-lite".into(),
            seats: "1".into(),
            term: "monthly".into(),
            ..form("kunde.example")
        };
        assert_eq!(refused(yearly).await, one("term", Issue::TermNotOffered));
        let many = AddOrganisation { plan: "free".into(), seats: "6".into(), ..form("kunde.example") };
        assert_eq!(refused(many).await, one("seats", Issue::TooManySeats { max: 5 }));
        let mark = AddOrganisation { organisation: "a\u{202E}b".into(), ..form("kunde.example") };
        assert_eq!(refused(mark).await, one("organisation", Issue::ForbiddenCharacters));
        let no_key = AddOrganisation { request_key: String::new(), ..form("kunde.example") };
        assert_eq!(add_organisation(&bench.kontor, &actor, no_key).await, Err(Error::BadRequest));
        // A reachable address elsewhere gets the mail.
        let reachable = AddOrganisation { contact_email: "kim@privat.example".into(), ..own };
        let added = add_organisation(&bench.kontor, &actor, reachable).await.unwrap();
        assert_eq!(added.mailed_to, "kim@privat.example");
        assert_eq!(mails(&bench).await[0].0, "kim@privat.example");
    }
}

#[tokio::test]
async fn only_partners_in_business_add_and_referrals_get_no_grant() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Referral).await;
        let here = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &here, "kunde.example").await;
        assert_eq!(rows::<grant::Entity>(&bench).await, vec![]);
        let admin = super_admin(&bench, org).await;
        let there = actor(&bench, &admin, org).await;
        let answer = add_organisation(&bench.kontor, &there, form("zwei.example")).await;
        assert_eq!(answer, Err(Error::Forbidden));
        let stop = partner::ActiveModel {
            org_id: Set(nordlicht),
            status: Set(PartnerStatus::Suspended),
            ..Default::default()
        };
        partner::Entity::update(stop).exec(bench.kontor.db.writer()).await.unwrap();
        let answer = add_organisation(&bench.kontor, &here, form("drei.example")).await;
        assert_eq!(answer, Err(Refusal::PartnerInactive.into()));
        assert_eq!(rows::<organisation::Entity>(&bench).await.len(), 2);
    }
}
