//! Lists, pages, searches and what cards offer.

use crate::{
    Error,
    delegation::GrantStatus,
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        id::OrgId,
        instant::Day,
        right::{OrgKind, Role},
        testing::Bench,
    },
    mapping::{
        Blocked, CustomerCard, CustomerQuery, CustomerStatus, Direction, Due, Offer, Place, Sort, Total,
        rows::list::{self, Scope, Window},
        service::{all_customers, customers},
        testing::*,
        words,
    },
    subscription::{Plan, SubscriptionStatus},
};
use futures::TryStreamExt;

/// Sixty customers in all states, two of each name; every seventh withdrew access.
async fn sixty(kontor: &Kontor, partner: OrgId) {
    let today = kontor.now().day();
    for n in 0..60i32 {
        let (name, domain) = (format!("Kunde {:02} Übersee", n / 2), format!("kunde-{n:02}.test"));
        let status = match n % 5 {
            0 => SubscriptionStatus::Trial,
            1 => SubscriptionStatus::Active,
            2 => SubscriptionStatus::Free,
            3 => SubscriptionStatus::TrialExpired,
            _ => SubscriptionStatus::Suspended,
        };
        let new = NewCustomer {
            name: &name,
            domain: &domain,
            verified: n % 3 != 0,
            plan: Plan::ALL[n as usize % Plan::ALL.len()],
            status,
            ends_on: (n % 5 != 2).then(|| today.plus(n - 10)),
            trial_started: (n % 5 == 0).then(|| today.plus(n - 24)),
            grant: Some(if n % 7 == 3 { GrantStatus::Revoked } else { GrantStatus::Active }),
        };
        new_customer(kontor, partner, new).await;
    }
}

async fn walk(kontor: &Kontor, actor: &Actor, query: &CustomerQuery) -> Vec<CustomerCard> {
    let mut all = Vec::new();
    let mut query = query.clone();
    let mut pages: Vec<Vec<CustomerCard>> = Vec::new();
    loop {
        let page = customers(kontor, actor, &query).await.unwrap();
        assert_eq!(page.previous.is_some(), !pages.is_empty());
        all.extend(page.cards.clone());
        pages.push(page.cards);
        match page.next {
            Some(next) => query = query.at(Direction::After, next),
            None => break,
        }
    }
    // The same way back shows the same pages.
    for earlier in pages.iter().rev().skip(1) {
        let page = customers(kontor, actor, &query).await.unwrap();
        query = query.at(Direction::Before, page.previous.unwrap());
        let page = customers(kontor, actor, &query).await.unwrap();
        assert_eq!(&page.cards, earlier);
        assert!(page.next.is_some());
    }
    all
}

