//! The list of customers, through the service the pages call.

use crate::{Failure, Times};
use kontor::{
    kernel::{Kontor, actor::Actor, id::OrgId, right::OrgKind},
    mapping::{
        CustomerPage, CustomerQuery, Direction,
        service::{customers, largest_list},
    },
};
use kontor_server::seed::load::{Load, Progress, load};
use serde_json::{Value, json};
use std::time::Instant;

/// Loads an empty database; leaves a loaded one as it is.
pub async fn fill(kontor: &Kontor, customers: u64, partners: u64) -> Result<Value, Failure> {
    if largest_list(kontor).await?.is_some() {
        eprintln!("loaded already");
        return Ok(Value::Null);
    }
    let began = Instant::now();
    let say = |step: Progress| {
        let seconds = began.elapsed().as_secs_f64();
        match step {
            Progress::Customers(done) if done.is_multiple_of(100_000) || done == customers => {
                eprintln!("{done} customers after {seconds:.0} s");
            }
            Progress::Customers(_) => {}
            Progress::History(day) => eprintln!("bought and paid up to {day} after {seconds:.0} s"),
            Progress::Summing => eprintln!("all written after {seconds:.0} s"),
        }
    };
    load(kontor, &Load { customers, partners, password_hash: None }, say).await?;
    let seconds = began.elapsed().as_secs_f64().round();
    eprintln!("ready after {seconds} s");
    Ok(json!({ "load_seconds": seconds }))
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

/// Measures the largest partner's list: first and deep page, searches of every kind.
pub async fn measure(kontor: &Kontor) -> Result<Value, Failure> {
    let (owner, size) = largest_list(kontor).await?.ok_or("nothing is loaded")?;
    let plain = CustomerQuery::default();
    for _ in 0..50 {
        page(kontor, owner, &plain).await?;
    }
    let mut first = Times::default();
    for _ in 0..500 {
        first.0.push(page(kontor, owner, &plain).await?.1);
    }
    let mut result = json!({ "customers": size, "first_page_ms": first.quantile(0.5) });

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
    Ok(result)
}
