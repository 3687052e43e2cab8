//! `kontor seed load`: very many customers in a few minutes, for measuring (design.md section 4). The same numbers
//! always make the same customers; every row is one the programme could have written itself.
//!
//! First the customers as they are today, then, day by day, what they bought and paid until today: numbers, ids and
//! places in the indexes come in the order in which time would have brought them.

mod books;
mod contract;
mod customers;
mod history;
mod partners;
#[cfg(test)]
mod tests;

use super::dice::Dice;
use kontor::{
    Error,
    commission::{Month, service::close_month},
    kernel::{Kontor, instant::Day},
    ledger::service::rebuild_ledger,
    mapping::{
        rows::{event, gram},
        service::rebuild_counters,
    },
    setting::service::policy,
};
use sea_orm::ConnectionTrait;

/// Customers written in one transaction.
const BATCH: u64 = 10_000;
/// Days over which the customers came.
const DAYS: i64 = 1_100;

/// What to load.
#[derive(Debug, Clone)]
pub struct Load {
    /// So many customers.
    pub customers: u64,
    /// Of so many partners; the first gets a tenth of all customers.
    pub partners: u64,
    /// Password hash of the partners' owners (`owner@partner-0001.test`, …); none leaves them without a password.
    pub password_hash: Option<String>,
}

/// How far a load is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many customers are written.
    Customers(u64),
    /// What was bought and paid is written up to this day.
    History(Day),
    /// Everything is written; summaries and statistics are made.
    Summing,
}

/// Loads into a database of its own: until it ends, searches there are slow and counters not yet true. Calls
/// `progress` now and then.
pub async fn load(kontor: &Kontor, load: &Load, progress: impl Fn(Progress)) -> Result<(), Error> {
    let now = kontor.now();
    let mut dice = Dice::new(42);
    partners::write_catalogue(kontor, &mut dice).await?;
    let partners = partners::write(kontor, load, &mut dice).await?;
    let shares = partners::Shares::new(&partners);
    let index = gram::suspend(kontor.db.writer()).await?;
    if !kontor.db.is_postgres() {
        // The indexes being written stay in memory, and the log is folded back seldom.
        let room = "PRAGMA cache_size = -600000; PRAGMA wal_autocheckpoint = 100000";
        kontor.db.writer().execute_unprepared(room).await?;
    }
    let mut done = 0;
    let mut bought = Vec::new();
    while done < load.customers {
        let until = (done + BATCH).min(load.customers);
        let mut batch = customers::Batch::default();
        for number in done..until {
            let partner = shares.pick(&mut dice);
            batch.add(&mut dice, now, number, load.customers, partner);
        }
        let tx = kontor.db.begin().await?;
        bought.extend(batch.write(&tx).await?);
        tx.commit().await?;
        done = until;
        progress(Progress::Customers(done));
    }
    if let Some(made_by) = index {
        kontor.db.writer().execute_unprepared(&made_by).await?;
    }
    event::of_mappings(kontor.db.writer()).await?;
    let policy = policy(kontor, kontor.db.read()).await?;
    history::write(kontor, &policy, &mut dice, (&bought, &partners), |day| progress(Progress::History(day)))
        .await?;
    progress(Progress::Summing);
    rebuild_counters(kontor).await?;
    rebuild_ledger(kontor).await?;
    let analyse = match kontor.db.is_postgres() {
        true => "VACUUM ANALYZE",
        false => {
            "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 1000"
        }
    };
    kontor.db.writer().execute_unprepared(analyse).await?;
    close_months(kontor, now.day()).await
}

/// Closes all months but the latest that is over, which is left to be closed.
async fn close_months(kontor: &Kontor, today: Day) -> Result<(), Error> {
    let month = Month::of(today).previous().previous();
    let mut after = None;
    loop {
        after = close_month(kontor, month, after).await?;
        if after.is_none() {
            return Ok(());
        }
    }
}
