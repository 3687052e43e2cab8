//! Several nodes on one PostgreSQL: what one tells, the open pages of the others hear, through LISTEN and NOTIFY.
//! <https://www.postgresql.org/docs/15/sql-notify.html>

use kontor::kernel::{Kontor, hub::Change};
use sea_orm::{
    ConnectionTrait, Statement,
    sqlx::{
        self,
        postgres::{PgListener, PgPoolOptions},
    },
};
use std::time::Duration;
use tokio::sync::{broadcast::error::RecvError, watch};

const CHANNEL: &str = "kontor_change";

/// How long to wait before the database is asked again for a connection.
const PAUSE: Duration = Duration::from_secs(2);

/// Passes changes between the nodes until told to stop. SQLite has one node, and nothing to pass.
pub async fn run(kontor: Kontor, mut stopping: watch::Receiver<bool>) {
    if !kontor.db.is_postgres() {
        return;
    }
    // Nodes hear themselves too, and must know it.
    let node = kontor.token();
    tokio::select! {
        () = tell(&kontor, &node) => {}
        () = hear(&kontor, &node) => {}
        _ = stopping.wait_for(|stop| *stop) => {}
    }
}

async fn tell(kontor: &Kontor, node: &str) {
    let mut changes = kontor.hub.outward();
    loop {
        let change = match changes.recv().await {
            Ok(change) => change,
            Err(RecvError::Lagged(_)) => Change::anything(),
            Err(RecvError::Closed) => return,
        };
        let values = [CHANNEL.into(), packed(node, &change).into()];
        let notify = Statement::from_sql_and_values(kontor.db.backend(), "SELECT pg_notify($1, $2)", values);
        if let Err(error) = kontor.db.writer().execute_raw(notify).await {
            tracing::warn!(%error, "cannot tell the other nodes");
        }
    }
}

async fn hear(kontor: &Kontor, node: &str) {
    loop {
        if let Err(error) = listen(kontor, node).await {
            tracing::warn!(%error, "cannot hear the other nodes");
        }
        tokio::time::sleep(PAUSE).await;
        // What was told meanwhile is lost.
        kontor.hub.hear(Change::anything());
    }
}

async fn listen(kontor: &Kontor, node: &str) -> Result<(), sqlx::Error> {
    // A connection of its own, because it keeps it.
    let options = kontor.db.writer().get_postgres_connection_pool().connect_options();
    let pool = PgPoolOptions::new().max_connections(1).connect_with((*options).clone()).await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    while let Some(notice) = listener.try_recv().await? {
        if let Some(change) = unpacked(node, notice.payload()) {
            kontor.hub.hear(change);
        }
    }
    Ok(())
}

fn packed(node: &str, change: &Change) -> String {
    let org = change.org.map_or_else(String::new, |org| org.to_string());
    format!("{node} {org} {}", change.what)
}

/// What another node told; None for this node's own words and for what no node says.
fn unpacked(node: &str, payload: &str) -> Option<Change> {
    let mut parts = payload.splitn(3, ' ');
    let (from, org, what) = (parts.next()?, parts.next()?, parts.next()?);
    let known = !what.is_empty() && what.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if from == node || !known {
        return None;
    }
    let org = if org.is_empty() { None } else { Some(org.parse().ok()?) };
    Some(Change { org, what: what.to_owned().into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kontor::kernel::testing::Bench;

    #[test]
    fn another_nodes_words_are_read_and_nothing_else() {
        let org = "org_00000000000000000000000000".parse().unwrap();
        let change = Change { org: Some(org), what: "domain".into() };
        assert_eq!(unpacked("b", &packed("a", &change)), Some(change.clone()));
        assert_eq!(unpacked("a", &packed("a", &change)), None);
        assert_eq!(unpacked("b", &packed("a", &Change::anything())), Some(Change::anything()));
        for other in ["", "a", "a b", "a b c", "a  ", "a  data: x\n", "a org_0 domain"] {
            assert_eq!(unpacked("b", other), None, "{other:?}");
        }
    }

    #[tokio::test]
    async fn nodes_hear_each_other_and_again_after_their_connections_broke() {
        for bench in Bench::all().await.into_iter().filter(|bench| bench.kontor.db.is_postgres()) {
            let here = &bench.kontor;
            let there = bench.with_mail(bench.outside.clone());
            let (_stop, stopping) = watch::channel(false);
            for kontor in [here, &there] {
                tokio::spawn(run(kontor.clone(), stopping.clone()));
            }
            let org = "org_00000000000000000000000000".parse().unwrap();
            for breaks in 0..2 {
                let mut heard = there.hub.listen();
                // Until the other listens: nobody waits for a node that starts.
                let news = async {
                    loop {
                        here.hub.tell(org, "domain");
                        let wait = tokio::time::timeout(Duration::from_millis(200), heard.recv()).await;
                        match wait {
                            Ok(Ok(change)) if change.org.is_some() => return change,
                            _ => continue,
                        }
                    }
                };
                let change = tokio::time::timeout(Duration::from_secs(20), news).await.unwrap();
                assert_eq!(change, Change { org: Some(org), what: "domain".into() }, "after {breaks} breaks");
                let mut own = here.hub.listen();
                here.hub.tell(org, "user");
                assert_eq!(own.recv().await.unwrap().what, "user");
                let echo = tokio::time::timeout(Duration::from_millis(300), own.recv()).await;
                assert!(echo.is_err(), "a node heard itself: {echo:?}");
                let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'";
                here.db.writer().execute_unprepared(end).await.unwrap();
            }
        }
    }
}
