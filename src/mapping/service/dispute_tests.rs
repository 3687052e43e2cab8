//! What disputes promise.

use super::*;
use crate::{
    Error, Issue, Refusal,
    delegation::{GrantStatus, rows::grant},
    kernel::{
        actor::Actor,
        right::{OrgKind, Role},
        testing::Bench,
    },
    mapping::{DecideDispute, DisputeStatus, OpenDispute, rows::mapping},
    notification::Mail,
    organisation::service::stage::{self, *},
    partner::PartnerType,
    subscription::Service,
};

use sea_orm::EntityTrait as _;

fn claim(about: &str) -> OpenDispute {
    OpenDispute {
        about: about.into(),
        statement: "The customer has asked us in writing to look after it.".into(),
        file_name: "C:\\mails\\kunde.pdf".into(),
        content: b"%PDF-1.7 ...".to_vec(),
        request_key: format!("claim-{about}"),
    }
}

async fn reviewer(bench: &Bench) -> Actor {
    let vendor = stage::organisation(bench, OrgKind::Vendor, "Vendor").await;
    let person = stage::person(bench, vendor, Role::Reviewer, "reviewer@vendor.test").await;
    actor(bench, &person, vendor).await
}

#[tokio::test]
async fn a_claim_is_looked_at_and_the_customer_moved_or_not() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let staff = reviewer(&bench).await;
        let (north, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let north = actor(&bench, &owner, north).await;
        let (alps, owner) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let alps = actor(&bench, &owner, alps).await;
        let org = customer(&bench, &north, "kunde.example").await;
        // Whether there is such a domain is not said.
        let nothing = open_dispute(kontor, &alps, &claim("nobody.example")).await.unwrap();
        let id = open_dispute(kontor, &alps, &claim("Kunde.example ")).await.unwrap();
        assert_eq!(open_dispute(kontor, &alps, &claim("Kunde.example ")).await, Ok(id), "{}", bench.name);
        let by_mail = open_dispute(kontor, &alps, &claim("kim.kunde.example@mail.example")).await.unwrap();
        let shown = disputes(kontor, &alps, None).await.unwrap().0;
        assert_eq!(shown.iter().map(|d| d.status).collect::<Vec<_>>(), [DisputeStatus::Open; 3]);
        // Only staff who may see the queue; others do not know that there is one.
        assert_eq!(dispute_detail(kontor, &alps, id).await, Err(Error::NotFound));
        assert_eq!(dispute_file(kontor, &north, id).await, Err(Error::NotFound));
        assert_eq!(withdraw_dispute(kontor, &north, id).await, Err(Error::NotFound));
        let queue = dispute_queue(kontor, &staff, DisputeStatus::Open, None).await.unwrap();
        assert_eq!(queue.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [nothing, id, by_mail]);
        let seen = dispute_detail(kontor, &staff, id).await.unwrap();
        assert_eq!(seen.file_name, "kunde.pdf");
        let meant = &seen.candidates[0];
        assert_eq!((meant.org, meant.partner.as_ref().unwrap().0), (org, north.org), "{}", bench.name);
        assert_eq!(dispute_detail(kontor, &staff, by_mail).await.unwrap().candidates.len(), 1);
        assert_eq!(dispute_file(kontor, &staff, id).await.unwrap().content, b"%PDF-1.7 ...");

        let decision =
            DecideDispute { moves: true, org: Some(org), reason: "The letter is clear.".into(), version: 1 };
        let blind = DecideDispute { org: Some(north.org), ..decision.clone() };
        let refused = decide_dispute(kontor, &staff, id, &blind).await;
        assert_eq!(refused, Err(Error::field("decision", Issue::NotAChoice)), "{}", bench.name);
        let stale = DecideDispute { version: 2, ..decision.clone() };
        assert_eq!(decide_dispute(kontor, &staff, id, &stale).await, Err(Error::StaleVersion));
        let (first, second) = tokio::join!(
            decide_dispute(kontor, &staff, id, &decision),
            decide_dispute(kontor, &staff, id, &decision),
        );
        let mut answers = [first, second];
        answers.sort_by_key(|answer| answer.is_err());
        assert_eq!(answers, [Ok(()), Err(Refusal::AlreadyDecided.into())], "{}", bench.name);
        let now = mapping::partner_of(kontor.db.read(), org, Service::Workplace).await.unwrap();
        assert_eq!(now, Some(alps.org));
        // The old partner is out, the new one has a customer and no access: that is the customer's to give.
        let access = grant::latest(kontor.db.read(), org, north.org).await.unwrap().unwrap();
        assert_eq!(access.status, GrantStatus::Revoked);
        assert!(grant::latest(kontor.db.read(), org, alps.org).await.unwrap().is_none());
        let told = mails(&bench).await;
        assert!(
            told.iter()
                .any(|(to, m)| to == "owner@alpen.test"
                    && matches!(m, Mail::DisputeDecided { moved: true, .. }))
        );
        assert!(
            told.iter().any(|(to, m)| to == "owner@nordlicht.test" && matches!(m, Mail::CustomerLeft { .. }))
        );
        assert!(told.iter().any(|(_, m)| matches!(m, Mail::PartnerMapped { access: false, .. })));

        let upheld =
            DecideDispute { moves: false, org: None, reason: "It is yours by now.".into(), version: 1 };
        decide_dispute(kontor, &staff, by_mail, &upheld).await.unwrap();
        withdraw_dispute(kontor, &alps, nothing).await.unwrap();
        withdraw_dispute(kontor, &alps, nothing).await.unwrap();
        assert_eq!(withdraw_dispute(kontor, &alps, id).await, Err(Refusal::RequestClosed.into()));
        let shown = disputes(kontor, &alps, None).await.unwrap().0;
        let states: Vec<_> = shown.iter().map(|d| (d.status, d.customer)).collect();
        assert_eq!(states[0], (DisputeStatus::Upheld, None), "{}", bench.name);
        assert_eq!(states[1], (DisputeStatus::Moved, Some(org)));
        assert_eq!(states[2], (DisputeStatus::Withdrawn, None));
        assert!(verify_counters(kontor).await.unwrap().is_clean(), "{}", bench.name);
    }
}

