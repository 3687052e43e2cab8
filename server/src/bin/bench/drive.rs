//! One page over and over.

use crate::{
    Failure, Times,
    http::{Address, Connection},
};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Asks for `url` from so many connections. With a rate every request has its time, and its latency counts from then:
/// a server that stalls is not spared the requests that would have come meanwhile.
pub async fn run(
    url: &str,
    cookie: &str,
    connections: u32,
    seconds: u64,
    rate: Option<f64>,
) -> Result<Value, Failure> {
    let address = Address::new(url)?;
    let request: Arc<[u8]> = address.get(&address.path, cookie).into();
    let begin = Instant::now() + Duration::from_millis(50);
    let end = begin + Duration::from_secs(seconds);
    let mut tasks = Vec::new();
    for number in 0..connections {
        let (request, host) = (request.clone(), address.host.clone());
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::open(&host).await?;
            let mut times = Vec::new();
            let gap = rate.map(|r| Duration::from_secs_f64(f64::from(connections) / r));
            let mut due = begin + gap.unwrap_or_default().mul_f64(f64::from(number) / f64::from(connections));
            loop {
                match gap {
                    Some(gap) => {
                        tokio::time::sleep_until(due.into()).await;
                        if due >= end {
                            break;
                        }
                        exchange(&mut connection, &request).await?;
                        times.push(due.elapsed().as_secs_f64() * 1000.0);
                        due += gap;
                    }
                    None => {
                        let from = Instant::now();
                        if from >= end {
                            break;
                        }
                        exchange(&mut connection, &request).await?;
                        times.push(from.elapsed().as_secs_f64() * 1000.0);
                    }
                }
            }
            Ok::<_, Failure>(times)
        }));
    }
    let mut all = Times::default();
    for task in tasks {
        all.0.extend(task.await??);
    }
    Ok(json!({
        "rps": (all.0.len() as f64 / seconds as f64).round(),
        "p50_ms": all.quantile(0.5),
        "p99_ms": all.quantile(0.99),
    }))
}

async fn exchange(connection: &mut Connection, request: &[u8]) -> Result<(), Failure> {
    match connection.send(request).await?.status {
        200 => Ok(()),
        other => Err(format!("the page answers {other}").into()),
    }
}
