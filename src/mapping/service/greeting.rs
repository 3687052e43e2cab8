//! What greets a partner in the Partner Store (issue section 5): customers by status, what needs attention, what happened.

use super::customers::facets_of;
use crate::{
    Error,
    audit::{
        rows::audit_event,
        service::{Event, append},
    },
    kernel::{Kontor, actor::Actor, right::Feature},
    mapping::Greeting,
    organisation::{ActivityRow, rows::organisation},
    partner::{PartnerStatus, rows::partner},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Events shown.
const LATEST: u64 = 10;

/// The partner at a glance. Whoever comes here for the first time has arrived: the partner is no longer onboarding.
pub async fn greeting(kontor: &Kontor, actor: &Actor) -> Result<Greeting, Error> {
    actor.require(Feature::StoreView)?;
    let db = kontor.db.read();
    let org = organisation::by_id(db, actor.org).await?.ok_or(Error::NotFound)?;
    let mut row = partner::by_org(db, actor.org).await?.ok_or(Error::NotFound)?;
    if row.status == PartnerStatus::Onboarding {
        row.status = arrive(kontor, actor).await?;
    }
    let sees_customers = actor.may(Feature::CustomersView);
    let facets = match sees_customers {
        true => Some(facets_of(db, actor.org, kontor.now().day()).await?),
        false => None,
    };
    let latest = match actor.may(Feature::ActivityView) || sees_customers {
        true => audit_event::latest(db, actor.org, None, None, LATEST).await?,
        false => Vec::new(),
    };
    let shown = |e: audit_event::Model| ActivityRow {
        seq: e.seq,
        at: e.at,
        actor: e.actor,
        acting_for: None,
        action: e.action,
        target: e.target,
    };
    Ok(Greeting {
        partner: actor.org,
        name: org.name,
        partner_type: row.partner_type,
        status: row.status,
        tier: row.tier,
        facets,
        latest: latest.into_iter().map(shown).collect(),
        adds: actor.may(Feature::CustomersAdd),
    })
}

async fn arrive(kontor: &Kontor, actor: &Actor) -> Result<PartnerStatus, Error> {
    let tx = kontor.db.begin().await?;
    let row = partner::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    if row.status != PartnerStatus::Onboarding {
        return Ok(row.status);
    }
    let change = partner::ActiveModel {
        org_id: Set(actor.org),
        status: Set(PartnerStatus::Active),
        version: Set(row.version + 1),
        ..Default::default()
    };
    partner::Entity::update(change).exec(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("partner.arrived", actor.label())).await?;
    tx.commit().await?;
    Ok(PartnerStatus::Active)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernel::{right::Role, testing::Bench},
        mapping::{CustomerStatus, Due},
        organisation::service::stage::*,
        partner::PartnerType,
    };

    #[tokio::test]
    async fn the_figures_are_the_partners_own_and_links_of_the_day() {
        for bench in Bench::all().await {
            let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
            let (alpen, other) = partner(&bench, "Alpen", PartnerType::Reseller).await;
            let here = actor(&bench, &owner, nordlicht).await;
            let there = actor(&bench, &other, alpen).await;
            customer(&bench, &here, "eins.example").await;
            customer(&bench, &here, "zwei.example").await;
            customer(&bench, &there, "drei.example").await;
            let shown = greeting(&bench.kontor, &here).await.unwrap();
            let facets = shown.facets.unwrap();
            assert_eq!((facets.all, facets.in_status(CustomerStatus::Trial), facets.unverified), (2, 2, 2));
            assert_eq!(facets.due_in(Due::Trial), 0);
            assert_eq!(shown.latest[0].action, "customer.added");
            // A week before the end the trials call for attention.
            bench.clock.move_ms(8 * crate::kernel::instant::DAY_MS);
            let facets = greeting(&bench.kontor, &here).await.unwrap().facets.unwrap();
            assert_eq!(facets.due_in(Due::Trial), 2);
            let foreign = person(&bench, alpen, Role::PartnerFinance, "finance@alpen.test").await;
            let answer = super::super::greeting(&bench.kontor, &actor(&bench, &foreign, alpen).await).await;
            assert_eq!(answer.unwrap().facets.unwrap().all, 1);
        }
    }

    #[tokio::test]
    async fn whoever_comes_first_ends_the_onboarding() {
        for bench in Bench::all().await {
            let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
            let new = partner::ActiveModel {
                org_id: Set(nordlicht),
                status: Set(PartnerStatus::Onboarding),
                ..Default::default()
            };
            partner::Entity::update(new).exec(bench.kontor.db.writer()).await.unwrap();
            let here = actor(&bench, &owner, nordlicht).await;
            let (a, b) = tokio::join!(greeting(&bench.kontor, &here), greeting(&bench.kontor, &here));
            assert_eq!(
                (a.unwrap().status, b.unwrap().status),
                (PartnerStatus::Active, PartnerStatus::Active)
            );
            let events = audit_event::latest(bench.kontor.db.read(), nordlicht, None, None, 9).await.unwrap();
            assert_eq!(events.iter().filter(|e| e.action == "partner.arrived").count(), 1);
        }
    }
}
