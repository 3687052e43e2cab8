//! For whoever watches over the program.

use super::Host;
use axum::{extract::State, http::StatusCode};
use kontor::migration::Migrator;
use sea_orm_migration::MigratorTrait;

/// `GET /healthz`: alive.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers and its schema is this program's.
pub async fn ready(State(host): State<Host>) -> (StatusCode, &'static str) {
    if *host.stopping.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match Migrator::get_pending_migrations_read_only(host.kontor.db.read()).await {
        Ok(pending) if pending.is_empty() => (StatusCode::OK, "ready\n"),
        Ok(_) => (StatusCode::SERVICE_UNAVAILABLE, "schema is stale\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n")
        }
    }
}
