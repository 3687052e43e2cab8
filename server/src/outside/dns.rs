//! DNS (domain.md section 5, R5.2): the domain's own name servers first, then the configured resolver.

use super::{
    address::is_public,
    ask::{MAX_CHAIN, Reply, addresses, ask, texts},
};
use futures::future::join_all;
use hickory_resolver::{
    proto::rr::{Name, RData, RecordType},
    system_conf::read_system_conf,
};
use kontor::kernel::port::{DnsAnswer, DnsOutcome, DnsPort, RecordKind};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::Mutex,
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// The whole look-up takes no longer.
const LOOK_UP: Duration = Duration::from_secs(5);
/// Of which finding the name servers takes no longer.
const FINDING: Duration = Duration::from_millis(2500);
/// How long the resolver is waited for once the domain's own servers have answered: it can only add a hint.
const HINT: Duration = Duration::from_millis(500);
/// How long found name servers are remembered. Their answers never are: a check sees what is there now.
const REMEMBER: Duration = Duration::from_secs(60);
/// Name servers asked, and remembered names at most.
const MOST_SERVERS: usize = 4;
const MOST_REMEMBERED: usize = 10_000;

/// The server in charge of all names under a suffix (`KONTOR_DNS_ZONES`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// The suffix, lower case, without dots around it.
    pub suffix: String,
    /// Its server; may be private.
    pub server: SocketAddr,
}

