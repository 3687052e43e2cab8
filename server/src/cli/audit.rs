//! `kontor audit verify | cut`. A file that was downloaded is checked without anything else.

use super::refused;
use crate::start::StartError;
use clap::Subcommand;
use kontor::{
    audit::{ChainReport, FileReport, service, trail::FileCheck},
    kernel::{Kontor, id::OrgId, instant::Day},
};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

#[derive(Subcommand)]
pub enum Command {
    /// Find whatever was removed, changed or moved in the chains of the trail; fails if there is anything. Changes
    /// nothing.
    Verify {
        /// Only the chain of one organisation, by its id.
        #[arg(long)]
        org: Option<OrgId>,
        /// A file of a trail instead of the database.
        #[arg(long, conflicts_with = "org")]
        file: Option<PathBuf>,
    },
    /// Take the oldest events away, for good. What stays can be proved as before; chains that are not whole are left alone.
    Cut {
        /// The first day whose events stay, as in 2026-01-31 (UTC).
        #[arg(long)]
        before: Day,
        /// Only from the chain of one organisation, by its id.
        #[arg(long)]
        org: Option<OrgId>,
    },
}

impl Command {
    /// The file it is about, if it needs no database.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Command::Verify { file, .. } => file.as_deref(),
            Command::Cut { .. } => None,
        }
    }
}

pub async fn run(kontor: &Kontor, command: Command) -> Result<(), StartError> {
    match command {
        Command::Verify { org: Some(org), .. } => {
            let report = service::verify(kontor, org).await.map_err(refused)?;
            say(&report);
            broken(u64::from(!report.is_whole()))
        }
        Command::Verify { .. } => {
            let all = service::verify_all(kontor, say).await.map_err(refused)?;
            println!("{} events in {} chains", all.events, all.chains);
            broken(all.broken)
        }
        Command::Cut { before, org } => {
            let done = service::cut(kontor, org, before, say).await.map_err(refused)?;
            println!("{} events cut off {} chains", done.events, done.chains);
            broken(done.broken)
        }
    }
}

/// Checks a file.
pub fn run_file(path: &Path) -> Result<(), StartError> {
    let FileReport { name, chain, shown } =
        check(path).map_err(|error| StartError::Command(format!("{}: {error}", path.display())))?;
    println!("trail of {name:?}, {} events, {shown} of them shown", chain.events);
    say(&chain);
    broken(u64::from(!chain.is_whole()))
}

fn check(path: &Path) -> Result<FileReport, Box<dyn std::error::Error>> {
    let (mut file, mut check, mut bytes) = (File::open(path)?, FileCheck::default(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(check.finish()?),
            count => check.feed(&bytes[..count])?,
        }
    }
}

/// Says how far a chain is whole, or what is wrong with it.
fn say(report: &ChainReport) {
    let ChainReport { org, after, last, hash, .. } = report;
    for fault in &report.faults {
        println!("{org}: {fault}");
    }
    if report.more > 0 {
        println!("{org}: and {} more faults", report.more);
    }
    if *after > 0 {
        println!("{org}: begins behind event {after}");
    }
    if report.is_whole() {
        println!("{org}: whole up to event {last}, whose link is {hash}");
    }
}

fn broken(chains: u64) -> Result<(), StartError> {
    match chains {
        0 => Ok(()),
        1 => Err(StartError::Command("a chain is not whole".into())),
        more => Err(StartError::Command(format!("{more} chains are not whole"))),
    }
}
