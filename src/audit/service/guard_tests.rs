//! The database itself refuses what a trail does not do, whoever asks it and however.

use super::testing::Scene;
use crate::kernel::testing::Bench;
use sea_orm::ConnectionTrait;

/// Whether the database refuses a statement, in its own words.
async fn refused(scene: &Scene<'_>, statement: &str) -> bool {
    let outcome = scene.kontor.db.writer().execute_unprepared(statement).await;
    outcome.err().is_some_and(|error| error.to_string().contains("keeps what it holds"))
}

#[tokio::test]
async fn nothing_of_a_trail_is_changed_or_deleted() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (event, head) = (scene.at(3), scene.at(0).replace(" AND seq = 0", ""));
        let columns = "org_id, seq, at, actor, actor_id, acting_for, action, target, detail, ip, salt, hash";
        let mut statements: Vec<String> = [
            "seq = seq + 1000",
            "at = at + 1, salt = 'x'",
            "action = 'x', salt = 'x'",
            "acting_for = org_id, salt = 'x'",
            "hash = 'x', salt = 'x'",
            "actor = 'x', salt = 'x'",
            "actor_id = org_id, salt = 'x'",
            "target = 'x', salt = 'x'",
            "detail = 'x', salt = 'x'",
            "ip = 'x', salt = 'x'",
            // Erased without a trace.
            "actor = ''",
        ]
        .map(|set| format!("UPDATE audit_event SET {set} WHERE {event}"))
        .to_vec();
        statements.extend(
            ["seq = seq - 1", "hash = 'x'", "cut_hash = 'x'", "cut_seq = seq + 1", "cut_seq = -1"]
                .map(|set| format!("UPDATE audit_head SET {set} WHERE {head}")),
        );
        statements.extend([
            format!("DELETE FROM audit_event WHERE {event}"),
            "DELETE FROM audit_event".to_owned(),
            "DELETE FROM audit_head".to_owned(),
        ]);
        match scene.kontor.db.is_postgres() {
            true => statements.extend(["TRUNCATE audit_event", "TRUNCATE audit_head"].map(str::to_owned)),
            false => statements.push(format!(
                "INSERT OR REPLACE INTO audit_event ({columns}) SELECT {} FROM audit_event WHERE {event}",
                columns.replace("target", "'x'")
            )),
        }
        let before = super::verify(scene.kontor, scene.org).await.unwrap();
        for statement in statements {
            assert!(refused(&scene, &statement).await, "{}: {statement}", bench.name);
        }
        let after = super::verify(scene.kontor, scene.org).await.unwrap();
        assert!(after.is_whole() && after == before, "{}: {after:?}", bench.name);
    }
}
