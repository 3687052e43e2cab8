//! `make bench`, the part inside the programme: loads databases, measures the list of customers through the same
//! service the pages call, serves the raw counterpart of the console's first page, and drives load over HTTP.
//! `scripts/bench.sh` puts it together.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is its purpose")]
#![expect(clippy::disallowed_methods, reason = "it measures durations of its own")]

mod access;
mod audit;
mod drive;
mod http;
mod lists;
mod money;
mod raw;
mod session;
mod write;

use clap::{Parser, Subcommand};
use kontor::{
    kernel::{
        Kontor, Parts, Programme,
        clock::{Clock, MovedClock, SystemClock, SystemRandom},
        db::Db,
        hub::Hub,
        port::*,
        secret::Secrets,
        testing::Outside,
    },
    migration::Migrator,
    payment::port::Providers,
};
use sea_orm_migration::MigratorTrait;
use std::sync::Arc;

/// Doubles the pages per second of rendered views; the raw counterpart gets the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whatever stops a measurement.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Loads customers into an empty database; leaves a loaded one as it is.
    Load {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
        /// How many customers.
        #[arg(long)]
        customers: u64,
        /// Of how many partners.
        #[arg(long)]
        partners: u64,
    },
    /// Measures the largest partner's list.
    Lists {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
    },
    /// Measures the largest partner's dashboard and statement.
    Money {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
    },
    /// Closes the next month of all partners. For a copy of a database: what is closed stays closed.
    Close {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
    },
    /// Renews the subscriptions that are due next. For a copy of a database: a term begins once.
    Renew {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
        /// So many, and whatever else is due on the same day.
        #[arg(long, default_value_t = 20_000)]
        at_least: i64,
    },
    /// Proves the ledger's summaries and the counters against what they sum.
    Prove {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
    },
    /// Appends to audit trails one by one, and proves a million events; writes these into an empty database.
    Audit {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
    },
    /// Measures the permission check of somebody who acts for customers.
    Access {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
    },
    /// Waits until no job is due.
    Idle {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
    },
    /// Signs the largest partner's owner in: prints cookie, partner and the path of the list.
    Session {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
    },
    /// Serves the console's first page as a plain string with the same queries.
    Raw {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
        /// Where.
        #[arg(long)]
        listen: String,
    },
    /// Asks for one page over and over; prints pages per second and latencies.
    Drive {
        /// `http://ip:port/path`
        #[arg(long)]
        url: String,
        /// The cookie.
        #[arg(long, default_value = "")]
        cookie: String,
        /// At once.
        #[arg(long, default_value_t = 16)]
        connections: u32,
        /// For so long.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        /// So many a second in all, on a fixed timetable; as fast as possible without it.
        #[arg(long)]
        rate: Option<f64>,
    },
    /// Extends trials and adds customers over HTTP from 16 connections.
    Write {
        /// `sqlite://PATH` or `postgres://…`
        #[arg(long)]
        database: String,
        /// `http://ip:port`
        #[arg(long)]
        url: String,
        /// The cookie.
        #[arg(long)]
        cookie: String,
    },
    /// Bytes a page and all it loads take on the wire.
    Weigh {
        /// `http://ip:port/path`
        #[arg(long)]
        url: String,
        /// The cookie.
        #[arg(long, default_value = "")]
        cookie: String,
    },
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let result = match Cli::parse().command {
        Command::Load { database, customers, partners } => {
            lists::fill(&programme(&database).await?, customers, partners).await?
        }
        Command::Lists { database } => lists::measure(&programme(&database).await?).await?,
        Command::Money { database } => money::measure(&programme(&database).await?).await?,
        Command::Close { database } => {
            let (kontor, clock) = programme_of_its_time(&database).await?;
            money::close(&kontor, &clock).await?
        }
        Command::Renew { database, at_least } => {
            let (kontor, clock) = programme_of_its_time(&database).await?;
            money::renew(&kontor, &clock, at_least).await?
        }
        Command::Prove { database } => money::prove(&programme(&database).await?).await?,
        Command::Access { database } => access::measure(&programme(&database).await?).await?,
        Command::Audit { database } => audit::measure(&programme(&database).await?).await?,
        Command::Idle { database } => money::idle(&programme(&database).await?).await?,
        Command::Session { database } => session::open(&programme(&database).await?).await?,
        Command::Raw { database, listen } => raw::serve(programme(&database).await?, &listen).await?,
        Command::Drive { url, cookie, connections, seconds, rate } => {
            drive::run(&url, &cookie, connections, seconds, rate).await?
        }
        Command::Write { database, url, cookie } => {
            write::run(&programme(&database).await?, &url, &cookie).await?
        }
        Command::Weigh { url, cookie } => http::weigh(&url, &cookie).await?,
    };
    println!("{result}");
    Ok(())
}

/// The outside world of a benchmark: there is none.
struct Nobody;

#[async_trait::async_trait]
impl DnsPort for Nobody {
    async fn look_up(&self, _name: &str, _kind: RecordKind) -> Vec<DnsAnswer> {
        Vec::new()
    }
    async fn resolves(&self, _host: &str) -> bool {
        false
    }
}

#[async_trait::async_trait]
impl WebPort for Nobody {
    async fn fetch_proof(&self, _host: &str, _path: &str) -> Vec<WebAnswer> {
        Vec::new()
    }
}

#[async_trait::async_trait]
impl MailPort for Nobody {
    async fn send(&self, _mail: &OutgoingMail) -> Result<(), MailFault> {
        Ok(())
    }
}

async fn programme(url: &str) -> Result<Kontor, Failure> {
    programme_at(url, Arc::new(SystemClock)).await
}

/// A programme whose clock is set by who measures.
async fn programme_of_its_time(url: &str) -> Result<(Kontor, Arc<MovedClock>), Failure> {
    let clock = Arc::new(MovedClock::at(SystemClock.now()));
    Ok((programme_at(url, clock.clone()).await?, clock))
}

async fn programme_at(url: &str, clock: Arc<dyn Clock>) -> Result<Kontor, Failure> {
    let db = Db::connect(url, 16).await?;
    Migrator::up(db.writer(), None).await?;
    Ok(Kontor::new(Parts {
        db,
        clock,
        random: Arc::new(SystemRandom),
        secrets: Secrets::new([0; 32]),
        programme: Programme {
            public_url: "http://127.0.0.1:3000".into(),
            support_email: "support@vendor.test".into(),
            verify_host: "127.0.0.1".into(),
            demo: false,
            argon2: (64, 1),
        },
        dns: Arc::new(Nobody),
        web: Arc::new(Nobody),
        mail: Arc::new(Nobody),
        payments: Providers::manual(),
        identity: Arc::new(Outside::default()),
        hub: Hub::default(),
        demo: None,
    }))
}

/// Milliseconds of many runs.
#[derive(Default)]
pub struct Times(pub Vec<f64>);

impl Times {
    /// The value below which the share `q` of all lies.
    pub fn quantile(&mut self, q: f64) -> f64 {
        self.0.sort_by(f64::total_cmp);
        let at = ((self.0.len() as f64 * q).ceil() as usize).clamp(1, self.0.len().max(1));
        let value = self.0.get(at - 1).copied().unwrap_or(f64::NAN);
        (value * 1000.0).round() / 1000.0
    }
}
