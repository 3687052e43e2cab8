//! The command line (design.md section 4).

use crate::start::{self, StartError};
use clap::{Parser, Subcommand};
use kontor::migration::Migrator;
use sea_orm_migration::MigratorTrait;
use std::process::ExitCode;

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
    // rustls needs to be told which cryptography it uses; a second call only says that it knows.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = start::config()?;
    log(&config.raw.log, &config.raw.log_format);
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
    }
}

fn log(filter: &str, format: &str) {
    let filter = tracing_subscriber::EnvFilter::new(format!("{filter},sqlx=warn,sea_orm_migration=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        "json" => builder.json().init(),
        _ => builder.init(),
    }
}
