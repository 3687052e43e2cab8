//! How freely a customer changes its subscription is its partner's to say: only the partner, asking, or alone up to so many licences.

use super::{changes::sold, proposals::approved, *};
use crate::{
    Issue,
    subscription::{
        ChangeRuleForm, Confirmed, MAX_SEATS,
        authority::{ChangeMode, Say},
        change::Payer,
        service::set_change_rule,
    },
};

fn rule(mode: &str, seats: &str) -> ChangeRuleForm {
    ChangeRuleForm { mode: mode.into(), free_seats: seats.into() }
}

async fn lay_down(scene: &Scene<'_>, mode: &str, seats: &str) {
    set_change_rule(&scene.bench.kontor, &scene.partner, scene.org, &rule(mode, seats)).await.unwrap();
}

async fn wished(scene: &Scene<'_>, seats: i64) -> Result<Confirmed, Error> {
    let wish = wish(Plan::Standard, Term::Monthly, seats);
    let seen = preview(&scene.bench.kontor, &scene.customer, scene.org, &wish).await?;
    // What the partner pays is its own affair, and so are its cards.
    if seen.payer == Payer::Partner {
        assert_eq!((seen.quote, seen.methods), (None, Vec::new()));
    }
    let form = scene.form(&scene.customer, wish).await;
    confirm(&scene.bench.kontor, &scene.customer, scene.org, &form).await
}

/// The customer buys what the partner proposes, and pays itself.
async fn sold_to_the_customer(scene: &Scene<'_>) {
    scene.card(&scene.customer, "approve").await;
    let buy = ChangeForm { payer: "customer".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
    let form = scene.form(&scene.partner, buy).await;
    let proposed = confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
    approved(scene, &scene.customer, proposed.change).await.unwrap();
}

#[tokio::test]
async fn only_the_customers_partner_says_it_and_says_it_well() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, Term::Monthly, 10).await;
        let kontor = &bench.kontor;
        let set = async |actor: &Actor, form: ChangeRuleForm| {
            set_change_rule(kontor, actor, scene.org, &form).await
        };
        let wrong = |field, issue| Err(Error::field(field, issue));
        assert_eq!(set(&scene.partner, rule("often", "")).await, wrong("mode", Issue::NotAChoice));
        assert_eq!(set(&scene.partner, rule("free", "")).await, wrong("free_seats", Issue::Required));
        assert_eq!(set(&scene.partner, rule("free", "x")).await, wrong("free_seats", Issue::NotANumber));
        let range = Issue::OutOfRange { min: 1, max: MAX_SEATS.into() };
        for seats in ["0", "-1", "100001"] {
            assert_eq!(set(&scene.partner, rule("free", seats)).await, wrong("free_seats", range.clone()));
        }
        assert_eq!(set(&scene.customer, rule("free", "20")).await, Err(Error::Forbidden));
        let (other, owner) = stage::partner(&bench, "Alpen", PartnerType::Reseller).await;
        let other = stage::actor(&bench, &owner, other).await;
        assert_eq!(set(&other, rule("free", "20")).await, Err(Error::NotFound));
        // Until it is laid down the partner alone changes it; again changes nothing.
        assert_eq!(wished(&scene, 12).await, Err(Refusal::SubscriptionLocked.into()));
        for _ in 0..2 {
            lay_down(&scene, "free", "20").await;
        }
        let seen = account(kontor, &scene.customer, scene.org).await.unwrap();
        assert_eq!(seen.rule.map(|rule| (rule.mode, rule.seats)), Some((ChangeMode::Free, 20)));
        let trail = rows::<crate::audit::rows::audit_event::Entity>(&bench).await;
        assert_eq!(trail.iter().filter(|event| event.action == "subscription.rule_set").count(), 2);
    }
}

