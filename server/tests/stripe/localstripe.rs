//! localstripe, an independent Stripe server, and before it what Stripe documents and localstripe lacks:
//!
//! - `Idempotency-Key`: the first answer again for the same request, 400 for another one with the key. localstripe
//!   ignores the header. Here a write without one is refused, so that none is forgotten.
//! - Checkout in setup mode, over localstripe's own setup intents; [`Shop::enter`] is the reader at Stripe's page.
//! - `description` and `return_url` of an intent, and the filters `customer` and `created` of their list.
//!
//! Differences that stay: refunds beyond the charge are not refused, a refused card's error names no intent, and an intent
//! that requires action names no page. There are no dispute events and none for refunds.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

/// The key that Kontor is configured with.
pub const KEY: &str = "sk_test_12345";

/// Runs the server on the loopback only, and without the pickle it would share with others in the temporary folder.
const RUN: &str = "
import sys
from aiohttp import web
from localstripe import resources, server
resources.Store.dump_to_disk = lambda self: None
web.run_app(server.app, host='127.0.0.1', port=int(sys.argv[1]), print=None)
";

/// What happens to the next write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It is done, and the answer breaks off.
    Answer,
    /// It never arrives, and the connection breaks off.
    Request,
}

#[derive(Default)]
struct Front {
    answers: HashMap<String, (String, Kept)>,
    sessions: HashMap<String, Value>,
    cut: Option<Cut>,
}

type Kept = (StatusCode, Vec<u8>);

