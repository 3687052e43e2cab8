//! Adds a domain to an organisation from its own console.

use crate::{
    Error, Issue, Refusal,
    audit::service::{Event, append},
    domain::{
        AddInput, DomainView, name,
        rows::domain,
        service::{claim, claim::list_of, show::view},
    },
    kernel::{Kontor, actor::Actor, right::Feature},
    organisation::{
        OrgStatus,
        rows::{organisation, queue_up},
    },
    setting::service::policy,
};

/// Adds a domain, unproven. At most `domain_max_per_org` of them.
pub async fn add(kontor: &Kontor, actor: &Actor, input: AddInput) -> Result<DomainView, Error> {
    actor.require(Feature::DomainsEdit)?;
    let name = name::normalise(&input.domain).map_err(|issue| Error::field("domain", issue))?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, &list_of(actor.org)).await?;
    let organisation = organisation::by_id(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    if organisation.status != OrgStatus::Active {
        return Err(Refusal::OrganisationInactive.into());
    }
    if domain::of_org(&tx, actor.org, &name.ascii).await?.is_some() {
        return Err(Error::field("domain", Issue::DomainAlreadyHere));
    }
    let max = policy(kontor, &tx).await?.domain_max_per_org;
    let count = domain::count(&tx, actor.org).await?;
    if count >= u64::from(max) {
        return Err(Refusal::DomainLimit { max }.into());
    }
    let row = claim(kontor, &tx, actor.org, &name, count == 0).await?;
    append(kontor, &tx, actor.org, actor, Event::new("domain.add", &row.name)).await?;
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "domain");
    Ok(view(&row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        DomainStatus,
        service::{list, remove, testing::*},
    };

    fn input(domain: &str) -> AddInput {
        AddInput { domain: domain.into() }
    }

    #[tokio::test]
    async fn names_are_checked_and_taken_once() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            let issue = |issue| Err(Error::field("domain", issue));
            assert_eq!(add(kontor, &scene.admin, input("")).await, issue(Issue::Required));
            assert_eq!(add(kontor, &scene.admin, input("co.uk")).await, issue(Issue::PublicSuffix));
            let seen = add(kontor, &scene.admin, input("BÜCHER.test.")).await.unwrap();
            assert_eq!(seen.name.ascii, "xn--bcher-kva.test");
            assert_eq!((seen.status, seen.is_primary), (DomainStatus::Pending, true));
            assert_eq!(
                add(kontor, &scene.admin, input("bücher.test")).await,
                issue(Issue::DomainAlreadyHere)
            );
            assert!(add(kontor, &scene.stranger, input("bücher.test")).await.is_ok());
            // A partner's own people have no say in its customers' lists.
            let mut plain = scene.admin.clone();
            if let crate::kernel::actor::Standing::Member { features, .. } = &mut plain.standing {
                *features = crate::kernel::right::Role::User.features();
            }
            assert_eq!(add(kontor, &plain, input("x.test")).await, Err(Error::Forbidden));
        }
    }

    #[tokio::test]
    async fn thirty_domains_at_most() {
        for scene in Scene::all().await {
            for n in 0..30 {
                add(&scene.bench.kontor, &scene.admin, input(&format!("d{n}.test"))).await.unwrap();
            }
            let more = add(&scene.bench.kontor, &scene.admin, input("d30.test")).await;
            assert_eq!(more, Err(Refusal::DomainLimit { max: 30 }.into()));
        }
    }

    #[tokio::test]
    async fn many_at_once_do_not_pass_the_limit() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            for n in 0..29 {
                add(kontor, &scene.admin, input(&format!("d{n}.test"))).await.unwrap();
            }
            let more = (29..35).map(|n| add(kontor, &scene.admin, input(&format!("d{n}.test"))));
            let done = futures::future::join_all(more.collect::<Vec<_>>()).await;
            let refused = Err(Refusal::DomainLimit { max: 30 }.into());
            assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{}: {done:?}", scene.bench.name);
            assert_eq!(done.iter().filter(|d| **d == refused).count(), 5, "{}: {done:?}", scene.bench.name);
            assert_eq!(list(kontor, &scene.admin).await.unwrap().len(), 30);
        }
    }

    #[tokio::test]
    async fn unproven_ones_go_but_the_last_stays() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            let proof = scene.add(&scene.admin, "tippfehler.test").await;
            let refused = remove(kontor, &scene.admin, "tippfehler.test").await;
            assert_eq!(refused, Err(Refusal::LastDomain.into()));
            scene.add(&scene.admin, "richtig.test").await;
            assert_eq!(remove(kontor, &scene.stranger, "richtig.test").await, Err(Error::NotFound));
            remove(kontor, &scene.admin, "tippfehler.test").await.unwrap();
            let left = list(kontor, &scene.admin).await.unwrap();
            assert_eq!(left.len(), 1);
            assert!(left[0].is_primary && left[0].name.ascii == "richtig.test");
            assert_eq!(remove(kontor, &scene.admin, "tippfehler.test").await, Err(Error::NotFound));
            // Added anew it gets another token: an old record proves nothing.
            assert_ne!(scene.add(&scene.admin, "tippfehler.test").await, proof);
        }
    }

    #[tokio::test]
    async fn a_proven_domain_stays() {
        for scene in Scene::all().await {
            scene.add(&scene.admin, "eins.test").await;
            let value = scene.add(&scene.admin, "zwei.test").await;
            scene.publish("zwei.test", &value);
            scene.bench.clock.move_ms(5 * 60_000);
            scene.work().await;
            let refused = remove(&scene.bench.kontor, &scene.admin, "zwei.test").await;
            assert_eq!(refused, Err(Refusal::DomainVerified.into()));
        }
    }
}
