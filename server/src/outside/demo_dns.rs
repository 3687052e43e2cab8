//! The demo's own Internet: a name server for `demo.test` and a web server for the proof files, both on loopback, with
//! records that `/demo/dns` publishes (design.md section 4, Demo). Started with `KONTOR_DEMO` only.

use axum::{Router, extract::State, http::StatusCode, http::header::HOST, routing::get};
use hickory_server::{
    Server,
    net::runtime::Time,
    proto::{
        op::{Metadata, ResponseCode},
        rr::{
            Name, RData, Record, RecordType,
            rdata::{A, CNAME, MX, TXT},
        },
    },
    server::{Request, RequestHandler, ResponseHandler, ResponseInfo},
    zone_handler::MessageResponseBuilder,
};
use kontor::domain::{
    demo::{DEMO_ZONE as ZONE, DemoZone, Kind, Published, Unpublishable},
    judge::FILE_PATH,
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, RwLock},
    time::Duration,
};
use tokio::net::{TcpListener, UdpSocket};

/// Records kept at most.
const MOST: usize = 1000;

/// The running demo Internet.
#[derive(Clone)]
pub struct DemoDns {
    published: Arc<RwLock<Vec<Published>>>,
    dns: SocketAddr,
    web: SocketAddr,
}

impl DemoDns {
    /// Starts both servers on free loopback ports; they run as long as the process.
    pub async fn start() -> std::io::Result<Self> {
        let published = Arc::new(RwLock::new(Vec::new()));
        let (udp, tcp) = sockets().await?;
        let dns = udp.local_addr()?;
        let mut server = Server::new(Zone { published: published.clone() });
        server.register_socket(udp);
        server.register_listener(tcp, Duration::from_secs(5), 4096);
        tokio::spawn(async move {
            if let Err(error) = server.block_until_done().await {
                tracing::error!(%error, "the demo's name server stopped");
            }
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let web = listener.local_addr()?;
        let files = Router::new().route(FILE_PATH, get(file)).with_state(published.clone());
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, files).await {
                tracing::error!(%error, "the demo's web server stopped");
            }
        });
        Ok(Self { published, dns, web })
    }

    /// Where the name server listens, over UDP and TCP: the authority for `demo.test`.
    pub fn dns_addr(&self) -> SocketAddr {
        self.dns
    }

    /// Where the web server listens: to be allowed for the HTML check.
    pub fn web_addr(&self) -> SocketAddr {
        self.web
    }
}

impl DemoZone for DemoDns {
    fn publish(&self, method: Kind, name: &str, value: &str) -> Result<Published, Unpublishable> {
        let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
        let below = name.strip_suffix(ZONE).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if !below || Name::from_ascii(&name).is_err() {
            return Err(Unpublishable::Name);
        }
        let value = value.trim().to_owned();
        let target_ok = match method {
            Kind::Cname => Name::from_ascii(&value).is_ok(),
            Kind::Mx => server(&value).is_some(),
            Kind::Txt | Kind::Html => true,
        };
        if value.is_empty() || value.len() > 1000 || !target_ok {
            return Err(Unpublishable::Value);
        }
        let new = Published { method, name, value };
        let mut published = self.published.write().unwrap_or_else(|e| e.into_inner());
        if matches!(method, Kind::Cname | Kind::Html) {
            published.retain(|p| (p.method, &p.name) != (new.method, &new.name));
        }
        if !published.contains(&new) {
            if published.len() >= MOST {
                return Err(Unpublishable::Full);
            }
            published.push(new.clone());
        }
        Ok(new)
    }

    fn remove(&self, gone: &Published) -> bool {
        let mut published = self.published.write().unwrap_or_else(|e| e.into_inner());
        let before = published.len();
        published.retain(|p| p != gone);
        published.len() < before
    }

    fn list(&self) -> Vec<Published> {
        self.published.read().unwrap_or_else(|e| e.into_inner()).clone()
    }
}