/// localstripe's process; ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that was ended by the test already cannot be ended again.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The two of them.
#[derive(Clone)]
pub struct Shop {
    behind: String,
    front: Arc<Mutex<Front>>,
    child: Arc<Mutex<Running>>,
    http: reqwest::Client,
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// As scripts/lib.sh has it.
fn python() -> PathBuf {
    let cache = std::env::var_os("KONTOR_CACHE").map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/kontor");
    cache.unwrap_or_else(home).join("tools/localstripe/bin/python")
}

impl Shop {
    /// Starts both; answers the address to configure as well.
    pub async fn open() -> (Self, String) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let python = python();
        assert!(python.exists(), "localstripe is missing: run `scripts/setup.sh test`");
        let port = free_port();
        let child = Command::new(python)
            .args(["-c", RUN, &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let shop = Shop {
            behind: format!("http://127.0.0.1:{port}"),
            front: Arc::default(),
            child: Arc::new(Mutex::new(Running(child))),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        };
        for _ in 0..600 {
            if shop.http.get(&shop.behind).send().await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(serve).with_state(shop.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (shop, address)
    }

    /// Lets the next write go wrong.
    pub fn cut_next(&self, cut: Cut) {
        self.front.lock().unwrap().cut = Some(cut);
    }

    /// Ends localstripe at once.
    pub fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        child.0.kill().unwrap();
        child.0.wait().unwrap();
    }

    /// The address of localstripe itself.
    pub fn behind(&self) -> String {
        self.behind.clone()
    }

    /// Stops localstripe in the middle of whatever it does, or lets it go on.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let child = self.child.lock().unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_child(&child.0), signal).unwrap();
    }

    /// A request to localstripe itself.
    pub async fn ask(&self, method: Method, path: &str, body: &str) -> Value {
        let (status, bytes) = self.forward(method, path, body.to_owned()).await.unwrap();
        assert!(status.is_success(), "{path}: {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    }

    async fn forward(&self, method: Method, path: &str, body: String) -> Result<Kept, reqwest::Error> {
        let kind =
            if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        let request = self
            .http
            .request(method, format!("{}{path}", self.behind))
            .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
            .header(header::CONTENT_TYPE, kind)
            .body(body);
        let answer = request.send().await?;
        Ok((answer.status(), answer.bytes().await?.to_vec()))
    }

    /// The reader enters a card at the page of a session, as localstripe's test methods or by its number: here alone.
    pub async fn enter(&self, session: &str, method: &str) {
        let session = self.front.lock().unwrap().sessions[session].clone();
        let (intent, customer) =
            (session["setup_intent"].as_str().unwrap(), session["customer"].as_str().unwrap());
        let confirm = format!("/v1/setup_intents/{intent}/confirm");
        let confirmed = self.ask(Method::POST, &confirm, &format!("payment_method={method}")).await;
        let attach = format!("/v1/payment_methods/{}/attach", confirmed["payment_method"].as_str().unwrap());
        self.ask(Method::POST, &attach, &format!("customer={customer}")).await;
    }

    /// Sums of all charges that brought money, in minor units.
    pub async fn charged(&self) -> Vec<i64> {
        let charges = self.ask(Method::GET, "/v1/charges?limit=100", "").await;
        let paid = charges["data"].as_array().unwrap().iter().filter(|c| c["status"] == "succeeded");
        paid.map(|c| c["amount"].as_i64().unwrap()).collect()
    }

    /// Sums of all refunds, in minor units.
    pub async fn refunded(&self) -> Vec<i64> {
        let refunds = self.ask(Method::GET, "/v1/refunds?limit=100", "").await;
        refunds["data"].as_array().unwrap().iter().map(|r| r["amount"].as_i64().unwrap()).collect()
    }

    async fn create_session(&self, fields: HashMap<String, String>) -> Kept {
        let customer = &fields["customer"];
        assert_eq!(fields["mode"], "setup");
        assert!(fields["success_url"].contains("{CHECKOUT_SESSION_ID}"));
        let intent = self.ask(Method::POST, "/v1/setup_intents", &format!("customer={customer}")).await;
        let mut front = self.front.lock().unwrap();
        let id = format!("cs_test_{}", front.sessions.len());
        let session = json!({
            "id": id, "object": "checkout.session", "customer": customer, "setup_intent": intent["id"],
            "client_reference_id": fields["client_reference_id"], "url": format!("https://checkout.test/{id}"),
        });
        front.sessions.insert(id, session.clone());
        (StatusCode::OK, session.to_string().into_bytes())
    }

    async fn session(&self, id: &str) -> Kept {
        let Some(mut session) = self.front.lock().unwrap().sessions.get(id).cloned() else {
            return (StatusCode::NOT_FOUND, b"{}".to_vec());
        };
        let intent = session["setup_intent"].as_str().unwrap();
        let path = format!("/v1/setup_intents/{intent}?expand[]=payment_method");
        let intent = self.ask(Method::GET, &path, "").await;
        session["status"] = json!(if intent["status"] == "succeeded" { "complete" } else { "open" });
        session["setup_intent"] = intent;
        (StatusCode::OK, session.to_string().into_bytes())
    }

    async fn read(&self, path: &str, query: &str) -> Kept {
        if let Some(id) = path.strip_prefix("/v1/checkout/sessions/") {
            return self.session(id).await;
        }
        if path != "/v1/payment_intents" {
            return self.forward(Method::GET, &format!("{path}?{query}"), String::new()).await.unwrap();
        }
        let fields: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let since: i64 = fields["created[gte]"].parse().unwrap();
        let after = fields.get("starting_after").map_or(String::new(), |a| format!("&starting_after={a}"));
        let mut list = self.ask(Method::GET, &format!("{path}?limit={}{after}", fields["limit"]), "").await;
        list["data"].as_array_mut().unwrap().retain(|intent| {
            intent["customer"] == fields["customer"].as_str() && intent["created"].as_i64().unwrap() >= since
        });
        (StatusCode::OK, list.to_string().into_bytes())
    }

    async fn write(&self, path: &str, key: String, body: String) -> Kept {
        let known = self.front.lock().unwrap().answers.get(&key).cloned();
        if let Some((first, answer)) = known {
            let other = br#"{"error":{"type":"idempotency_error"}}"#;
            return if first == format!("{path}?{body}") {
                answer
            } else {
                (StatusCode::BAD_REQUEST, other.to_vec())
            };
        }
        let pairs: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let answer = if path == "/v1/checkout/sessions" {
            self.create_session(pairs.into_iter().collect()).await
        } else {
            let known =
                |name: &str| path != "/v1/payment_intents" || !["description", "return_url"].contains(&name);
            let kept = pairs.into_iter().filter(|(name, _)| known(name));
            let kept = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
            self.forward(Method::POST, path, kept).await.unwrap()
        };
        self.front.lock().unwrap().answers.insert(key, (format!("{path}?{body}"), answer.clone()));
        answer
    }
}

/// An answer that breaks off.
fn broken() -> Response {
    let parts = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut")) });
    Response::new(Body::from_stream(parts))
}

async fn serve(State(shop): State<Shop>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).map(|v| v.to_str().unwrap().to_owned());
    assert_eq!(header("authorization").unwrap(), format!("Bearer {KEY}"));
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let (path, query) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
    let cut = if parts.method == Method::POST { shop.front.lock().unwrap().cut.take() } else { None };
    if cut == Some(Cut::Request) {
        return broken();
    }
    let key = header("idempotency-key");
    // A task of its own: a client that goes away does not stop what was begun.
    let work = tokio::spawn(async move {
        match (parts.method, key) {
            (Method::GET, _) => shop.read(&path, &query).await,
            (_, Some(key)) => shop.write(&path, key, body).await,
            (_, None) => (StatusCode::BAD_REQUEST, b"{}".to_vec()),
        }
    });
    match (work.await, cut) {
        (Ok(answer), None) => answer.into_response(),
        _ => broken(),
    }
}
