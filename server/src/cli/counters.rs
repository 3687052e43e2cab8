//! `kontor counters verify | rebuild` (design.md section 3, rule 10).

use super::refused;
use crate::start::StartError;
use clap::Subcommand;
use kontor::{
    kernel::Kontor,
    mapping::service::{rebuild_counters, verify_counters},
};

#[derive(Subcommand)]
pub enum Command {
    /// Compare the counters with what they count; fails if they differ. Changes nothing.
    Verify,
    /// Count everything anew.
    Rebuild,
}

pub async fn run(kontor: &Kontor, command: Command) -> Result<(), StartError> {
    match command {
        Command::Verify => {
            let report = verify_counters(kontor).await.map_err(refused)?;
            for line in &report.differences {
                println!("{line}");
            }
            for org in &report.strays {
                println!("{org}: not in its partner's list, or in one it is not mapped to");
            }
            match report.is_clean() {
                true => {
                    println!("counters are true");
                    Ok(())
                }
                false => Err(StartError::Command("counters differ: run `kontor counters rebuild`".into())),
            }
        }
        Command::Rebuild => {
            rebuild_counters(kontor).await.map_err(refused)?;
            println!("counters are counted anew");
            Ok(())
        }
    }
}
