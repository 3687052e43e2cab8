//! Puts the programme together from its configuration, and serves it.

use crate::{
    config::{Checked, Config},
    host::Host,
    mail, nodes,
    outside::{
        demo_dns::DemoDns,
        dns::{RealDns, Zone},
        guarded::Guarded,
        oidc::RealIdentity,
        web::RealWeb,
    },
    payment, worker,
};
use axum::serve::ListenerExt;
use kontor::{
    domain::demo::{DEMO_ZONE, DemoZone},
    kernel::{
        Kontor, Parts, Programme,
        clock::{Random, SystemClock, SystemRandom},
        db::Db,
        hub::Hub,
        secret::Secrets,
    },
    migration::Migrator,
};
use sea_orm_migration::MigratorTrait;
use std::{fs, io, net::SocketAddr, path::Path, sync::Arc};
use tokio::{net::TcpListener, sync::watch};

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// The schema is another version's.
    #[error("database: the schema is stale, run `kontor migrate` first")]
    Stale,
    /// The secret's file.
    #[error("secret file {path}: {what}")]
    Secret {
        /// Which file.
        path: String,
        /// What is wrong with it.
        what: String,
    },
    /// The network.
    #[error("listen: {0}")]
    Listen(#[from] io::Error),
    /// A part outside.
    #[error("{0}")]
    Outside(String),
    /// A command could not do what it was asked for.
    #[error("{0}")]
    Command(String),
}

/// The configuration, read and checked.
pub fn config() -> Result<Checked, StartError> {
    Ok(Config::load()?.check()?)
}

/// Connects to the database; makes the folder of a new SQLite file.
pub async fn database(config: &Checked) -> Result<Db, StartError> {
    if let Some(folder) = config.sqlite_file().and_then(Path::parent).filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    Ok(Db::connect(&config.raw.database_url, config.raw.database_connections).await?)
}

/// The programme, as it listens at `listening`.
pub fn kontor(
    config: &Checked,
    db: Db,
    listening: SocketAddr,
    demo: Option<DemoDns>,
) -> Result<Kontor, StartError> {
    let mut zones: Vec<Zone> = config
        .dns_zones
        .iter()
        .map(|(suffix, server)| Zone { suffix: suffix.clone(), server: *server })
        .collect();
    let mut sites = Vec::new();
    // The configuration may name another server for the demo's zone.
    if let Some(demo) = demo.as_ref().filter(|_| zones.iter().all(|z| z.suffix != DEMO_ZONE)) {
        zones.push(Zone { suffix: DEMO_ZONE.into(), server: demo.dns_addr() });
        sites.push(Zone { suffix: DEMO_ZONE.into(), server: demo.web_addr() });
    }
    let dns = Arc::new(RealDns::new(config.dns_servers.clone(), zones));
    let web = RealWeb::new(dns.clone(), config.html_check_allow.clone(), sites)
        .map_err(|error| StartError::Outside(error.to_string()))?;
    let guarded = Guarded::new(dns.clone(), config.oidc_allow.clone(), config.oidc_plain)
        .map_err(|error| StartError::Outside(error.to_string()))?;
    let secrets = Secrets::new(secret(&config.raw.secret_file)?);
    let payments = payment::providers(config, &config.public_url(listening), &secrets, Arc::new(SystemClock))
        .map_err(StartError::Outside)?;
    Ok(Kontor::new(Parts {
        db,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        secrets,
        programme: Programme {
            public_url: config.public_url(listening),
            support_email: config.raw.support_email.clone(),
            verify_host: config.verify_host(listening),
            demo: config.raw.demo,
            argon2: (config.raw.argon2_memory_kib, config.raw.argon2_passes),
        },
        dns,
        web: Arc::new(web),
        mail: mail::port(config).map_err(StartError::Outside)?,
        payments,
        identity: Arc::new(RealIdentity::new(guarded)),
        hub: Hub::default(),
        demo: demo.map(|demo| Arc::new(demo) as Arc<dyn DemoZone>),
    }))
}

