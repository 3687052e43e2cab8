//! `kontor ledger verify | rebuild | export | balances`.

use super::refused;
use crate::start::StartError;
use clap::{Subcommand, ValueEnum};
use kontor::{
    kernel::{
        Kontor,
        id::OrgId,
        instant::{Day, Instant},
    },
    ledger::{
        EVERYBODY,
        service::{Journal, balances_at, rebuild_ledger, verify_ledger},
    },
};
use std::io::{self, BufWriter, Write};

#[derive(Subcommand)]
pub enum Command {
    /// Prove that every transaction sums to zero and the summaries are those of the entries; fails if not. Changes
    /// nothing.
    Verify,
    /// Write the summaries anew from the entries.
    Rebuild,
    /// Write the ledger as a journal to the standard output.
    Export {
        /// The journal's format.
        #[arg(long, value_enum)]
        format: Format,
        /// The last day to export, as in 2026-12-31; everything if left out.
        #[arg(long)]
        until: Option<Day>,
    },
    /// What stood in each account at an instant, rebuilt from the entries: account, entity, amount, currency.
    Balances {
        /// The instant, as in 2026-12-31T15:30:00Z, or a day, which stands for its end (UTC).
        #[arg(long)]
        at: Instant,
        /// Of one partner, by its id; of all together if left out.
        #[arg(long)]
        partner: Option<OrgId>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    /// Plain-text accounting: hledger.org.
    Hledger,
}

pub async fn run(kontor: &Kontor, command: Command) -> Result<(), StartError> {
    match command {
        Command::Verify => {
            let report = verify_ledger(kontor).await.map_err(refused)?;
            for line in &report.differences {
                println!("{line}");
            }
            match report.is_clean() {
                true => {
                    println!("ledger and summaries are true");
                    Ok(())
                }
                false => Err(StartError::Command(
                    "the ledger differs: `kontor ledger rebuild` puts summaries right, nothing else".into(),
                )),
            }
        }
        Command::Rebuild => {
            rebuild_ledger(kontor).await.map_err(refused)?;
            println!("summaries are written anew");
            Ok(())
        }
        Command::Export { format: Format::Hledger, until } => {
            let failed = |error: io::Error| StartError::Command(format!("export: {error}"));
            let mut journal = Journal::begin(kontor, until).await.map_err(refused)?;
            let mut out = BufWriter::new(io::stdout());
            while let Some(text) = journal.next().await.map_err(refused)? {
                out.write_all(text.as_bytes()).map_err(failed)?;
            }
            out.flush().map_err(failed)
        }
        Command::Balances { at, partner } => {
            let all =
                balances_at(kontor.db.read(), partner.unwrap_or(EVERYBODY), at).await.map_err(refused)?;
            for one in all {
                println!("{}\t{}\t{}\t{}", one.account, one.entity, one.amount.plain(), one.amount.currency);
            }
            Ok(())
        }
    }
}
