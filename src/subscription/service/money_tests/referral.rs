//! A referral partner brings customers and earns commission; it pays for none of them (design.md section 1).

use super::*;
use crate::partner::rows::partner;
use sea_orm::ActiveValue::Set;

#[tokio::test]
async fn a_referral_partner_earns_commission_and_cannot_pay_for_its_customers() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        let referral = partner::ActiveModel {
            org_id: Set(scene.partner.org),
            partner_type: Set(PartnerType::Referral),
            ..Default::default()
        };
        partner::Entity::update(referral).exec(kontor.db.writer()).await.unwrap();
        scene.card(&scene.partner, "approve").await;
        let own = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Yearly, 10) };
        let refused = preview(kontor, &scene.partner, org, &own).await;
        assert_eq!(refused.unwrap_err(), Refusal::ReferralOnly.into(), "{}", bench.name);

        scene.card(&scene.customer, "approve").await;
        proposals::customer_pays(&scene, wish(Plan::Standard, Term::Yearly, 10)).await;
        let lines = rows::<commission_line::Entity>(&bench).await;
        assert_eq!((lines.len(), lines[0].amount), (1, 7_200), "{}", bench.name);
        scene.sound().await;
    }
}
