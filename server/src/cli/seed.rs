//! `kontor seed demo | load`.

use super::{database, programme, refused};
use crate::{
    config::Checked,
    seed::{
        demo,
        load::{Load, Progress, load},
    },
    start::StartError,
};
use clap::Subcommand;
use kontor::organisation::rows::organisation;

#[derive(Subcommand)]
pub enum Command {
    /// The demo: a vendor, two partners, customers and applications in every state. Password of all: kontor-demo.
    Demo,
    /// So many customers, for measuring.
    Load {
        /// Customers.
        #[arg(long)]
        customers: u64,
        /// Partners; the first has a tenth of all customers.
        #[arg(long)]
        partners: u64,
    },
}

pub async fn run(config: &Checked, command: Command) -> Result<(), StartError> {
    let db = database(config).await?;
    if organisation::any(db.read()).await? {
        println!("the database is not empty: nothing was loaded");
        return Ok(());
    }
    match command {
        Command::Demo => {
            let made = demo::seed(config, db).await.map_err(refused)?;
            println!("demo data is loaded: {} customers, {} applications", made.customers, made.applications);
            println!("password of all: {}", demo::PASSWORD);
        }
        Command::Load { customers, partners } => {
            if partners == 0 {
                return Err(StartError::Command("--partners: give at least one".into()));
            }
            let what = Load { customers, partners, password_hash: None };
            let progress = |step: Progress| match step {
                Progress::Customers(done) if done.is_multiple_of(100_000) || done == customers => {
                    println!("{done} of {customers} customers");
                }
                Progress::Customers(_) => {}
                Progress::History(day) => println!("what was bought and paid up to {day}"),
                Progress::Summing => println!("summaries"),
            };
            load(&programme(config).await?, &what, progress).await.map_err(refused)?;
        }
    }
    Ok(())
}
