//! The command line (design.md section 4).

mod audit;
mod backup;
mod counters;
mod ledger;
mod seed;
mod user;

use crate::{
    config::{Checked, Config},
    start::{self, StartError},
};
use clap::{Parser, Subcommand};
use kontor::{
    Error,
    kernel::{Kontor, db::Db, locale::Locale},
    migration::Migrator,
};
use sea_orm_migration::MigratorTrait;
use std::{
    io::{self, IsTerminal},
    path::PathBuf,
    process::ExitCode,
};

/// The open partner-programme platform.
#[derive(Parser)]
#[command(name = "kontor", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the programme.
    Serve,
    /// Bring the database's schema up to date.
    Migrate,
    /// Check the configuration and say what holds.
    CheckConfig,
    /// The vendor's staff.
    #[command(subcommand)]
    User(user::Command),
    /// The counters behind every list.
    #[command(subcommand)]
    Counters(counters::Command),
    /// The double-entry ledger.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// The audit trail.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Data for trying things out, into an empty database.
    #[command(subcommand)]
    Seed(seed::Command),
    /// Copy the database into a file while the programme goes on (SQLite).
    Backup {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
}

/// Runs the command; what is wrong is said in one line.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kontor: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), StartError> {
    // Whatever the program makes - database, mails, key, backups - holds what only its owner may read.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    // rustls needs to be told which cryptography it uses; a second call only says that it knows.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // A file proves itself, on any machine.
    if let Command::Audit(command) = &command
        && let Some(file) = command.file()
    {
        return audit::run_file(file);
    }
    let config = start::config()?;
    // Seeding does at once what people do in months: the log would be as long.
    let quiet = matches!(command, Command::Seed(_)) && config.raw.log == Config::default().log;
    log(if quiet { "warn" } else { &config.raw.log }, &config.raw.log_format);
    match command {
        Command::Serve => start::serve().await,
        Command::Migrate => {
            let db = start::database(&config).await?;
            Migrator::up(db.writer(), None).await?;
            println!("schema is up to date");
            Ok(())
        }
        Command::CheckConfig => {
            println!("configuration is complete: {}", config.public_url(config.listen));
            Ok(())
        }
        Command::User(command) => user::run(&programme(&config).await?, command).await,
        Command::Counters(command) => counters::run(&programme(&config).await?, command).await,
        Command::Ledger(command) => ledger::run(&programme(&config).await?, command).await,
        Command::Audit(command) => audit::run(&programme(&config).await?, command).await,
        Command::Seed(command) => seed::run(&config, command).await,
        Command::Backup { file } => backup::run(&config, &file).await,
    }
}

/// The database, if its schema is this program's.
async fn database(config: &Checked) -> Result<Db, StartError> {
    let db = start::database(config).await?;
    match Migrator::get_pending_migrations_read_only(db.read()).await?.is_empty() {
        true => Ok(db),
        false => Err(StartError::Stale),
    }
}

/// The programme without its server.
async fn programme(config: &Checked) -> Result<Kontor, StartError> {
    start::kontor(config, database(config).await?, config.listen, None)
}

/// What a service refused, in words.
fn refused(error: Error) -> StartError {
    StartError::Command(app::i18n::with_locale(Locale::En, || app::message::error(&error)))
}

fn log(filter: &str, format: &str) {
    let filter = tracing_subscriber::EnvFilter::new(format!("{filter},sqlx=warn,sea_orm_migration=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // Colours are for people: a log file is read by programs.
        .with_ansi(io::stderr().is_terminal());
    match format {
        "json" => builder.json().init(),
        _ => builder.init(),
    }
}