#[tokio::test]
async fn pages_show_everybody_once_in_every_order_and_filter() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let partner = new_partner(kontor, "Nordlicht").await;
        sixty(kontor, partner).await;
        let actor = as_partner(partner);
        let listed = walk(kontor, &actor, &CustomerQuery::default()).await;
        assert_eq!(listed.len(), 51, "on {}", bench.name);
        assert!(listed.is_sorted_by_key(|c| c.name.clone()));

        let today = kontor.now().day();
        let near = |c: &CustomerCard, status, days| {
            c.status == status && c.ends_on.is_some_and(|d| d >= today && d <= today.plus(days))
        };
        type Test<'a> = Box<dyn Fn(&CustomerCard) -> bool + 'a>;
        let plain = CustomerQuery::default;
        let mut cases: Vec<(CustomerQuery, Test)> = vec![
            (CustomerQuery { verified: Some(true), ..plain() }, Box::new(|c| c.verified)),
            (CustomerQuery { verified: Some(false), ..plain() }, Box::new(|c| !c.verified)),
            (
                CustomerQuery { due: Some(Due::Renewal), ..plain() },
                Box::new(|c| near(c, CustomerStatus::Active, 30)),
            ),
            (
                CustomerQuery { due: Some(Due::Trial), ..plain() },
                Box::new(|c| near(c, CustomerStatus::Trial, 7)),
            ),
        ];
        for status in CustomerStatus::ALL {
            let query = CustomerQuery { status: Some(*status), ..plain() };
            cases.push((query, Box::new(|c| c.status == *status)));
        }
        for plan in Plan::ALL {
            cases.push((CustomerQuery { plan: Some(*plan), ..plain() }, Box::new(|c| c.plan == *plan)));
        }
        for (q, n) in [("kunde-07", 1), ("übersee", 51), ("12", 2), ("KUNDE 1", 25), ("un", 0), ("k ü", 51)]
        {
            let query = CustomerQuery { q: q.into(), ..plain() };
            assert_eq!(walk(kontor, &actor, &query).await.len(), n, "{q} on {}", bench.name);
        }
        for sort in Sort::ALL {
            for (query, test) in &cases {
                let query = CustomerQuery { sort: *sort, ..query.clone() };
                let mut found = walk(kontor, &actor, &query).await;
                let page = customers(kontor, &actor, &query).await.unwrap();
                assert_eq!(page.total, Total::Exactly(found.len() as i64), "{query:?} on {}", bench.name);
                match query.order() {
                    Sort::Name => assert!(found.is_sorted_by_key(|c| c.name.clone())),
                    Sort::Newest => assert!(found.is_sorted_by(|a, b| a.created_on >= b.created_on)),
                    Sort::Renewal => assert!(found.is_sorted_by_key(|c| c.ends_on.unwrap_or(Day(i32::MAX)))),
                }
                let mut expected: Vec<_> = listed.iter().filter(|c| test(c)).cloned().collect();
                expected.sort_by_key(|c| c.org);
                found.sort_by_key(|c| c.org);
                assert_eq!(found, expected, "{query:?} on {}", bench.name);
                let both = CustomerQuery { q: "kunde".into(), ..query };
                assert_eq!(walk(kontor, &actor, &both).await.len(), expected.len());
                let page = customers(kontor, &actor, &both).await.unwrap();
                assert_eq!(page.total, Total::Exactly(expected.len() as i64), "{both:?} on {}", bench.name);
            }
        }
        let gone = CustomerQuery { withdrawn: true, ..plain() };
        let withdrawn = walk(kontor, &actor, &gone).await;
        assert_eq!(withdrawn.len(), 9);
        assert!(withdrawn.iter().all(|c| c.manage != Offer::Open));

        let vendor = Actor::system(partner, OrgKind::Vendor, "test");
        let everybody = walk(kontor, &vendor, &plain()).await;
        assert_eq!(everybody.len(), 51);
        assert!(everybody.iter().all(|c| c.partner == Some((partner, "Nordlicht".into()))));

        let all: Vec<_> =
            all_customers(kontor.clone(), actor.clone(), plain()).await.unwrap().try_concat().await.unwrap();
        assert_eq!(all, listed);
    }
}

