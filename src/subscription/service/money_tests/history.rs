//! Histories nobody thought of: whatever a partner, its customer and the vendor's finance do one after the other, every
//! figure is what its documents say, and what was refused has changed nothing.

use super::*;
use crate::{
    commission::rows::commission_line as line,
    payment::rows::refund,
    subscription::{change::Payer, rows::subscription_change as change},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

/// Histories tried on each database, and acts of each.
const HISTORIES: usize = 6;
const ACTS: usize = 14;

/// One act.
#[derive(Debug, Clone)]
enum Act {
    /// The partner wishes for this now.
    Now(Plan, Term, i64),
    /// The partner wishes for this from the renewal on.
    Later(Plan, Term, i64),
    /// The partner buys the next term.
    Early,
    /// The partner lets it end with its term.
    Cancel,
    /// The partner proposes that the customer pays, or offers to pay itself.
    Payer(Payer),
    /// The customer agrees to what is proposed.
    Approve,
    /// The customer declines it.
    Decline,
    /// The partner takes back the latest that is open.
    Undo,
    /// Finance gives back so many percent of the latest payment.
    Refund(i64),
    /// Days go by, with all that falls due in them.
    Days(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let plan = proptest::sample::select(vec![Plan::Standard, Plan::Professional]);
    let term = proptest::sample::select(vec![Term::Monthly, Term::Yearly]);
    let wish = (plan, term, 3i64..60);
    let payer = proptest::sample::select(vec![Payer::Partner, Payer::Customer]);
    prop_oneof![
        5 => wish.clone().prop_map(|(plan, term, seats)| Act::Now(plan, term, seats)),
        2 => wish.prop_map(|(plan, term, seats)| Act::Later(plan, term, seats)),
        1 => Just(Act::Early),
        1 => Just(Act::Cancel),
        2 => payer.prop_map(Act::Payer),
        4 => Just(Act::Approve),
        1 => Just(Act::Decline),
        1 => Just(Act::Undo),
        1 => (1i64..=100).prop_map(Act::Refund),
        3 => (1i64..45).prop_map(Act::Days),
    ]
}

/// All that an act can have changed.
#[derive(Debug, PartialEq)]
struct State {
    row: subscription::Model,
    changes: Vec<change::Model>,
    invoices: usize,
    payments: Vec<payment::Model>,
    refunds: usize,
    lines: usize,
    books: Vec<i64>,
}

async fn state(scene: &Scene<'_>) -> State {
    let mut changes = rows::<change::Entity>(scene.bench).await;
    changes.sort_by_key(|row| row.id);
    let mut payments = rows::<payment::Entity>(scene.bench).await;
    payments.sort_by_key(|row| row.id);
    let mut books = Vec::new();
    for book in Book::ALL {
        books.push(scene.balance(*book).await);
    }
    State {
        row: scene.row().await,
        changes,
        invoices: rows::<invoice::Entity>(scene.bench).await.len(),
        payments,
        refunds: rows::<refund::Entity>(scene.bench).await.len(),
        lines: rows::<line::Entity>(scene.bench).await.len(),
        books,
    }
}

/// What the latest open change is, that waits for an answer or for its day.
fn latest(state: &State, status: ChangeStatus) -> Option<&change::Model> {
    state.changes.iter().rfind(|change| change.status == status)
}

async fn wished(scene: &Scene<'_>, wish: ChangeForm) -> Result<(), Error> {
    let kontor = &scene.bench.kontor;
    let seen = preview(kontor, &scene.partner, scene.org, &wish).await?;
    let form = ChangeForm {
        total: seen.quote.as_ref().map_or(0, |q| q.total).to_string(),
        version: seen.version.to_string(),
        request_key: seen.request_key.clone(),
        ..wish
    };
    let cash = scene.balance(Book::Cash).await;
    let done = confirm(kontor, &scene.partner, scene.org, &form).await?;
    let taken = scene.balance(Book::Cash).await - cash;
    match done.status {
        ChangeStatus::Proposed => assert_eq!(taken, 0, "what is proposed is not charged"),
        _ => assert_eq!(taken, seen.quote.map_or(0, |q| q.total), "exactly what was shown is charged"),
    }
    if done.status == ChangeStatus::Applied {
        assert_eq!(scene.row().await.seats, seen.wish.seats);
        assert_eq!(scene.row().await.plan, seen.wish.plan);
    }
    Ok(())
}

async fn answered(scene: &Scene<'_>, yes: bool) -> Result<(), Error> {
    let kontor = &scene.bench.kontor;
    let before = state(scene).await;
    let Some(change) = latest(&before, ChangeStatus::Proposed) else { return Ok(()) };
    if !yes {
        return decline(kontor, &scene.customer, scene.org, change.id, change.version, "too dear").await;
    }
    let seen = preview_proposal(kontor, &scene.customer, scene.org, change.id).await?;
    let total = seen.quote.map_or(0, |q| q.total);
    let shown =
        ChangeForm { total: total.to_string(), version: seen.version.to_string(), ..ChangeForm::default() };
    let cash = scene.balance(Book::Cash).await;
    approve(kontor, &scene.customer, scene.org, change.id, change.version, &shown).await?;
    assert_eq!(scene.balance(Book::Cash).await - cash, total);
    Ok(())
}

async fn refunded(scene: &Scene<'_>, percent: i64, n: usize) -> Result<(), Error> {
    let before = state(scene).await;
    let Some(paid) = before.payments.iter().rfind(|p| p.status == PaymentStatus::Succeeded) else {
        return Ok(());
    };
    let amount = (paid.amount * percent / 100).max(1);
    let form = RefundForm {
        kind: "partial".into(),
        amount: format!("{}.{:02}", amount / 100, amount % 100),
        reason: "goodwill".into(),
        request_key: format!("refund-number-{n}"),
    };
    payments::give_back(&scene.bench.kontor, &scene.finance, paid.id, &form).await.map(drop)
}

async fn days(scene: &Scene<'_>, days: i64) {
    for _ in 0..days {
        scene.next_days(1).await;
        renew_due(&scene.bench.kontor).await.unwrap();
        scene.work().await;
    }
}

async fn carried_out(scene: &Scene<'_>, act: &Act, n: usize) -> Result<(), Error> {
    let running = scene.row().await.payer;
    let named = |payer: Payer| payer.to_string();
    match act {
        Act::Now(plan, term, seats) => {
            // Who pays is said with a purchase, and stays.
            let payer = if running.is_none() {
                if n.is_multiple_of(2) { named(Payer::Partner) } else { named(Payer::Customer) }
            } else {
                String::new()
            };
            wished(scene, ChangeForm { payer, ..wish(*plan, *term, *seats) }).await
        }
        Act::Later(plan, term, seats) => {
            wished(scene, ChangeForm { when: "renewal".into(), ..wish(*plan, *term, *seats) }).await
        }
        Act::Early => wished(scene, ChangeForm { when: "early".into(), ..ChangeForm::default() }).await,
        Act::Cancel => {
            let form = ChangeForm { plan: "free".into(), when: "renewal".into(), ..ChangeForm::default() };
            wished(scene, form).await
        }
        Act::Payer(payer) => {
            let form = ChangeForm { payer: named(*payer), when: "renewal".into(), ..ChangeForm::default() };
            wished(scene, form).await
        }
        Act::Approve => answered(scene, true).await,
        Act::Decline => answered(scene, false).await,
        Act::Undo => {
            let before = state(scene).await;
            let open = |change: &&change::Model| change.status.is_open();
            let Some(change) = before.changes.iter().rfind(open) else { return Ok(()) };
            undo(&scene.bench.kontor, &scene.partner, scene.org, change.id, change.version).await
        }
        Act::Refund(percent) => refunded(scene, *percent, n).await,
        Act::Days(n) => {
            days(scene, *n).await;
            Ok(())
        }
    }
}

/// Every account from the documents alone.
async fn is_what_the_documents_say(scene: &Scene<'_>, told: &str) {
    let bench = scene.bench;
    let invoices = rows::<invoice::Entity>(bench).await;
    let paid: i64 = rows::<payment::Entity>(bench)
        .await
        .iter()
        .filter(|p| p.status == PaymentStatus::Succeeded)
        .map(|p| p.amount)
        .sum();
    let given_back: i64 = rows::<refund::Entity>(bench).await.iter().map(|r| r.amount).sum();
    assert_eq!(scene.balance(Book::Cash).await, paid - given_back, "{told}");
    let billed: i64 = invoices.iter().map(|i| i.total).sum();
    assert_eq!(scene.balance(Book::Receivable).await, billed - (paid - given_back), "{told}");
    let tax: i64 = invoices.iter().map(|i| i.tax).sum();
    assert_eq!(scene.balance(Book::Tax).await, -tax, "{told}");
    for invoice in &invoices {
        assert_eq!(invoice.net + invoice.tax, invoice.total, "{told}");
        assert_eq!(invoice.list_amount - invoice.discount, invoice.net, "{told}");
    }
    // 20 % of what customers pay, each line rounded for itself; nothing of what the partner pays.
    let lines = rows::<line::Entity>(bench).await;
    let owed: i64 = lines.iter().map(|line| line.amount).sum();
    let booked =
        scene.balance(Book::CommissionPending).await + scene.balance(Book::CommissionAvailable).await;
    assert_eq!(booked, -owed, "{told}");
    let earning: i64 = invoices.iter().filter(|i| i.payer == Payer::Customer).map(|i| i.net).sum();
    let share = earning * 20;
    let rounding = 100 * i64::try_from(lines.len()).unwrap();
    assert!((owed * 100 - share).abs() <= rounding, "{told}: {owed} of {earning}");
    // Numbers without gaps, per kind and year.
    let mut series: Vec<_> =
        invoices.iter().map(|i| (i.entity.clone(), i.kind.key(), i.year, i.seq)).collect();
    series.sort();
    for pair in series.windows(2) {
        let same = (&pair[0].0, pair[0].1, pair[0].2) == (&pair[1].0, pair[1].1, pair[1].2);
        assert_eq!(pair[1].3, if same { pair[0].3 + 1 } else { 1 }, "{told}: {series:?}");
    }
}

#[tokio::test]
async fn whatever_is_done_in_whatever_order_every_figure_is_what_its_documents_say() {
    let mut runner = TestRunner::default();
    let history = proptest::collection::vec(act(), ACTS);
    for _ in 0..HISTORIES {
        let acts = history.new_tree(&mut runner).unwrap().current();
        for bench in Bench::all().await {
            let scene = Scene::set(&bench).await;
            scene.card(&scene.partner, "approve").await;
            scene.card(&scene.customer, "approve").await;
            for (n, act) in acts.iter().enumerate() {
                let told = format!("{}: {:?}", bench.name, &acts[..=n]);
                let before = state(&scene).await;
                if let Err(error) = carried_out(&scene, act, n).await {
                    let known = matches!(error, Error::Refused(_) | Error::Invalid(_) | Error::Forbidden);
                    assert!(known, "{told}: {error:?}");
                    assert_eq!(state(&scene).await, before, "{told}: {error:?} has changed something");
                }
                is_what_the_documents_say(&scene, &told).await;
            }
            scene.sound().await;
        }
    }
}
