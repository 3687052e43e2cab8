//! The vendor changes a partner's terms or standing.

use crate::{
    Error, Issue, Problems,
    application::review::rate_bp,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::OrgId, right::Feature},
    organisation::rows::organisation,
    partner::{
        PartnerChange, PartnerStatus, Tier,
        rows::{directory, partner},
    },
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

/// Changes tier and rate, suspends or reactivates. Told in the vendor's trail and the partner's own.
pub async fn change(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    version: i64,
    form: &PartnerChange,
) -> Result<(), Error> {
    actor.require(Feature::PartnersEdit)?;
    let mut problems = Problems::new();
    let tier = given(&form.tier).map(|key| Tier::from_key(key).ok_or(Issue::NotAChoice)).transpose();
    let tier = problems.take("tier", tier);
    let rate = problems.take("rate", given(&form.rate).map(rate_bp).transpose());
    let status = given(&form.status).map(|key| PartnerStatus::from_key(key).ok_or(Issue::NotAChoice));
    let status = problems.take("status", status.transpose());
    let tx = kontor.db.begin().await?;
    let mut row = directory::by_org_locked(&tx, org).await?.ok_or(Error::NotFound)?;
    if let Some(wanted) = status.filter(|wanted| *wanted != row.status && !may_become(row.status, *wanted)) {
        tracing::debug!(from = %row.status, to = %wanted, "no such step for a partner");
        problems.add("status", Issue::NotAChoice);
    }
    problems.finish()?;
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    let before = row.clone();
    row.tier = tier.unwrap_or(row.tier);
    row.rate_bp = match form.no_rate.is_empty() {
        true => rate.or(row.rate_bp),
        false => None,
    };
    row.status = status.unwrap_or(row.status);
    if row == before {
        return Ok(());
    }
    row.version += 1;
    partner::Entity::update(row.clone().into_active_model().reset_all()).exec(&tx).await?;
    let detail = serde_json::json!({
        "tier": row.tier, "rate_bp": row.rate_bp, "status": row.status,
        "before": { "tier": before.tier, "rate_bp": before.rate_bp, "status": before.status },
    });
    let name = organisation::by_id(&tx, org).await?.map(|o| o.name).unwrap_or_default();
    let event = Event::new("partner.changed", name).with(detail);
    append(kontor, &tx, actor.org, actor, event.clone()).await?;
    append(kontor, &tx, org, actor, event).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "partner");
    kontor.hub.tell(org, "partner");
    Ok(())
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The steps staff may take (domain.md section 18): stop whoever is in business, bring back whoever is stopped or idle.
fn may_become(from: PartnerStatus, to: PartnerStatus) -> bool {
    use PartnerStatus::*;
    matches!((from, to), (Onboarding | Active, Suspended) | (Suspended | Inactive, Active))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        application::{
            detail::ApproveForm,
            service::{approve, bench::Desk},
        },
        kernel::{id::Id, right::Role, testing::Bench},
        partner::{PartnerQuery, service::list},
    };

    async fn founded(desk: &Desk<'_>, domain: &str) -> OrgId {
        let (id, version, _) = desk.submitted(domain).await;
        let form = ApproveForm {
            tier: "authorized".into(),
            rate: "20".into(),
            currency: "EUR".into(),
            ..Default::default()
        };
        approve(&desk.bench.kontor, &desk.ada, id, version, &form).await.unwrap()
    }

    #[tokio::test]
    async fn partners_are_listed_changed_suspended_and_brought_back() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let org = founded(&desk, "nordwind.test").await;
            for n in 0..30 {
                founded(&desk, &format!("firma-{n:02}.test")).await;
            }
            let all = list(kontor, &desk.support, &PartnerQuery::default()).await.unwrap();
            assert_eq!((all.rows.len(), all.rows[0].name.as_str()), (25, "firma-00 GmbH"), "{}", bench.name);
            let after = PartnerQuery { after: all.next, ..Default::default() };
            let second = list(kontor, &desk.ada, &after).await.unwrap();
            assert_eq!((second.rows.len(), second.next), (6, None));
            let before = PartnerQuery { before: second.previous, ..Default::default() };
            assert_eq!(list(kontor, &desk.ada, &before).await.unwrap(), all);
            let found = PartnerQuery::from_pairs([("q", "Nordwind"), ("status", "onboarding")]);
            let row = list(kontor, &desk.ada, &found).await.unwrap().rows.remove(0);
            assert_eq!((row.org, row.rate_bp), (org, Some(2000)));

            let form = PartnerChange {
                tier: "premium".into(),
                rate: "25,5".into(),
                status: "suspended".into(),
                ..Default::default()
            };
            let reviewer = change(kontor, &desk.ada, org, row.version, &form).await;
            assert_eq!(reviewer, Err(Error::Forbidden));
            let admin = desk.with_role(Role::VendorAdmin);
            change(kontor, &admin, org, row.version, &form).await.unwrap();
            assert_eq!(change(kontor, &admin, org, row.version, &form).await, Err(Error::StaleVersion));
            let suspended = PartnerQuery { status: Some(PartnerStatus::Suspended), ..Default::default() };
            let row = list(kontor, &admin, &suspended).await.unwrap().rows.remove(0);
            assert_eq!(
                (row.tier, row.rate_bp, row.status),
                (Tier::Premium, Some(2550), PartnerStatus::Suspended)
            );
            let back = PartnerChange { status: "active".into(), ..Default::default() };
            change(kontor, &admin, org, row.version, &back).await.unwrap();
            assert_eq!(list(kontor, &admin, &suspended).await.unwrap().rows, vec![]);
        }
    }

    #[tokio::test]
    async fn impossible_changes_are_refused() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let admin = desk.with_role(Role::VendorAdmin);
            let org = founded(&desk, "nordwind.test").await;
            let form = PartnerChange {
                tier: "gold".into(),
                rate: "101".into(),
                status: "dead".into(),
                ..Default::default()
            };
            let refused = change(&bench.kontor, &admin, org, 1, &form).await;
            assert!(matches!(refused, Err(Error::Invalid(list)) if list.len() == 3));
            let ended = PartnerChange { status: "terminated".into(), ..Default::default() };
            let refused = change(&bench.kontor, &admin, org, 1, &ended).await;
            assert_eq!(refused, Err(Error::field("status", Issue::NotAChoice)));
            let unknown = OrgId::from_uuid(uuid::Uuid::from_u128(9));
            let refused = change(&bench.kontor, &admin, unknown, 1, &PartnerChange::default()).await;
            assert_eq!(refused, Err(Error::NotFound));
        }
    }
}