/// UDP and TCP on the same free loopback port.
async fn sockets() -> std::io::Result<(UdpSocket, TcpListener)> {
    let mut last = std::io::Error::other("no port");
    for _ in 0..20 {
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        match TcpListener::bind(udp.local_addr()?).await {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Serves the proof file of the host asked for.
async fn file(
    State(published): State<Arc<RwLock<Vec<Published>>>>,
    headers: axum::http::HeaderMap,
) -> Result<String, StatusCode> {
    let host = headers.get(HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let published = published.read().unwrap_or_else(|e| e.into_inner());
    let file = published.iter().find(|p| p.method == Kind::Html && p.name == host);
    file.map(|p| format!("{}\n", p.value)).ok_or(StatusCode::NOT_FOUND)
}

struct Zone {
    published: Arc<RwLock<Vec<Published>>>,
}

impl Zone {
    /// Every name of the zone exists and lives on loopback; text and aliases are those published.
    fn answers(&self, name: &Name, kind: RecordType) -> Vec<Record> {
        let text = name.to_ascii().trim_end_matches('.').to_ascii_lowercase();
        let published = self.published.read().unwrap_or_else(|e| e.into_inner());
        let own = |method| published.iter().filter(move |p| p.method == method).filter(|p| p.name == text);
        let alias = own(Kind::Cname).find_map(|p| Name::from_ascii(&p.value).ok());
        let data: Vec<RData> = match (alias, kind) {
            (Some(mut target), _) => {
                target.set_fqdn(true);
                vec![RData::CNAME(CNAME(target))]
            }
            (None, RecordType::TXT) => {
                own(Kind::Txt).map(|p| RData::TXT(TXT::new(strings(&p.value)))).collect()
            }
            (None, RecordType::MX) => {
                let servers = own(Kind::Mx).filter_map(|p| server(&p.value));
                servers.map(|(priority, name)| RData::MX(MX::new(priority, name))).collect()
            }
            (None, RecordType::A) => vec![RData::A(A(Ipv4Addr::LOCALHOST))],
            _ => Vec::new(),
        };
        data.into_iter().map(|data| Record::from_rdata(name.clone(), 5, data)).collect()
    }
}

/// A mail server and its priority.
fn server(value: &str) -> Option<(u16, Name)> {
    let (priority, name) = value.split_once(' ')?;
    let mut name = Name::from_ascii(name.trim()).ok()?;
    name.set_fqdn(true);
    Some((priority.parse().ok()?, name))
}

/// A text as the strings of a TXT record: at most 255 bytes each.
fn strings(text: &str) -> Vec<String> {
    let mut strings = vec![String::new()];
    for c in text.chars() {
        if strings.last().is_some_and(|s| s.len() + c.len_utf8() > 255) {
            strings.push(String::new());
        }
        if let Some(last) = strings.last_mut() {
            last.push(c);
        }
    }
    strings
}

#[async_trait::async_trait]
impl RequestHandler for Zone {
    async fn handle_request<R: ResponseHandler, T: Time>(
        &self,
        request: &Request,
        mut respond: R,
    ) -> ResponseInfo {
        let mut metadata = Metadata::response_from_request(&request.metadata);
        let mut answers = Vec::new();
        match request.request_info() {
            Ok(info) => {
                let name = Name::from(info.query.name());
                let text = name.to_ascii().trim_end_matches('.').to_ascii_lowercase();
                if text.strip_suffix(ZONE).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')) {
                    metadata.authoritative = true;
                    answers = self.answers(&name, info.query.query_type());
                } else {
                    metadata.response_code = ResponseCode::Refused;
                }
            }
            Err(_) => metadata.response_code = ResponseCode::FormErr,
        }
        let response =
            MessageResponseBuilder::from_message_request(request).build(metadata, &answers, [], [], []);
        match respond.send_response(response).await {
            Ok(info) => info,
            Err(error) => {
                tracing::debug!(%error, "the demo's name server could not answer");
                hickory_server::proto::op::Header {
                    metadata,
                    counts: hickory_server::proto::op::HeaderCounts::default(),
                }
                .into()
            }
        }
    }
}
