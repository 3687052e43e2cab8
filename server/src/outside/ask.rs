//! One question to one name server, over UDP and, if the answer does not fit, over TCP.

use hickory_resolver::{
    net::{
        NetError,
        runtime::TokioRuntimeProvider,
        tcp::TcpClientStream,
        udp::UdpClientStream,
        xfer::{DnsExchange, DnsHandle, FirstAnswer},
    },
    proto::{
        op::{DnsRequestOptions, DnsResponse, Query, ResponseCode},
        rr::{Name, RData, RecordType},
    },
};
use std::net::{IpAddr, SocketAddr};
use tokio::time::{Instant, timeout_at};

/// Longest chain of CNAME records followed (domain.md section 5, R5.2).
pub const MAX_CHAIN: usize = 5;

/// What one server says about a name, CNAME records within its answer already followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Records of the kind asked for.
    Records(Vec<RData>),
    /// The name is an alias of this one, about which the server says nothing.
    Alias(Name),
    /// The name exists, without such records.
    NoRecords,
    /// No such name.
    NxDomain,
    /// The server fails, refuses, or is not in charge.
    Failed,
    /// No answer in time.
    Timeout,
}

/// Asks. `recursive` says whether the server is a resolver rather than one of the zone's own. Never fails and never
/// takes longer than to the deadline.
pub async fn ask(
    server: SocketAddr,
    name: &Name,
    kind: RecordType,
    recursive: bool,
    deadline: Instant,
) -> Reply {
    match timeout_at(deadline, exchange(server, name, kind, recursive, deadline)).await {
        Ok(Ok(response)) => read(&response, name, kind, recursive),
        Ok(Err(NetError::Timeout | NetError::Io(_) | NetError::NoConnections)) | Err(_) => Reply::Timeout,
        Ok(Err(error)) => {
            tracing::debug!(%server, %name, %error, "a name server's answer makes no sense");
            Reply::Failed
        }
    }
}

async fn exchange(
    server: SocketAddr,
    name: &Name,
    kind: RecordType,
    recursive: bool,
    deadline: Instant,
) -> Result<DnsResponse, NetError> {
    let left = deadline.saturating_duration_since(Instant::now());
    let provider = TokioRuntimeProvider::default();
    let udp = UdpClientStream::builder(server, provider.clone()).with_timeout(Some(left)).exchange();
    let response = send(&udp, name, kind, recursive).await?;
    if !response.metadata.truncation {
        return Ok(response);
    }
    let tcp = TcpClientStream::exchange(server, None, left, None, provider).await?;
    send(&tcp, name, kind, recursive).await
}

async fn send(
    exchange: &DnsExchange<TokioRuntimeProvider>,
    name: &Name,
    kind: RecordType,
    recursive: bool,
) -> Result<DnsResponse, NetError> {
    let mut options = DnsRequestOptions::default();
    options.recursion_desired = recursive;
    exchange.lookup(Query::query(name.clone(), kind), options).first_answer().await
}

fn read(response: &DnsResponse, name: &Name, kind: RecordType, recursive: bool) -> Reply {
    let known = match response.metadata.response_code {
        ResponseCode::NoError => true,
        ResponseCode::NXDomain => false,
        _ => return Reply::Failed,
    };
    let mut current = name.clone();
    for _ in 0..=MAX_CHAIN {
        let own = || response.answers.iter().filter(|r| r.name == current);
        let records: Vec<RData> = own().filter(|r| r.record_type() == kind).map(|r| r.data.clone()).collect();
        if !records.is_empty() {
            return Reply::Records(records);
        }
        let Some(RData::CNAME(target)) = own().map(|r| &r.data).find(|d| matches!(d, RData::CNAME(_))) else {
            break;
        };
        current = target.0.clone();
    }
    if current != *name {
        // An alias that leads out of this server's zones, or in a circle: whoever asked goes on from there.
        return if known && !recursive { Reply::Alias(current) } else { Reply::NoRecords };
    }
    match known {
        false => Reply::NxDomain,
        // A referral: the server is not in charge of the name.
        true if !recursive && !response.metadata.authoritative => Reply::Failed,
        true => Reply::NoRecords,
    }
}

/// The addresses among records.
pub fn addresses(records: &[RData]) -> Vec<IpAddr> {
    let ip = |data: &RData| match data {
        RData::A(a) => Some(IpAddr::V4(a.0)),
        RData::AAAA(aaaa) => Some(IpAddr::V6(aaaa.0)),
        _ => None,
    };
    records.iter().filter_map(ip).collect()
}

/// A name without the last dot.
fn bare(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_owned()
}

/// Records as the domain's rules read them: TXT strings joined, CNAME targets without the last dot, MX servers behind their
/// priority.
pub fn texts(records: &[RData]) -> Vec<String> {
    let text = |data: &RData| match data {
        RData::TXT(txt) => Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned()),
        RData::CNAME(target) => Some(bare(&target.0)),
        RData::MX(mx) => Some(format!("{} {}", mx.preference, bare(&mx.exchange))),
        _ => None,
    };
    records.iter().filter_map(text).collect()
}
