//! The money: dashboard, statement, monthly close, renewals and the proof of the figures, through the services that pages
//! and clocks call.

use crate::{Failure, Times};
use kontor::{
    commission::{
        Month,
        service::{CLOSING_GRACE_MINUTES, close_month, statement, statements},
    },
    kernel::{Kontor, actor::Actor, clock::MovedClock, id::OrgId, instant::Day, right::OrgKind},
    ledger::service::verify_ledger,
    mapping::service::{largest_list, verify_counters},
    report::{Period, Preset, ReportQuery, service::report},
    subscription::service::renew_due,
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Runs of each measurement.
const RUNS: usize = 200;

/// A server is idle that has had nothing to do so many times in a row, a second apart.
const QUIET: u32 = 5;

async fn timed<T>(
    times: &mut Times,
    work: impl Future<Output = Result<T, kontor::Error>>,
) -> Result<T, Failure> {
    let began = Instant::now();
    let done = work.await?;
    times.0.push(began.elapsed().as_secs_f64() * 1000.0);
    Ok(done)
}

async fn largest(kontor: &Kontor) -> Result<(OrgId, Actor), Failure> {
    let (partner, _) = largest_list(kontor).await?.ok_or("nothing is loaded")?;
    Ok((partner, Actor::system(partner, OrgKind::Partner, "bench")))
}

/// Dashboard and statement of the largest partner, and the dashboard of all partners together.
pub async fn measure(kontor: &Kontor) -> Result<Value, Failure> {
    let (partner, actor) = largest(kontor).await?;
    let vendor = Actor::system(kontor.id(), OrgKind::Vendor, "bench");
    let (mut own, mut all) = (Times::default(), Times::default());
    // Every range with a name in turn, once before it counts.
    for (run, preset) in Preset::ALL.iter().cycle().take(RUNS + Preset::ALL.len()).enumerate() {
        let query = ReportQuery { period: Period::Preset(*preset), ..ReportQuery::default() };
        timed(&mut own, report(kontor, &actor, None, &query)).await?;
        timed(&mut all, report(kontor, &vendor, None, &query)).await?;
        if run + 1 == Preset::ALL.len() {
            (own, all) = (Times::default(), Times::default());
        }
    }
    let (closed, _) = statements(kontor, &actor, partner, None).await?;
    let fullest = closed.iter().max_by_key(|statement| statement.figures.lines);
    let fullest = fullest.ok_or("no month is closed")?;
    let mut page = Times::default();
    for _ in 0..RUNS {
        timed(&mut page, statement(kontor, &actor, partner, fullest.month, None, false)).await?;
    }
    Ok(json!({
        "dashboard_p50_ms": own.quantile(0.5),
        "dashboard_p99_ms": own.quantile(0.99),
        "vendor_dashboard_p99_ms": all.quantile(0.99),
        "statement_lines": fullest.figures.lines,
        "statement_p50_ms": page.quantile(0.5),
        "statement_p99_ms": page.quantile(0.99),
    }))
}

/// Closes the month behind the last one that is closed, for all partners; what it writes cannot be taken back.
pub async fn close(kontor: &Kontor, clock: &Arc<MovedClock>) -> Result<Value, Failure> {
    let (partner, actor) = largest(kontor).await?;
    let (closed, _) = statements(kontor, &actor, partner, None).await?;
    let month: Month = closed.first().ok_or("no month is closed")?.month.next();
    clock.set(month.end().plus_minutes(CLOSING_GRACE_MINUTES));
    let began = Instant::now();
    let mut after = None;
    loop {
        after = close_month(kontor, month, after).await?;
        if after.is_none() {
            break;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let (closed, _) = statements(kontor, &actor, partner, None).await?;
    let last = closed.first().filter(|statement| statement.month == month);
    let last = last.ok_or("the month was not closed")?;
    Ok(json!({ "month": month.to_string(), "seconds": round(seconds), "largest_lines": last.figures.lines }))
}

/// Renews what is due on the first days on which enough is due: the clock stands behind them, wherever the calendar is.
/// Payments are intended, not collected: the provider's time does not count.
pub async fn renew(kontor: &Kontor, clock: &Arc<MovedClock>, at_least: i64) -> Result<Value, Failure> {
    let (until, due) = first_days(kontor, at_least).await?;
    clock.set(until.end().plus_minutes(1));
    let began = Instant::now();
    let renewed = renew_due(kontor).await?;
    let seconds = began.elapsed().as_secs_f64();
    if renewed != due {
        return Err(format!("{renewed} of {due} subscriptions renewed").into());
    }
    Ok(json!({
        "renewed": renewed,
        "seconds": round(seconds),
        "per_second": (renewed as f64 / seconds).round(),
    }))
}

/// The first day up to which enough terms end, and how many do.
async fn first_days(kontor: &Kontor, at_least: i64) -> Result<(Day, u64), Failure> {
    let db = kontor.db.read();
    let sql = "SELECT ends_on, count(*) AS n FROM subscription WHERE status = 'active' AND ends_on IS NOT NULL \
               GROUP BY ends_on ORDER BY ends_on";
    let mut due = 0;
    for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await? {
        due += row.try_get::<i64>("", "n")?;
        if due >= at_least {
            return Ok((Day(row.try_get("", "ends_on")?), due.try_into()?));
        }
    }
    Err("too few subscriptions are loaded".into())
}

/// Proves ledger and counters, as `kontor ledger verify` and `kontor counters verify` do.
pub async fn prove(kontor: &Kontor) -> Result<Value, Failure> {
    let db = kontor.db.read();
    let sql = "SELECT count(*) AS n FROM ledger_entry";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let entries: i64 = row.ok_or("a count has one row")?.try_get("", "n")?;
    let began = Instant::now();
    let ledger = verify_ledger(kontor).await?;
    let ledger_seconds = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let counters = verify_counters(kontor).await?;
    let counters_seconds = began.elapsed().as_secs_f64();
    if !ledger.is_clean() || !counters.is_clean() {
        return Err(format!("{ledger:?} {counters:?}").into());
    }
    Ok(json!({
        "entries": entries,
        "ledger_seconds": round(ledger_seconds),
        "counters_seconds": round(counters_seconds),
    }))
}

/// Waits until a server at work has done every job that is due.
pub async fn idle(kontor: &Kontor) -> Result<Value, Failure> {
    let db = kontor.db.read();
    let began = Instant::now();
    // A programme that has only just begun to listen has not begun its day yet: once is not enough.
    let mut quiet = 0;
    while quiet < QUIET {
        let sql = "SELECT count(*) AS n FROM job WHERE status = 'waiting' AND due_at <= $1";
        let due = Statement::from_sql_and_values(db.get_database_backend(), sql, [kontor.now().0.into()]);
        let row = db.query_one_raw(due).await?.ok_or("a count has one row")?;
        quiet = if row.try_get::<i64>("", "n")? == 0 { quiet + 1 } else { 0 };
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(json!({ "seconds": round(began.elapsed().as_secs_f64()) }))
}

fn round(seconds: f64) -> f64 {
    (seconds * 100.0).round() / 100.0
}