#[tokio::test]
async fn both_steps_of_a_search_find_the_same() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (partner, other) = (new_partner(kontor, "Nordlicht").await, new_partner(kontor, "Alpen").await);
        sixty(kontor, partner).await;
        let strange =
            NewCustomer {
                name: "100%_\\ \"O'Neil\" 日本語 🎉", domain: "fremd.test", ..Default::default()
            };
        new_customer(kontor, partner, strange.clone()).await;
        new_customer(kontor, other, NewCustomer { domain: "kunde-99.test", ..strange }).await;
        let db = kontor.db.read();
        let backend = kontor.db.backend();
        let searches = [
            "kunde",
            "kunde-0",
            "übersee",
            "ü",
            "k",
            "12",
            "0%_",
            "%",
            "_",
            "\\",
            "\"o'",
            "日",
            "日本",
            "日本語",
            "🎉",
            "99",
            "test 12 kun",
            "nirgends",
            "qx",
            "-",
            "'",
            "AND",
            "kunde* OR",
        ];
        for q in searches {
            for sort in Sort::ALL {
                for direction in Direction::ALL {
                    let scope = Scope { owner: Some(partner), words: words(q), ..Scope::default() };
                    let window = Window { sort: *sort, direction: *direction, place: None, limit: 10 };
                    let (walked, _) =
                        list::rows(db, &window, list::walk(backend, &scope, &window)).await.unwrap();
                    let (found, counted) =
                        list::rows(db, &window, list::by_gram(backend, &scope, &window, 1_001))
                            .await
                            .unwrap();
                    assert_eq!(walked, found, "{q:?} on {}", bench.name);
                    let one = list::number(db, list::count_walk(backend, &scope, 1_001)).await.unwrap();
                    let two = list::number(db, list::count_by_gram(backend, &scope, 1_001)).await.unwrap();
                    assert_eq!(one, two, "{q:?} on {}", bench.name);
                    assert_eq!(counted.unwrap_or(0), two, "{q:?} on {}", bench.name);
                    let Some(row) = found.get(4) else { continue };
                    let place = match sort {
                        Sort::Name => Place::Name(row.sort_key.clone(), row.id),
                        Sort::Renewal => Place::Renewal(row.ends_key, row.id),
                        Sort::Newest => Place::Newest(row.created_at, row.id),
                    };
                    let window = Window { place: Some(place), ..window };
                    let (walked, _) =
                        list::rows(db, &window, list::walk(backend, &scope, &window)).await.unwrap();
                    let (rest, _) = list::rows(db, &window, list::by_gram(backend, &scope, &window, 1_001))
                        .await
                        .unwrap();
                    assert_eq!(walked, rest, "{q:?} on {}", bench.name);
                    assert_eq!(rest[..found.len() - 5], found[5..], "{q:?} on {}", bench.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_list_is_its_partners_own() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (partner, other) = (new_partner(kontor, "Nordlicht").await, new_partner(kontor, "Alpen").await);
        new_customer(kontor, partner, NewCustomer::default()).await;
        let page = customers(kontor, &as_partner(other), &CustomerQuery::default()).await.unwrap();
        assert_eq!((page.cards.len(), page.facets.all), (0, 0));
        let search = CustomerQuery { q: "kunde".into(), ..CustomerQuery::default() };
        assert!(customers(kontor, &as_partner(other), &search).await.unwrap().cards.is_empty());

        let stranger = Actor::system(partner, OrgKind::Customer, "test");
        assert_eq!(customers(kontor, &stranger, &search).await, Err(Error::NotFound));
        let mut user = as_partner(partner);
        user.standing = Standing::Member {
            account: kontor.id(),
            email: "u@a.test".into(),
            member: kontor.id(),
            role: Role::User,
            features: Role::User.features(),
            session: kontor.id(),
        };
        assert_eq!(customers(kontor, &user, &search).await, Err(Error::Forbidden));
        user.kind = OrgKind::Vendor;
        assert_eq!(customers(kontor, &user, &search).await, Err(Error::Forbidden));
    }
}

#[tokio::test]
async fn a_card_offers_what_can_be_done() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let partner = new_partner(kontor, "Nordlicht").await;
        let today = kontor.now().day();
        let trial = |name, domain, start: i32, end: i32| NewCustomer {
            name,
            domain,
            status: SubscriptionStatus::Trial,
            trial_started: Some(today.plus(start)),
            ends_on: Some(today.plus(end)),
            ..NewCustomer::default()
        };
        new_customer(kontor, partner, trial("a young", "a.test", -5, 9)).await;
        new_customer(kontor, partner, trial("b long", "b.test", -50, 9)).await;
        let expired = SubscriptionStatus::TrialExpired;
        new_customer(kontor, partner, NewCustomer { status: expired, ..trial("c late", "c.test", -21, -7) })
            .await;
        new_customer(kontor, partner, NewCustomer { status: expired, ..trial("d over", "d.test", -22, -8) })
            .await;
        new_customer(
            kontor,
            partner,
            NewCustomer { verified: false, name: "e new", domain: "e.test", ..Default::default() },
        )
        .await;
        new_customer(
            kontor,
            partner,
            NewCustomer { grant: None, name: "f none", domain: "f.test", ..Default::default() },
        )
        .await;
        let page = customers(kontor, &as_partner(partner), &CustomerQuery::default()).await.unwrap();
        let offers: Vec<_> = page.cards.iter().map(|c| (c.verify, c.manage, c.extend)).collect();
        use Offer::{Blocked as No, Hidden, Open};
        assert_eq!(
            offers,
            [
                (Hidden, Open, Open),
                (Hidden, Open, No(Blocked::TrialMax)),
                (Hidden, Open, Open),
                (Hidden, Open, No(Blocked::TrialOver)),
                (Open, Hidden, Hidden),
                (Hidden, No(Blocked::NoGrant), Hidden),
            ],
            "on {}",
            bench.name
        );
        assert_eq!(page.cards[0].days_left, Some(9));
        assert_eq!(page.cards[0].domains, ["a.test"]);
        assert_eq!(page.cards[0].admin_email, "admin@a.test");

        let mut sales = as_partner(partner);
        sales.standing = Standing::Member {
            account: kontor.id(),
            email: "s@a.test".into(),
            member: kontor.id(),
            role: Role::PartnerSales,
            features: Role::PartnerSales.features(),
            session: kontor.id(),
        };
        let page = customers(kontor, &sales, &CustomerQuery::default()).await.unwrap();
        assert_eq!(page.cards[0].manage, No(Blocked::Role));
        assert_eq!(page.cards[4].verify, Open);
    }
}