#[tokio::test]
async fn a_claim_needs_words_and_a_file_that_is_what_it_says_and_nobody_decides_on_their_own() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let staff = reviewer(&bench).await;
        let (north, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let here = actor(&bench, &owner, north).await;
        let good = claim("kunde.example");
        let bad = OpenDispute { about: "no domain".into(), statement: "short".into(), ..good.clone() };
        let Err(Error::Invalid(fields)) = open_dispute(kontor, &here, &bad).await else { panic!("taken") };
        assert_eq!(fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["about", "statement"]);
        let html = OpenDispute { content: b"<html>".to_vec(), ..good.clone() };
        assert_eq!(open_dispute(kontor, &here, &html).await, Err(Refusal::UploadType.into()));
        let id = open_dispute(kontor, &here, &good).await.unwrap();
        let other = OpenDispute { about: "other.example".into(), ..good.clone() };
        assert_eq!(open_dispute(kontor, &here, &other).await, Err(Refusal::KeyReused.into()));
        // A reviewer who works for the partner, too.
        let vendor = staff.org;
        let both = stage::person(&bench, vendor, Role::Reviewer, "both@vendor.test").await;
        let place = crate::organisation::rows::member::Model {
            id: kontor.id(),
            org_id: north,
            account_id: both.account,
            role: Role::PartnerSales,
            status: crate::organisation::MemberStatus::Active,
            store_role_id: None,
            licensed: true,
            sort_key: "both".into(),
            created_at: kontor.now(),
            version: 1,
        };
        let place = crate::organisation::rows::member::ActiveModel::from(place);
        crate::organisation::rows::member::Entity::insert(place)
            .exec_without_returning(kontor.db.writer())
            .await
            .unwrap();
        let both = actor(&bench, &both, vendor).await;
        let own =
            DecideDispute { moves: false, org: None, reason: "All as it was, then.".into(), version: 1 };
        assert_eq!(
            decide_dispute(kontor, &both, id, &own).await,
            Err(Refusal::FourEyes.into()),
            "{}",
            bench.name
        );
        assert!(!dispute_detail(kontor, &both, id).await.unwrap().may_decide);
        let mute = DecideDispute { reason: String::new(), ..own };
        let refused = decide_dispute(kontor, &staff, id, &mute).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}
