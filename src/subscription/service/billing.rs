//! The hourly clock of money: renewals, announcements of renewals, proposals nobody answered, commission whose hold is
//! over, months to close.

use super::{
    answer::{close, store},
    early::bought,
    notice::link,
    preview::scheduled,
    renew::{Case, Due, renew_due},
    withdraw::lapse,
};
use crate::{
    Error,
    commission::{
        Month,
        service::{close_month, postings, release_due},
    },
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{Kontor, id::OrgId, instant::Day, money::Money, right::OrgKind},
    ledger::service::post_all,
    notification::{Mail, service::write_all},
    organisation::service::last_words_of_all,
    setting::{Policy, service::policy},
    subscription::{
        ChangeStatus,
        change::{NextRenewal, Payer, Scheduled, next_renewal, overlay},
        rows::{subscription, subscription_change},
    },
};

/// Lines of commission released in one transaction.
const RELEASED: u64 = 500;

/// Renewals announced in one transaction.
const ANNOUNCED: u64 = 200;

/// Days before a renewal on which its payer is told the amount (domain.md section 7, S70).
const NOTICE_DAYS: i32 = 14;

/// Sees to it that the clock of money runs: at once, then hourly. Called at every start.
pub async fn begin_billing(kontor: &Kontor) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    again(kontor, &tx, kontor.now(), kontor.now().day().plus(-1), None).await?;
    tx.commit().await?;
    Ok(())
}

async fn again(
    kontor: &Kontor,
    tx: &sea_orm::DatabaseTransaction,
    at: crate::kernel::instant::Instant,
    noticed: Day,
    closed: Option<Month>,
) -> Result<(), Error> {
    let payload = serde_json::json!({ "noticed": noticed.0, "closed": closed });
    enqueue(kontor, tx, JobKind::Billing, at, Some("billing".to_owned()), payload).await?;
    Ok(())
}

/// Does all that the hour asks for. Each part is resumable and changes nothing when done twice.
pub async fn billing(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let noticed = job.payload.get("noticed").and_then(serde_json::Value::as_i64);
    let noticed = noticed.and_then(|day| i32::try_from(day).ok()).map(Day);
    // Which month was found closed before: all partners are walked once a month, not once an hour.
    let closed = job.payload.get("closed").and_then(|month| serde_json::from_value(month.clone()).ok());
    let today = kontor.now().day();
    lapse(kontor).await?;
    renew_due(kontor).await?;
    expire_proposals(kontor).await?;
    release(kontor).await?;
    let closed = close_months(kontor, closed).await?;
    // After downtime the days that were missed are made up for, up to the notice's own length.
    let from = noticed.map_or(today, |day| day.plus(1)).max(today.plus(1 - NOTICE_DAYS));
    for day in from.0..=today.0 {
        announce(kontor, Day(day).plus(NOTICE_DAYS)).await?;
    }
    let tx = kontor.db.begin().await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    again(kontor, &tx, kontor.now().plus_hours(1), today, closed).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells the payers what will be renewed behind a day, and for how much.
async fn announce(kontor: &Kontor, ends_on: Day) -> Result<(), Error> {
    let mut after = None;
    loop {
        let tx = kontor.db.begin().await?;
        let rows = subscription::ending_on(&tx, ends_on, after, ANNOUNCED).await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(()) };
        let policy = policy(kontor, &tx).await?;
        let rows = rows.into_iter().filter(|row| row.auto_renew).collect();
        // By the prices of the day on which it renews.
        let due = Due::gather(&tx, rows, ends_on.plus(1)).await?;
        let notices: Vec<Notice> = due.cases.iter().filter_map(|case| notice(&due, case, &policy)).collect();
        let sides: Vec<_> = notices.iter().map(|notice| (notice.side, notice.kind)).collect();
        let people = last_words_of_all(&tx, &sides).await?;
        let mails: Vec<_> = notices
            .iter()
            .map(|Notice { side, kind, case, next }| {
                let mail = Mail::RenewalAhead {
                    organisation: case.org.name.clone(),
                    on: next.on,
                    amount: Money::new(next.total, case.contract.currency),
                    link: link(kontor, *side, *kind, case.org.id),
                };
                (people.get(side).cloned().unwrap_or_default(), mail)
            })
            .collect();
        let letters = mails.iter().flat_map(|(to, mail)| to.iter().map(move |one| (one.clone(), mail)));
        write_all(kontor, &tx, letters.collect()).await?;
        tx.commit().await?;
        after = Some(last);
    }
}

/// That a subscription will be renewed: to whom it is said.
struct Notice<'a> {
    side: OrgId,
    kind: OrgKind,
    case: &'a Case,
    next: NextRenewal,
}

/// What there is to announce of a subscription; nothing where its next term is paid for, or cannot be sold.
fn notice<'a>(due: &Due, case: &'a Case, policy: &Policy) -> Option<Notice<'a>> {
    if bought(&case.open).ok()?.is_some() {
        return None;
    }
    let overlays: Vec<Scheduled> = scheduled(&case.open).into_iter().map(|(_, overlay)| overlay).collect();
    // The plan it will have then: its rate may be another one.
    let plan = overlay(&case.contract, &overlays).terms.plan;
    let terrain = due.ground.terrain(case.subject(), policy, plan).ok()?;
    let next = next_renewal(&case.contract, &overlays, &terrain.prices, &terrain.rates)?;
    let (side, kind) = match (next.payer, case.partner_id) {
        (Payer::Partner, Some(partner)) => (partner, OrgKind::Partner),
        _ => (case.org.id, OrgKind::Customer),
    };
    Some(Notice { side, kind, case, next })
}

/// Closes proposals whose time is over (domain.md section 18: 14 days).
async fn expire_proposals(kontor: &Kontor) -> Result<(), Error> {
    loop {
        let tx = kontor.db.begin().await?;
        let rows = subscription_change::expired(&tx, kontor.now(), 100).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            store(&tx, &close(kontor, row, ChangeStatus::Expired, String::new())).await?;
        }
        tx.commit().await?;
    }
}

/// Makes commission available whose hold is over.
async fn release(kontor: &Kontor) -> Result<(), Error> {
    loop {
        let tx = kontor.db.begin().await?;
        let (found, moved) = release_due(kontor, &tx, RELEASED).await?;
        post_all(kontor, &tx, &postings(kontor, &moved)?).await?;
        tx.commit().await?;
        if found < RELEASED {
            return Ok(());
        }
    }
}

/// Closes the month before this one, if it is not closed yet. Answers the latest month that is.
async fn close_months(kontor: &Kontor, closed: Option<Month>) -> Result<Option<Month>, Error> {
    let month = Month::of(kontor.now().day()).previous();
    if closed.is_some_and(|closed| closed >= month) {
        return Ok(closed);
    }
    let mut after = None;
    loop {
        match close_month(kontor, month, after).await {
            Ok(None) => return Ok(Some(month)),
            Ok(next) => after = next,
            // In the first minutes of a month the one before it is still open.
            Err(Error::BadRequest) => return Ok(closed),
            Err(error) => return Err(error),
        }
    }
}
