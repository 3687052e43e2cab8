use super::*;
use crate::{
    Error, Issue,
    commission::service::stage::Stage,
    kernel::{right::Role, testing::Bench},
    notification::Mail,
    organisation::service::stage::{actor, mails, person, rows},
    payout::{AccountForm, rows::payout_account},
};

pub(super) fn form() -> AccountForm {
    AccountForm {
        holder: "Nordlicht IT GmbH".into(),
        iban: "DE89 3704 0044 0532 0130 00".into(),
        bic: "DEUTDEFF".into(),
        bank: "Testbank".into(),
    }
}

#[tokio::test]
async fn a_new_account_is_sealed_on_hold_and_told_to_the_owner() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let viewer = &stage.owner_person.viewer;
        let view = set_account(kontor, viewer, &stage.owner, &form()).await.unwrap();
        assert_eq!((view.last4.as_str(), view.country.as_str()), ("3000", "DE"), "{}", bench.name);
        assert_eq!(view.usable_at, kontor.now().plus_hours(72));
        let row = rows::<payout_account::Entity>(&bench).await.remove(0);
        assert!(!String::from_utf8_lossy(&row.iban).contains("0532"));
        let told = mails(&bench).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].0, "owner@nordlicht.test");
        assert!(matches!(&told[0].1, Mail::PayoutAccountChanged { last4, link, .. }
            if last4 == "3000" && link.ends_with(&format!("/store/{}/payouts", stage.partner))));

        let second = AccountForm { iban: "NL91ABNA0417164300".into(), ..form() };
        set_account(kontor, viewer, &stage.owner, &second).await.unwrap();
        let current = account(kontor, &stage.finance, stage.partner).await.unwrap().unwrap();
        assert_eq!(current.last4, "4300");
        assert_eq!(rows::<payout_account::Entity>(&bench).await.len(), 2);
    }
}

#[tokio::test]
async fn an_account_asks_for_a_fresh_second_factor_and_a_right_number() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let mut viewer = stage.owner_person.viewer.clone();
        let wrong = AccountForm { iban: "DE88370400440532013000".into(), bic: "X".into(), ..form() };
        let refused = set_account(kontor, &viewer, &stage.owner, &wrong).await;
        let Err(Error::Invalid(fields)) = refused else { panic!("{refused:?}") };
        let said: Vec<_> = fields.iter().map(|f| (f.field.as_str(), f.issue.clone())).collect();
        assert_eq!(said, [("iban", Issue::BadIban), ("bic", Issue::BadBic)]);

        let sales = person(&bench, stage.partner, Role::PartnerSales, "sales@nordlicht.test").await;
        let sales = actor(&bench, &sales, stage.partner).await;
        assert_eq!(set_account(kontor, &viewer, &sales, &form()).await, Err(Error::Forbidden));

        viewer.session.as_mut().unwrap().fresh_by_factor = false;
        let stale = Err(Error::StepUpRequired { second_factor: true });
        assert_eq!(set_account(kontor, &viewer, &stage.owner, &form()).await, stale, "{}", bench.name);
        viewer.session.as_mut().unwrap().fresh_by_factor = true;
        bench.clock.set(kontor.now().plus_minutes(16));
        assert_eq!(set_account(kontor, &viewer, &stage.owner, &form()).await, stale);
        viewer.session.as_mut().unwrap().second_factor = false;
        let missing = set_account(kontor, &viewer, &stage.owner, &form()).await;
        assert_eq!(missing, Err(Error::SecondFactorRequired));
        assert_eq!(account(kontor, &stage.owner, stage.partner).await, Ok(None));
    }
}
