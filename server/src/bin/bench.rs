//! `make bench`, the part inside the programme: loads the databases once and measures the list of customers through
//! the same service the pages call. `scripts/bench.sh` drives it and adds what is measured over HTTP.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]
#![expect(clippy::disallowed_methods, reason = "it measures durations of its own")]

use clap::{Parser, Subcommand};
use kontor::{
    kernel::{
        Kontor, Parts, Programme,
        actor::Actor,
        clock::{SystemClock, SystemRandom},
        db::Db,
        hub::Hub,
        id::OrgId,
        port::*,
        right::OrgKind,
        secret::Secrets,
    },
    mapping::{
        CustomerPage, CustomerQuery, Direction,
        service::{customers, largest_list},
    },
    migration::Migrator,
};
use kontor_server::seed::load::{Load, load};
use sea_orm_migration::MigratorTrait;
use std::{sync::Arc, time::Instant};

type Failure = Box<dyn std::error::Error>;

#[derive(Parser)]
struct Cli {
    /// `sqlite://PATH` or `postgres://…`
    #[arg(long)]
    database: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Loads customers into an empty database; leaves a loaded one as it is.
    Load {
        /// How many customers.
        #[arg(long)]
        customers: u64,
        /// Of how many partners.
        #[arg(long)]
        partners: u64,
    },
    /// Measures the largest partner's list and prints a JSON object of numbers.
    Measure,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let cli = Cli::parse();
    let kontor = programme(&cli.database).await?;
    match cli.command {
        Command::Load { customers, partners } => fill(&kontor, customers, partners).await,
        Command::Measure => measure(&kontor).await,
    }
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
    let db = Db::connect(url, 8).await?;
    Migrator::up(db.writer(), None).await?;
    Ok(Kontor::new(Parts {
        db,
        clock: Arc::new(SystemClock),
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
        hub: Hub::default(),
        demo: None,
    }))
}

async fn fill(kontor: &Kontor, customers: u64, partners: u64) -> Result<(), Failure> {
    if largest_list(kontor).await?.is_some() {
        eprintln!("loaded already");
        return Ok(());
    }
    let began = Instant::now();
    let say = |done: u64| {
        if done.is_multiple_of(100_000) || done == customers {
            eprintln!("{done} customers after {:.0} s", began.elapsed().as_secs_f64());
        }
    };
    load(kontor, &Load { customers, partners, password_hash: None }, say).await?;
    eprintln!("ready after {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Milliseconds of many runs.
#[derive(Default)]
struct Times(Vec<f64>);

impl Times {
    fn quantile(&mut self, q: f64) -> f64 {
        self.0.sort_by(f64::total_cmp);
        let at = ((self.0.len() as f64 * q).ceil() as usize).clamp(1, self.0.len().max(1));
        self.0.get(at - 1).copied().unwrap_or(f64::NAN)
    }
}

async fn page(kontor: &Kontor, owner: OrgId, query: &CustomerQuery) -> Result<(CustomerPage, f64), Failure> {
    let actor = Actor::system(owner, OrgKind::Partner, "bench");
    let began = Instant::now();
    let page = customers(kontor, &actor, query).await?;
    Ok((page, began.elapsed().as_secs_f64() * 1000.0))
}

/// What is searched for in the largest partner's list: how the matches lie in it, and the words.
const SEARCHES: [(&str, &str); 12] = [
    ("in nearly every row", "test"),
    ("in every second row", "gmbh"),
    ("spread, 2 in 100", "brauerei"),
    ("spread, 1 in 1000", "vogel reisen"),
    ("spread, a handful", "-7712"),
    ("bunched at the end, 8 in 100", "ziegler"),
    ("bunched at the end, 2 in 1000", "ziegler brauerei"),
    ("bunched at the end, few", "ziegler-brauerei-77"),
    ("nowhere", "quitte"),
    ("beginning of a word, frequent", "g"),
    ("beginning of a word, bunched", "zi"),
    ("beginning of a word, nowhere", "qx"),
];

async fn measure(kontor: &Kontor) -> Result<(), Failure> {
    let (owner, size) = largest_list(kontor).await?.ok_or("nothing is loaded")?;
    let plain = CustomerQuery::default();
    for _ in 0..50 {
        page(kontor, owner, &plain).await?;
    }
    let mut first = Times::default();
    for _ in 0..500 {
        first.0.push(page(kontor, owner, &plain).await?.1);
    }
    let mut result = serde_json::json!({ "customers": size, "first_page_ms": first.quantile(0.5) });

    let mut query = plain.clone();
    let mut pages = 1;
    while pages < 4_000 {
        let (found, _) = page(kontor, owner, &query).await?;
        let Some(next) = found.next else { break };
        query = query.at(Direction::After, next);
        pages += 1;
    }
    let mut deep = Times::default();
    for _ in 0..500 {
        deep.0.push(page(kontor, owner, &query).await?.1);
    }
    result["deep_page"] = pages.into();
    result["deep_page_ms"] = deep.quantile(0.5).into();

    let mut all = Times::default();
    for (what, words) in SEARCHES {
        let query = CustomerQuery { q: words.into(), ..CustomerQuery::default() };
        let mut times = Times::default();
        let mut hits = String::new();
        for _ in 0..40 {
            let (found, ms) = page(kontor, owner, &query).await?;
            times.0.push(ms);
            hits = format!("{:?}", found.total);
        }
        eprintln!(
            "{what:32} {words:22} {hits:16} median {:7.2} ms, p99 {:7.2} ms",
            times.quantile(0.5),
            times.quantile(0.99)
        );
        all.0.extend(times.0);
    }
    result["search_p99_ms"] = all.quantile(0.99).into();
    println!("{result}");
    Ok(())
}
