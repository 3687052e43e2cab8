//! The next term bought before its day, and who pays from the renewal on.

use super::*;
use crate::subscription::When;

/// The scene's customer has ten licences by the month, paid by its partner.
async fn sold(scene: &Scene<'_>) {
    scene.card(&scene.partner, "approve").await;
    let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
    let form = scene.form(&scene.partner, buy).await;
    confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
}

fn early() -> ChangeForm {
    ChangeForm { when: When::Early.to_string(), ..ChangeForm::default() }
}

async fn renewed(scene: &Scene<'_>) {
    let ends = scene.row().await.ends_on.unwrap();
    scene.bench.clock.set(ends.end().plus_hours(1));
    assert_eq!(renew_due(&scene.bench.kontor).await, Ok(1), "{}", scene.bench.name);
    scene.work().await;
}

#[tokio::test]
async fn a_next_term_bought_early_is_paid_once_and_begins_behind_the_running_one() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene).await;
        let before = scene.row().await;
        scene.next_days(5).await;
        assert!(account(kontor, &scene.partner, org).await.unwrap().early);
        let form = scene.form(&scene.partner, early()).await;
        // 36.00 by list, 20 % less, 19 % tax.
        assert_eq!(form.total, "3427");
        let done = confirm(kontor, &scene.partner, org, &form).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Scheduled, "{}", bench.name);
        assert_eq!(scene.balance(Book::Cash).await, 2 * 3427);
        let seen = account(kontor, &scene.partner, org).await.unwrap();
        let next = before.ends_on.unwrap().plus(1);
        assert_eq!((seen.bought.unwrap().0, seen.early), (next, false));
        assert_eq!(scene.row().await.ends_on, before.ends_on, "the running term stays as it is");
        let twice = preview(kontor, &scene.partner, org, &early()).await;
        assert_eq!(twice, Err(Refusal::RenewedEarly { on: next }.into()));

        // Two licences more for the running term go on in the next one, which is charged the difference.
        let form = scene.form(&scene.partner, wish(Plan::Standard, Term::Monthly, 12)).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        let so_far = scene.balance(Book::Cash).await;
        renewed(&scene).await;
        let row = scene.row().await;
        assert_eq!((row.seats, row.term_started), (12, Some(next)), "{}", bench.name);
        // From the second day on the last invoice is for two licences, and for no more than their month.
        let all = rows::<invoice::Entity>(&bench).await;
        let last = all.iter().max_by_key(|i| i.seq).unwrap();
        assert_eq!(all.len(), 4);
        assert!(last.list_amount > 0 && last.list_amount <= 720, "{}", last.list_amount);
        assert_eq!(scene.balance(Book::Cash).await, so_far + last.total);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_next_term_given_back_before_it_begins_was_never_bought() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene).await;
        scene.next_days(3).await;
        let form = scene.form(&scene.partner, early()).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        let paid = rows::<payment::Entity>(&bench).await;
        let first = paid.iter().min_by_key(|p| p.created_at).unwrap();
        let last = paid.iter().max_by_key(|p| p.created_at).unwrap();
        let back = |key: &str| RefundForm {
            kind: "full".into(),
            amount: String::new(),
            reason: "ordered by mistake".into(),
            request_key: key.into(),
        };
        // The next term first: with the running one it would be lost.
        let wrong = payments::give_back(kontor, &scene.finance, first.id, &back("refund-the-first")).await;
        assert!(matches!(wrong, Err(Error::Refused(Refusal::RenewedEarly { .. }))), "{wrong:?}");
        payments::give_back(kontor, &scene.finance, last.id, &back("refund-the-next")).await.unwrap();
        scene.work().await;
        let seen = account(kontor, &scene.partner, org).await.unwrap();
        assert_eq!((seen.bought, seen.early), (None, true), "{}", bench.name);
        assert_eq!(scene.row().await.status, SubscriptionStatus::Active);
        assert_eq!(scene.balance(Book::Cash).await, 3427);
        scene.sound().await;
        // It renews on its day, as if nothing had been.
        renewed(&scene).await;
        assert_eq!(scene.balance(Book::Cash).await, 2 * 3427);
        scene.sound().await;
    }
}

#[tokio::test]
async fn both_agree_on_who_pays_from_the_renewal_on() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene).await;
        scene.card(&scene.customer, "approve").await;
        let other = |payer: &str| ChangeForm {
            payer: payer.into(),
            when: When::Renewal.to_string(),
            ..ChangeForm::default()
        };
        let seen = account(kontor, &scene.partner, org).await.unwrap();
        assert_eq!(seen.other_payer, Some(crate::subscription::change::Payer::Customer));
        let form = scene.form(&scene.partner, other("customer")).await;
        let proposed = confirm(kontor, &scene.partner, org, &form).await.unwrap();
        assert_eq!(proposed.status, ChangeStatus::Proposed, "{}", bench.name);
        let answer = preview_proposal(kontor, &scene.customer, org, proposed.change).await.unwrap();
        assert_eq!(answer.quote, None, "nothing is charged today");
        // What it will cost the customer is shown before it agrees: the list price, for it gets no discount.
        assert_eq!(answer.next.unwrap().quote.total, 4284);
        let shown =
            ChangeForm { total: "0".into(), version: answer.version.to_string(), ..ChangeForm::default() };
        let done = approve(kontor, &scene.customer, org, proposed.change, 1, &shown).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Scheduled);
        renewed(&scene).await;
        let lines = rows::<commission_line::Entity>(&bench).await;
        assert_eq!((lines.len(), lines[0].amount), (1, 720), "what the customer pays earns 20 %");
        let all = rows::<invoice::Entity>(&bench).await;
        let last = all.iter().max_by_key(|i| i.seq).unwrap();
        assert_eq!((last.debtor_id, last.total), (org, 4284));
        scene.sound().await;

        // And back again: the partner offers, the customer agrees, and no commission comes of it.
        let form = scene.form(&scene.partner, other("partner")).await;
        let proposed = confirm(kontor, &scene.partner, org, &form).await.unwrap();
        assert_eq!(proposed.status, ChangeStatus::Proposed);
        let answer = preview_proposal(kontor, &scene.customer, org, proposed.change).await.unwrap();
        assert_eq!(answer.next, None, "what the partner will pay is its own affair");
        let shown =
            ChangeForm { total: "0".into(), version: answer.version.to_string(), ..ChangeForm::default() };
        approve(kontor, &scene.customer, org, proposed.change, 1, &shown).await.unwrap();
        renewed(&scene).await;
        assert_eq!(rows::<commission_line::Entity>(&bench).await.len(), 1);
        let all = rows::<invoice::Entity>(&bench).await;
        let last = all.iter().max_by_key(|i| i.seq).unwrap();
        assert_eq!((last.debtor_id, last.total), (scene.partner.org, 3427));
        scene.sound().await;
    }
}