/// Reads the installation's key, or makes it: 32 bytes, readable by the owner only.
pub fn secret(path: &Path) -> Result<[u8; 32], StartError> {
    let fail = |what: &dyn std::fmt::Display| StartError::Secret {
        path: path.display().to_string(),
        what: what.to_string(),
    };
    match fs::read(path) {
        Ok(bytes) => <[u8; 32]>::try_from(bytes).map_err(|_| fail(&"does not hold 32 bytes")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut key = [0u8; 32];
            SystemRandom.fill(&mut key);
            if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
                fs::create_dir_all(folder).map_err(|e| fail(&e))?;
            }
            keep(path, &key).map_err(|e| fail(&e))?;
            secret(path)
        }
        Err(error) => Err(fail(&error)),
    }
}

/// Puts the key there whole or not at all: a file cut short by a crash would stop every later start. Whoever starts at
/// the same moment and is first has made the key for both.
fn keep(path: &Path, key: &[u8; 32]) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    write_private(&draft, key)?;
    let kept = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match kept {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let mut file = private_file().create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// How a file is opened for writing that only its owner may read once it is made.
pub fn private_file() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Serves until SIGTERM or SIGINT: then requests are finished, event streams end, and the worker completes its job.
pub async fn serve() -> Result<(), StartError> {
    let config = Arc::new(config()?);
    let db = database(&config).await?;
    if !Migrator::get_pending_migrations_read_only(db.read()).await?.is_empty() {
        return Err(StartError::Stale);
    }
    let listener = TcpListener::bind(config.listen).await?;
    let address = listener.local_addr()?;
    let demo = if config.raw.demo { Some(DemoDns::start().await?) } else { None };
    let kontor = kontor(&config, db, address, demo)?;
    if let Err(error) = kontor::job::service::begin_housekeeping(&kontor).await {
        return Err(StartError::Outside(format!("housekeeping: {}", error.code())));
    }
    if let Err(error) = kontor::subscription::service::begin_billing(&kontor).await {
        return Err(StartError::Outside(format!("billing: {}", error.code())));
    }
    if let Err(error) = kontor::report::service::begin_proofs(&kontor).await {
        return Err(StartError::Outside(format!("proofs: {}", error.code())));
    }
    let (stop, stopping) = watch::channel(false);
    let worker = tokio::spawn(worker::run(kontor.clone(), stopping.clone()));
    tokio::spawn(nodes::run(kontor.clone(), stopping.clone()));
    if let Some(folder) = &config.payment_script {
        let script = payment::scripted(folder, &kontor.url(""), &kontor.secrets, kontor.clock.clone())
            .map_err(StartError::Outside)?;
        let (url, stopping) = (kontor.url("/hooks/scripted"), stopping.clone());
        tokio::spawn(async move {
            if let Err(error) = script.deliver(&url, payment::scripted::PACE, stopping).await {
                tracing::error!(error, "the scripted payment provider tells nothing");
            }
        });
    }
    let router = Host::new(kontor, config, stopping.clone()).router();
    // Rendered pages are many small chunks: without this each waits for the reader's delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "TCP_NODELAY");
        }
    });
    tokio::spawn(async move {
        signalled().await;
        tracing::info!("stopping");
        // Nobody listens any more only if everything has ended already.
        let _ = stop.send(true);
    });
    give_back();
    println!("listening on http://{address}");
    let mut until = stopping.clone();
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            // An error means that the sender is gone: stop as well.
            let _ = until.wait_for(|stop| *stop).await;
        })
        .await?;
    if let Err(error) = worker.await {
        tracing::error!(%error, "worker");
    }
    Ok(())
}

/// Gives the memory that only the start needed back to the system: every page is rendered once to find the routes, and
/// the allocator would keep what that took.
fn give_back() {
    // SAFETY: frees nothing that is in use; may be called at any time, from any thread.
    unsafe { libmimalloc_sys::mi_collect(true) }
}

async fn signalled() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = tokio::signal::ctrl_c() => {}
                }
            }
            Err(error) => {
                tracing::error!(%error, "cannot wait for SIGTERM");
                let _ = tokio::signal::ctrl_c().await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}
