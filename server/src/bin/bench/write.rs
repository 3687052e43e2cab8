//! Trials extended and customers added, from 16 connections at once.

use crate::{
    Failure, Times,
    http::{Address, Connection},
};
use kontor::{
    kernel::{Kontor, actor::Actor, right::OrgKind},
    mapping::{
        CustomerQuery, CustomerStatus, Direction, Offer,
        service::{customers, largest_list},
    },
    subscription::trial::request_key,
};
use serde_json::{Value, json};
use std::time::Instant;

/// Writes of each kind.
const WRITES: usize = 800;
/// At once.
const CONNECTIONS: usize = 16;

/// Runs both kinds one after the other.
pub async fn run(kontor: &Kontor, url: &str, cookie: &str) -> Result<Value, Failure> {
    let (partner, _) = largest_list(kontor).await?.ok_or("nothing is loaded")?;
    let actor = Actor::system(partner, OrgKind::Partner, "bench");
    let mut extends = Vec::new();
    let mut query = CustomerQuery { status: Some(CustomerStatus::Trial), ..CustomerQuery::default() };
    while extends.len() < WRITES {
        let page = customers(kontor, &actor, &query).await?;
        for card in page.cards.iter().filter(|c| c.extend == Offer::Open) {
            let Some(end) = card.trial_ends_on else { continue };
            extends.push(format!("org={partner}&customer={}&request_key={}", card.org, request_key(end)));
        }
        let Some(next) = page.next else { break };
        query = query.at(Direction::After, next);
    }
    extends.truncate(WRITES);
    // Domains unlike those of earlier runs.
    let run = kontor.token().to_lowercase().replace(['_', '-'], "x");
    let adds = (0..WRITES).map(|n| {
        let name = format!("{}-{n}", &run[..12]);
        format!(
            "org={partner}&step=review&organisation=Messung+{n}&domain={name}.test&admin_first_name=Ada\
             &admin_last_name=Test&admin_email=ada%40{name}.test&contact_email=ada%40post.test&country=DE\
             &plan=free&seats=&term=none&request_key={name}"
        )
    });
    let address = Address::new(url)?;
    let extend = many(&address, "/api/admin/extend_trial", cookie, extends).await?;
    let add = many(&address, "/api/admin/add_organisation", cookie, adds.collect()).await?;
    Ok(json!({ "extend_trial": extend, "add_customer": add }))
}

async fn many(address: &Address, path: &str, cookie: &str, bodies: Vec<String>) -> Result<Value, Failure> {
    let count = bodies.len();
    let mut lanes: Vec<Vec<Vec<u8>>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
    for (n, body) in bodies.iter().enumerate() {
        lanes[n % CONNECTIONS].push(address.post(path, cookie, body));
    }
    let began = Instant::now();
    let mut tasks = Vec::new();
    for lane in lanes {
        let host = address.host.clone();
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::open(&host).await?;
            let mut times = Vec::new();
            for request in lane {
                let from = Instant::now();
                let answer = connection.send(&request).await?;
                if answer.status >= 400 {
                    let text = String::from_utf8_lossy(&answer.body).into_owned();
                    return Err::<Vec<f64>, Failure>(format!("{}: {text}", answer.status).into());
                }
                times.push(from.elapsed().as_secs_f64() * 1000.0);
            }
            Ok(times)
        }));
    }
    let mut all = Times::default();
    for task in tasks {
        all.0.extend(task.await??);
    }
    Ok(json!({
        "writes": count,
        "per_second": (count as f64 / began.elapsed().as_secs_f64()).round(),
        "p50_ms": all.quantile(0.5),
        "p99_ms": all.quantile(0.99),
    }))
}