#[tokio::test]
async fn whoever_asks_waits_for_the_partner_who_pays() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, Term::Monthly, 10).await;
        lay_down(&scene, "ask", "").await;
        let asked = wished(&scene, 12).await.unwrap();
        assert_eq!((asked.status, scene.row().await.seats), (ChangeStatus::Proposed, 10));
        let done = approved(&scene, &scene.partner, asked.change).await.unwrap();
        assert_eq!((done.status, scene.row().await.seats), (ChangeStatus::Applied, 12), "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn whoever_asks_and_pays_itself_is_asked_back_for_the_price() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold_to_the_customer(&scene).await;
        lay_down(&scene, "ask", "").await;
        let cash = scene.balance(Book::Cash).await;
        let asked = wished(&scene, 12).await.unwrap();
        // The partner sees the price and none of the customer's cards.
        let seen = preview_proposal(&bench.kontor, &scene.partner, scene.org, asked.change).await.unwrap();
        assert!(seen.quote.is_some_and(|quote| quote.total > 0) && seen.methods.is_empty());
        let passed = approved(&scene, &scene.partner, asked.change).await.unwrap();
        assert_eq!((passed.status, scene.row().await.seats), (ChangeStatus::Proposed, 10));
        assert_eq!(scene.balance(Book::Cash).await, cash, "nobody spends another's money");
        // It is the customer's to answer now, and not the partner's again.
        let open = account(&bench.kontor, &scene.partner, scene.org).await.unwrap().open;
        assert!(!open[0].answerable);
        let done = approved(&scene, &scene.customer, asked.change).await.unwrap();
        assert_eq!((done.status, scene.row().await.seats), (ChangeStatus::Applied, 12), "{}", bench.name);
        scene.sound().await;
    }
}

/// What the customer of this scene, which has 10 licences, may alone.
async fn is_free_up_to_fifteen(scene: &Scene<'_>) {
    let bench = scene.bench;
    lay_down(scene, "free", "15").await;
    let done = wished(scene, 15).await.unwrap();
    assert_eq!((done.status, scene.row().await.seats), (ChangeStatus::Applied, 15), "{}", bench.name);
    // One more, fewer, and another plan are asked for.
    let more = wished(scene, 16).await.unwrap();
    assert_eq!((more.status, scene.row().await.seats), (ChangeStatus::Proposed, 15));
    let version = account(&bench.kontor, &scene.customer, scene.org).await.unwrap().open[0].version;
    undo(&bench.kontor, &scene.customer, scene.org, more.change, version).await.unwrap();
    let plan = wish(Plan::Professional, Term::Monthly, 15);
    let plan = preview(&bench.kontor, &scene.customer, scene.org, &plan).await.unwrap();
    assert_eq!(plan.say, Say::Proposes);
    // From the partner's word on it is over, also for whoever has seen a price before.
    let form = scene.form(&scene.customer, wish(Plan::Standard, Term::Monthly, 16)).await;
    lay_down(scene, "partner", "").await;
    let late = confirm(&bench.kontor, &scene.customer, scene.org, &form).await;
    assert_eq!(late, Err(Refusal::SubscriptionLocked.into()));
    scene.sound().await;
}

#[tokio::test]
async fn up_to_so_many_licences_the_customer_is_free_where_the_partner_pays() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, Term::Monthly, 10).await;
        is_free_up_to_fifteen(&scene).await;
    }
}

#[tokio::test]
async fn up_to_so_many_licences_the_customer_is_free_where_it_pays_itself() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold_to_the_customer(&scene).await;
        is_free_up_to_fifteen(&scene).await;
    }
}

#[tokio::test]
async fn a_partner_that_cannot_pay_is_named_and_none_of_its_troubles() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, Term::Monthly, 10).await;
        lay_down(&scene, "free", "15").await;
        let cards = payments::methods(&bench.kontor, &scene.partner).await.unwrap();
        scene.card(&scene.partner, "decline").await;
        payments::remove_method(&bench.kontor, &scene.partner, cards[0].id).await.unwrap();
        assert_eq!(wished(&scene, 12).await, Err(Refusal::PartnerPaymentFailed.into()), "{}", bench.name);
        assert_eq!(scene.row().await.seats, 10);
        scene.sound().await;
    }
}
