//! Makes another domain the one an organisation is known by.

use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    domain::{rows::domain, service::claim::list_of},
    kernel::{Kontor, actor::Actor, id::DomainId, right::Feature},
    mapping::{rows::mapping, service::refresh},
    organisation::rows::queue_up,
    subscription::Service,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Makes a held domain of the actor's organisation its primary one. Customer cards, invoices' lists and the banner of
/// an acting session show it from then on. Two at once come one after the other, so that there is one in the end.
pub async fn make_primary(kontor: &Kontor, actor: &Actor, domain: DomainId) -> Result<(), Error> {
    actor.require(Feature::DomainsEdit)?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, &list_of(actor.org)).await?;
    let row = domain::by_id(&tx, actor.org, domain).await?.ok_or(Error::NotFound)?;
    if !row.status.is_held() {
        return Err(Refusal::DomainUnverified.into());
    }
    if row.is_primary {
        return Ok(());
    }
    let before = domain::primary(&tx, actor.org).await?;
    // The old one first: the database keeps one primary domain an organisation.
    if let Some(before) = &before {
        set(&tx, before, false).await?;
    }
    set(&tx, &row, true).await?;
    let from = before.map(|row| row.name);
    let event = Event::new("domain.primary", &row.name).with(serde_json::json!({ "from": from }));
    append(kontor, &tx, actor.org, actor, event).await?;
    refresh(kontor, &tx, actor.org).await?;
    let partner = mapping::partner_of(&tx, actor.org, Service::Workplace).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "domain");
    if let Some(partner) = partner {
        kontor.hub.tell(partner, "domain");
    }
    Ok(())
}

async fn set(tx: &DatabaseTransaction, row: &domain::Model, is_primary: bool) -> Result<(), Error> {
    let change = domain::ActiveModel {
        id: Set(row.id),
        is_primary: Set(is_primary),
        version: Set(row.version + 1),
        ..Default::default()
    };
    domain::Entity::update(change).exec(tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service::{list, testing::*};
    use futures::future::join_all;

    /// A customer with three domains, of which it holds the first two.
    async fn with_three(scene: &Scene) {
        for name in ["eins.test", "zwei.test"] {
            let value = scene.add(&scene.admin, name).await;
            scene.publish(name, &value);
        }
        scene.add(&scene.admin, "drei.test").await;
        scene.bench.clock.move_ms(5 * 60_000);
        scene.work().await;
    }

    async fn primaries(scene: &Scene) -> Vec<String> {
        let all = list(&scene.bench.kontor, &scene.admin).await.unwrap();
        all.into_iter().filter(|d| d.is_primary).map(|d| d.name.ascii).collect()
    }

    #[tokio::test]
    async fn a_held_domain_takes_the_place_of_the_one_before() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            with_three(&scene).await;
            let [zwei, drei] = [scene.id("zwei.test").await, scene.id("drei.test").await];
            assert_eq!(primaries(&scene).await, ["eins.test"]);
            let unproven = make_primary(kontor, &scene.admin, drei).await;
            assert_eq!(unproven, Err(Refusal::DomainUnverified.into()));
            let foreign = make_primary(kontor, &scene.stranger, zwei).await;
            assert_eq!(foreign, Err(Error::NotFound));
            // A partner has no say from its own console: the customer's domain is not its own.
            assert_eq!(make_primary(kontor, &scene.owner, zwei).await, Err(Error::NotFound));
            make_primary(kontor, &scene.admin, zwei).await.unwrap();
            make_primary(kontor, &scene.admin, zwei).await.unwrap();
            assert_eq!(primaries(&scene).await, ["zwei.test"]);
            let trail = scene.trail(scene.admin.org).await;
            assert_eq!(trail.iter().filter(|a| *a == "domain.primary").count(), 1, "{trail:?}");
            // The partner's list shows it at once.
            let card =
                crate::mapping::rows::customer::of(kontor.db.read(), vec![scene.admin.org]).await.unwrap();
            assert_eq!(card[0].domain, "zwei.test");
        }
    }

    #[tokio::test]
    async fn two_at_once_leave_one_primary_domain() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            with_three(&scene).await;
            let (eins, zwei) = (scene.id("eins.test").await, scene.id("zwei.test").await);
            for _ in 0..5 {
                let names = [eins, zwei, eins, zwei];
                for done in join_all(names.map(|name| make_primary(kontor, &scene.admin, name))).await {
                    done.unwrap();
                }
                assert_eq!(primaries(&scene).await.len(), 1, "{}", scene.bench.name);
            }
        }
    }
}
