//! The audit trail: one event in a transaction of its own, and the proof of a million of them.

use crate::{Failure, Times};
use kontor::{
    audit::service::{Event, append, append_all, verify, verify_all},
    kernel::{Kontor, actor::Actor, id::OrgId, right::OrgKind},
};
use serde_json::{Value, json};
use std::time::Instant;

/// Events of a database that is proved.
const EVENTS: u128 = 1_000_000;

/// Chains besides the long one, which has half of all events.
const CHAINS: u128 = 1_000;

/// Events written one by one, every other one into the long chain.
const APPENDS: u128 = 2_000;

/// Organisation number `n` of this bench: the same in every run.
fn org(n: u128) -> OrgId {
    OrgId(uuid::Uuid::from_u128(n + 1))
}

/// The organisation event number `n` belongs to.
fn of(n: u128) -> OrgId {
    org(if n.is_multiple_of(2) { 0 } else { 1 + n / 2 % CHAINS })
}

fn event(n: u128) -> Event {
    let facts =
        json!({ "from": "2026-03-01", "until": "2026-03-16", "seats": [10, 12], "number": n.to_string() });
    Event::new("subscription.changed", format!("Kunde {n} GmbH")).with(facts)
}

/// Fills a database that has no events of this bench yet, and measures.
pub async fn measure(kontor: &Kontor) -> Result<Value, Failure> {
    let actor = Actor::system(org(0), OrgKind::Vendor, "bench");
    if verify(kontor, org(CHAINS)).await?.events == 0 {
        for from in (0..EVENTS).step_by(2_000) {
            let events = (from..from + 2_000).map(|n| (of(n), &actor, event(n))).collect();
            let tx = kontor.db.begin().await?;
            append_all(kontor, &tx, events).await?;
            tx.commit().await?;
        }
    }
    let mut times = Times::default();
    for n in 0..APPENDS {
        let began = Instant::now();
        let tx = kontor.db.begin().await?;
        append(kontor, &tx, of(n), &actor, event(n)).await?;
        tx.commit().await?;
        times.0.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    let began = Instant::now();
    let all = verify_all(kontor, |_| {}).await?;
    let seconds = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let long = verify(kontor, org(0)).await?;
    let long_seconds = began.elapsed().as_secs_f64();
    if all.broken > 0 || !long.is_whole() {
        return Err("a chain is not whole".into());
    }
    let a_million = 1_000_000.0 / all.events as f64;
    Ok(json!({
        "append_p50_ms": times.quantile(0.5),
        "append_p99_ms": times.quantile(0.99),
        "events": all.events,
        "verify_million_s": (seconds * a_million * 100.0).round() / 100.0,
        "long_chain": long.events,
        "long_chain_s": (long_seconds * 100.0).round() / 100.0,
    }))
}
