//! The hourly clock of money: renewals, announcements of renewals, proposals nobody answered, commission whose hold is
//! over, months to close.

use super::{
    ahead::ahead,
    answer::{close, store},
    desk::{Desk, contract_of},
    early::bought,
    notice::link,
    preview::scheduled,
    renew::renew_due,
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
    kernel::{Kontor, instant::Day, money::Money, right::OrgKind},
    ledger::service::post_all,
    mapping::rows::mapping,
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
    partner::rows::partner,
    setting::service::policy,
    subscription::{
        ChangeStatus, Service,
        authority::Side,
        change::{Payer, Scheduled},
        rows::{subscription, subscription_change},
    },
};

/// Lines of commission released in one transaction.
const RELEASED: u64 = 500;

/// Days before a renewal on which its payer is told the amount (domain.md section 7, S70).
const NOTICE_DAYS: i32 = 14;

/// Sees to it that the clock of money runs: at once, then hourly. Called at every start.
pub async fn begin_billing(kontor: &Kontor) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    again(kontor, &tx, kontor.now(), kontor.now().day().plus(-1)).await?;
    tx.commit().await?;
    Ok(())
}

async fn again(
    kontor: &Kontor,
    tx: &sea_orm::DatabaseTransaction,
    at: crate::kernel::instant::Instant,
    noticed: Day,
) -> Result<(), Error> {
    let payload = serde_json::json!({ "noticed": noticed.0 });
    enqueue(kontor, tx, JobKind::Billing, at, Some("billing".to_owned()), payload).await?;
    Ok(())
}

/// Does all that the hour asks for. Each part is resumable and changes nothing when done twice.
pub async fn billing(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let noticed = job.payload.get("noticed").and_then(serde_json::Value::as_i64);
    let noticed = noticed.and_then(|day| i32::try_from(day).ok()).map(Day);
    let today = kontor.now().day();
    lapse(kontor).await?;
    renew_due(kontor).await?;
    expire_proposals(kontor).await?;
    release(kontor).await?;
    close_months(kontor).await?;
    // After downtime the days that were missed are made up for, up to the notice's own length.
    let from = noticed.map_or(today, |day| day.plus(1)).max(today.plus(1 - NOTICE_DAYS));
    for day in from.0..=today.0 {
        announce(kontor, Day(day).plus(NOTICE_DAYS)).await?;
    }
    let tx = kontor.db.begin().await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    again(kontor, &tx, kontor.now().plus_hours(1), today).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells the payers what will be renewed behind a day, and for how much.
async fn announce(kontor: &Kontor, ends_on: Day) -> Result<(), Error> {
    let mut after = None;
    loop {
        let tx = kontor.db.begin().await?;
        let rows = subscription::ending_on(&tx, ends_on, after, 200).await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(()) };
        for row in &rows {
            notice(kontor, &tx, row).await?;
        }
        tx.commit().await?;
        after = Some(last);
    }
}

async fn notice(
    kontor: &Kontor,
    tx: &sea_orm::DatabaseTransaction,
    row: &subscription::Model,
) -> Result<(), Error> {
    let Some(contract) = contract_of(row).filter(|_| row.auto_renew) else { return Ok(()) };
    let Some(org) = organisation::by_id(tx, row.org_id).await? else { return Ok(()) };
    let partner_id = mapping::partner_of(tx, row.org_id, Service::Workplace).await?;
    let partner = match partner_id {
        Some(id) => partner::by_org(tx, id).await?,
        None => None,
    };
    let policy = policy(kontor, tx).await?;
    let open = subscription_change::open(tx, row.id).await?;
    if bought(&open)?.is_some() {
        // The next term is paid for.
        return Ok(());
    }
    let overlays: Vec<Scheduled> = scheduled(&open).into_iter().map(|(_, overlay)| overlay).collect();
    let desk = Desk { org, row: row.clone(), partner, side: Side::Programme, open, policy };
    let Some(next) = ahead(tx, &desk, &contract, &overlays).await? else { return Ok(()) };
    let next = next.next();
    let (side, kind) = match (next.payer, partner_id) {
        (Payer::Partner, Some(partner)) => (partner, OrgKind::Partner),
        _ => (row.org_id, OrgKind::Customer),
    };
    let mail = Mail::RenewalAhead {
        organisation: desk.org.name,
        on: next.on,
        amount: Money::new(next.total, contract.currency),
        link: link(kontor, side, kind, row.org_id),
    };
    for to in last_words(tx, side, kind).await? {
        write(kontor, tx, to, &mail).await?;
    }
    Ok(())
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

/// Closes the month before this one, if it is not closed yet.
async fn close_months(kontor: &Kontor) -> Result<(), Error> {
    let month = Month::of(kontor.now().day()).previous();
    let mut after = None;
    loop {
        match close_month(kontor, month, after).await {
            Ok(None) => return Ok(()),
            Ok(next) => after = next,
            // In the first minutes of a month the one before it is still open.
            Err(Error::BadRequest) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