impl Zone {
    /// Whether a name, lower case and without the last dot, lies in the zone.
    pub fn holds(&self, name: &str) -> bool {
        name.strip_suffix(&self.suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// A name server of a domain.
#[derive(Debug, Clone)]
struct Server {
    label: String,
    address: SocketAddr,
}

/// What is known of a host's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addresses {
    /// These, at least one.
    Found(Vec<IpAddr>),
    /// There is no such host.
    NoHost,
    /// Nobody answered in time.
    Timeout,
}

/// DNS over the network.
pub struct RealDns {
    resolvers: Vec<SocketAddr>,
    zones: Vec<Zone>,
    found: Mutex<HashMap<Name, (Instant, Vec<Server>)>>,
}

impl RealDns {
    /// With these resolvers, or the system's if there are none, and these zones; of two with one suffix the first.
    pub fn new(servers: Vec<SocketAddr>, zones: Vec<Zone>) -> Self {
        let resolvers = if servers.is_empty() { system_resolvers() } else { servers };
        Self { resolvers, zones, found: Mutex::default() }
    }

    /// The addresses of a host: of its zone's server if a zone is named for it, else the resolver's.
    pub async fn addresses(&self, host: &str) -> Addresses {
        let deadline = Instant::now() + LOOK_UP;
        let Some(name) = parse(host) else { return Addresses::NoHost };
        let (v4, v6) = tokio::join!(
            self.resolve(&name, RecordType::A, deadline),
            self.resolve(&name, RecordType::AAAA, deadline)
        );
        let all: Vec<IpAddr> = [&v4, &v6]
            .into_iter()
            .flat_map(|reply| if let Reply::Records(r) = reply { addresses(r) } else { Vec::new() })
            .collect();
        match (all.is_empty(), v4) {
            (false, _) => Addresses::Found(all),
            (true, Reply::Timeout) => Addresses::Timeout,
            (true, _) => Addresses::NoHost,
        }
    }

    /// Asks the zone's server or the resolvers, following aliases.
    async fn resolve(&self, name: &Name, kind: RecordType, deadline: Instant) -> Reply {
        let mut name = name.clone();
        for _ in 0..=MAX_CHAIN {
            let reply = match self.zone_of(&name) {
                Some(zone) => ask(zone.server, &name, kind, false, deadline).await,
                None => self.ask_resolvers(&name, kind, deadline).await,
            };
            match reply {
                Reply::Alias(target) => name = target,
                other => return other,
            }
        }
        Reply::Failed
    }

    /// The first resolver that answers; a dead one leaves the next its share of the time.
    async fn ask_resolvers(&self, name: &Name, kind: RecordType, deadline: Instant) -> Reply {
        let mut last = Reply::Timeout;
        for (i, server) in self.resolvers.iter().take(3).enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            let share = left / (self.resolvers.len().min(3) - i) as u32;
            last = ask(*server, name, kind, true, Instant::now() + share).await;
            if !matches!(last, Reply::Timeout | Reply::Failed) {
                break;
            }
        }
        last
    }

    fn zone_of(&self, name: &Name) -> Option<&Zone> {
        let name = name.to_ascii().trim_end_matches('.').to_ascii_lowercase();
        self.zones.iter().rev().filter(|zone| zone.holds(&name)).max_by_key(|z| z.suffix.len())
    }

    /// The name servers in charge of a name.
    async fn authority(&self, name: &Name, deadline: Instant) -> Vec<Server> {
        if let Some(zone) = self.zone_of(name) {
            return vec![Server { label: zone.server.to_string(), address: zone.server }];
        }
        if let Some(known) = self.remembered(name) {
            return known;
        }
        let mut candidate = name.clone();
        // Never the servers of a top-level domain: they only refer to others.
        while candidate.num_labels() >= 2 {
            match self.ask_resolvers(&candidate, RecordType::NS, deadline).await {
                Reply::Records(records) => {
                    let servers = self.servers(&records, deadline).await;
                    self.remember(name, &servers);
                    return servers;
                }
                Reply::Timeout | Reply::Failed => break,
                _ => candidate = candidate.base_name(),
            }
        }
        Vec::new()
    }

    /// The addresses of name servers, private ones left out.
    async fn servers(&self, records: &[RData], deadline: Instant) -> Vec<Server> {
        let names = records.iter().filter_map(|r| if let RData::NS(ns) = r { Some(&ns.0) } else { None });
        let found = join_all(names.take(MOST_SERVERS).map(|ns| async move {
            let mut ips = Vec::new();
            for kind in [RecordType::A, RecordType::AAAA] {
                if let Reply::Records(records) = self.ask_resolvers(ns, kind, deadline).await {
                    ips = addresses(&records);
                }
                ips.retain(|ip| is_public(*ip));
                if !ips.is_empty() {
                    break;
                }
            }
            let label = |ip: IpAddr| format!("{} ({ip})", ns.to_ascii().trim_end_matches('.'));
            ips.first().map(|ip| Server { label: label(*ip), address: SocketAddr::new(*ip, 53) })
        }));
        found.await.into_iter().flatten().collect()
    }

    fn remembered(&self, name: &Name) -> Option<Vec<Server>> {
        let found = self.found.lock().unwrap_or_else(|e| e.into_inner());
        found.get(name).filter(|(at, _)| at.elapsed() < REMEMBER).map(|(_, servers)| servers.clone())
    }

    fn remember(&self, name: &Name, servers: &[Server]) {
        let mut found = self.found.lock().unwrap_or_else(|e| e.into_inner());
        if found.len() >= MOST_REMEMBERED {
            found.retain(|_, (at, _)| at.elapsed() < REMEMBER);
        }
        if found.len() < MOST_REMEMBERED && !servers.is_empty() {
            found.insert(name.clone(), (Instant::now(), servers.to_vec()));
        }
    }

    /// The answers of the servers in charge, aliases followed from authority to authority.
    async fn ask_authority(&self, name: &Name, kind: RecordType, start: Instant) -> Vec<DnsAnswer> {
        let deadline = start + LOOK_UP;
        let mut name = name.clone();
        for _ in 0..=MAX_CHAIN {
            let finding = (start + FINDING).max(Instant::now() + FINDING / 5).min(deadline);
            let Ok(servers) = timeout_at(finding, self.authority(&name, finding)).await else {
                return Vec::new();
            };
            let replies =
                join_all(servers.iter().map(|s| ask(s.address, &name, kind, false, deadline))).await;
            let alias =
                replies.iter().find_map(|r| if let Reply::Alias(to) = r { Some(to.clone()) } else { None });
            match alias {
                Some(target) => name = target,
                None => {
                    let answer = |(server, reply): (&Server, Reply)| DnsAnswer {
                        server: server.label.clone(),
                        authoritative: true,
                        outcome: outcome(reply),
                    };
                    return servers.iter().zip(replies).map(answer).collect();
                }
            }
        }
        let server = name.to_ascii().trim_end_matches('.').to_owned();
        vec![DnsAnswer { server, authoritative: true, outcome: DnsOutcome::ServFail }]
    }
}

#[async_trait::async_trait]
impl DnsPort for RealDns {
    async fn look_up(&self, name: &str, kind: RecordKind) -> Vec<DnsAnswer> {
        let start = Instant::now();
        let Some(name) = parse(name) else {
            return vec![DnsAnswer {
                server: String::new(),
                authoritative: true,
                outcome: DnsOutcome::NxDomain,
            }];
        };
        let kind = match kind {
            RecordKind::Txt => RecordType::TXT,
            RecordKind::Cname => RecordType::CNAME,
            RecordKind::Mx => RecordType::MX,
        };
        if self.zone_of(&name).is_some() {
            // The configuration names who knows this zone: nobody else is asked.
            return self.ask_authority(&name, kind, start).await;
        }
        let authority = self.ask_authority(&name, kind, start);
        let resolver = self.ask_resolvers(&name, kind, start + LOOK_UP);
        tokio::pin!(authority, resolver);
        let mut second = None;
        let mut answers = loop {
            tokio::select! {
                answers = &mut authority => break answers,
                reply = &mut resolver, if second.is_none() => second = Some(reply),
            }
        };
        if second.is_none() {
            let answered = |a: &DnsAnswer| !matches!(a.outcome, DnsOutcome::Timeout | DnsOutcome::ServFail);
            let until = if answers.iter().any(answered) { Instant::now() + HINT } else { start + LOOK_UP };
            second = timeout_at(until, &mut resolver).await.ok();
        }
        answers.extend(second.map(|reply| DnsAnswer {
            server: "resolver".into(),
            authoritative: false,
            outcome: outcome(reply),
        }));
        answers
    }

    async fn resolves(&self, host: &str) -> bool {
        matches!(self.addresses(host).await, Addresses::Found(_))
    }
}

fn outcome(reply: Reply) -> DnsOutcome {
    match reply {
        Reply::Records(records) => DnsOutcome::Records(texts(&records)),
        Reply::NoRecords | Reply::Alias(_) => DnsOutcome::NoRecords,
        Reply::NxDomain => DnsOutcome::NxDomain,
        Reply::Failed => DnsOutcome::ServFail,
        Reply::Timeout => DnsOutcome::Timeout,
    }
}

/// A name of at most 253 characters, absolute.
fn parse(name: &str) -> Option<Name> {
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    Some(name)
}

fn system_resolvers() -> Vec<SocketAddr> {
    let config = match read_system_conf() {
        Ok((config, _)) => config,
        Err(error) => {
            tracing::warn!(%error, "the system names no DNS servers; set KONTOR_DNS_SERVERS");
            return Vec::new();
        }
    };
    let servers = config.name_servers().iter();
    servers.map(|s| SocketAddr::new(s.ip, s.connections.first().map_or(53, |c| c.port))).collect()
}
