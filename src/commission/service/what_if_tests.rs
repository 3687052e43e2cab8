use super::{stage::Stage, *};
use crate::{
    Error, Issue,
    catalogue::service::stage::prices,
    commission::{Rule, WhatIf},
    kernel::testing::Bench,
    partner::{Tier, rows::partner},
    setting::{OpenRate, Policy},
    subscription::{Term, change::Item},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

const SOLD: [(Item, Term, i64); 3] = [
    (Item::Standard, Term::Yearly, 3_600),
    (Item::Professional, Term::Yearly, 7_200),
    (Item::ExtraStorage, Term::Yearly, 1_000),
];

fn form(sale: &str) -> WhatIf {
    WhatIf {
        plan: "professional".into(),
        term: "yearly".into(),
        seats: "10".into(),
        payer: "customer".into(),
        sale: sale.into(),
        ..WhatIf::default()
    }
}

#[tokio::test]
async fn what_if_works_out_purchases_upgrades_and_storage() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        prices(&bench, &SOLD).await;
        let work = async |form: &WhatIf| {
            imagine(&bench.kontor, &stage.owner, stage.partner, form)
                .await
                .map(|w| (w.base, w.outcome.amount))
        };
        assert_eq!(work(&form("new")).await, Ok((72_000, 14_400)), "{}", bench.name);
        let stored = WhatIf { addon_units: "3".into(), ..form("new") };
        assert_eq!(work(&stored).await, Ok((75_000, 15_000)));
        let upgrade = WhatIf { was_plan: "standard".into(), days_left: "275".into(), ..form("upgrade") };
        // Example A of domain.md section 7: 275 of 365 days of the difference.
        assert_eq!(work(&upgrade).await, Ok((27_123, 5_425)), "{}", bench.name);
        let storage = WhatIf { addon_units: "2".into(), ..form("add_on") };
        assert_eq!(work(&storage).await, Ok((2_000, 400)));
        let late = WhatIf {
            plan: "standard".into(),
            seats: "15".into(),
            first_paid_on: "2024-01-01".into(),
            baseline_seats: "10".into(),
            ..form("renewal")
        };
        let worked = imagine(&bench.kontor, &stage.owner, stage.partner, &late).await.unwrap();
        assert_eq!((worked.outcome.rule, worked.outcome.eligible), (Rule::DeltaOnly, 18_000));
        let wrong = WhatIf { was_plan: "free".into(), ..form("upgrade") };
        assert_eq!(work(&wrong).await, Err(Error::field("was_plan", Issue::NotAChoice)), "{}", bench.name);
        assert!(matches!(work(&form("adjustment")).await, Err(Error::Invalid(_))));
        assert_eq!(work(&WhatIf { payer: "partner".into(), ..form("new") }).await, Ok((72_000, 0)));
    }
}

#[tokio::test]
async fn without_an_own_rate_the_tiers_counts_and_without_that_the_programmes() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let open = partner::ActiveModel {
            org_id: Set(stage.partner),
            rate_bp: Set(None),
            tier: Set(Tier::Advanced),
            ..Default::default()
        };
        partner::Entity::update(open).exec(kontor.db.writer()).await.unwrap();
        let mut policy = Policy::defaults(false);
        for (tier, amount) in [(None, 2_000), (Some(1_500), 1_500), (Some(0), 0)] {
            policy.tier_rate_advanced = OpenRate(tier);
            let tx = kontor.db.begin().await.unwrap();
            let line = accrue(kontor, &tx, &policy, &stage.sale(10_000)).await.unwrap().unwrap();
            tx.commit().await.unwrap();
            assert_eq!(line.outcome.amount, amount, "{}: {tier:?}", bench.name);
        }
    }
}
