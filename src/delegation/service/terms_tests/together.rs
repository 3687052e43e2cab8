//! Renewing access to all customers at once: each as its own terms say, once, and only as long as whoever wanted it may.

use super::*;
use crate::{
    delegation::{
        RENEW_TOGETHER_DAYS,
        service::{ending, renew_many, renew_one},
    },
    organisation::service::suspend_user,
};

/// Another customer of the play's partner, with access on these terms.
async fn another(play: &Play<'_>, domain: &str, form: &TermsForm) -> OrgId {
    let org = customer(play.bench, &play.north, domain).await;
    verify(play.bench, org).await;
    let boss = super_admin(play.bench, org).await;
    let boss = actor(play.bench, &boss, org).await;
    let db = play.bench.kontor.db.read();
    let row = grant::latest(db, org, play.partner).await.unwrap().unwrap();
    change(&play.bench.kontor, &boss, row.id, form, row.version).await.unwrap();
    org
}

/// Carries out what waits; a worker that is killed before it has noted a job's end does it again.
async fn carried_out(play: &Play<'_>) -> usize {
    let mut done = 0;
    loop {
        let jobs = claim_of(&play.bench.kontor, Kinds::Only(&[JobKind::AccessRenewal]), 100).await.unwrap();
        if jobs.is_empty() {
            return done;
        }
        for job in &jobs {
            renew_one(&play.bench.kontor, job).await.unwrap();
            renew_one(&play.bench.kontor, job).await.unwrap();
            done += 1;
        }
    }
}

#[tokio::test]
async fn what_ends_soon_is_renewed_or_asked_for_once() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let alone = TermsForm { renewal: RenewBy::Partner.key().into(), ..terms("users", "40") };
        let own = another(&play, "allein.example", &alone).await;
        let theirs = another(&play, "gefragt.example", &terms("helpdesk", "40")).await;
        // The first customer's access lasts a year: it is left alone.
        play.days(20).await;
        let page = ending(kontor, &play.north, None).await.unwrap();
        let seen: Vec<_> =
            page.rows.iter().map(|row| (row.customer, row.soon, row.alone, row.asked)).collect();
        assert_eq!(page.due, 2);
        assert!(seen.contains(&(own, true, true, false)) && seen.contains(&(theirs, true, false, false)));
        assert_eq!(seen.last(), Some(&(play.org, false, false, false)));
        let (a, b) = tokio::join!(renew_many(kontor, &play.north), renew_many(kontor, &play.north));
        assert!(a == Ok(2) || b == Ok(2), "{}: {a:?} {b:?}", bench.name);
        assert_eq!(carried_out(&play).await, 2, "{}: a double click is one wish", bench.name);
        let grant_of = async |org| grant::latest(kontor.db.read(), org, play.partner).await.unwrap().unwrap();
        assert_eq!(grant_of(own).await.until_at, kontor.now().plus_days(40));
        assert!(grant_of(theirs).await.until_at <= kontor.now().plus_days(RENEW_TOGETHER_DAYS));
        let asked = rows::<access_request::Entity>(&bench).await;
        let asked: Vec<_> = asked.iter().map(|row| (row.org_id, row.status, row.days)).collect();
        assert_eq!(asked, [(theirs, AccessRequestStatus::Open, 40)], "on the same terms, and once");
        let page = ending(kontor, &play.north, None).await.unwrap();
        assert_eq!((page.due, page.rows.iter().filter(|row| row.asked).count()), (1, 1));
        // Another day, the same wish: whoever is asked is not asked again.
        play.days(1).await;
        renew_many(kontor, &play.north).await.unwrap();
        carried_out(&play).await;
        assert_eq!(rows::<access_request::Entity>(&bench).await.len(), 1);
    }
}

#[tokio::test]
async fn a_wish_that_waits_is_none_any_more_once_its_owner_is_out() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        another(&play, "gefragt.example", &terms("helpdesk", "20")).await;
        let seller = person(&bench, play.partner, Role::PartnerAdmin, "admin@nordlicht.test").await;
        let standing = actor(&bench, &seller, play.partner).await;
        assert_eq!(renew_many(kontor, &standing).await, Ok(1));
        suspend_user(kontor, &play.north, seller.member, 1).await.unwrap();
        assert_eq!(carried_out(&play).await, 1);
        assert_eq!(rows::<access_request::Entity>(&bench).await, []);
        // Nor of those who never could: without the right, and of another partner.
        let sales = person(&bench, play.partner, Role::PartnerSales, "sales@nordlicht.test").await;
        let sales = actor(&bench, &sales, play.partner).await;
        assert_eq!(renew_many(kontor, &sales).await, Err(Error::Forbidden));
        let (alps, owner) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let alps = actor(&bench, &owner, alps).await;
        assert_eq!(renew_many(kontor, &alps).await, Ok(0));
        let seen = ending(kontor, &alps, None).await.unwrap();
        assert_eq!((seen.due, seen.rows.len()), (0, 0));
    }
}
