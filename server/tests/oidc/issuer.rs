//! A provider of single sign-on that says what a test tells it to: a correct one would not.

use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use kontor::kernel::{Kontor, clock::Random as _, clock::SystemRandom};
use ring::{
    rand::SystemRandom as RingRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// What Kontor is known as here.
pub const CLIENT: &str = "kontor";

/// How a token is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// As it should be.
    Rightly,
    /// Not at all: `alg` is `none`.
    Not,
    /// With the public key as a shared secret: `alg` is `HS256`.
    WithPublicKey,
    /// With another key, under the name of the right one.
    ByAnother,
}

struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(id: &str) -> Self {
        let random = RingRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random).unwrap();
        Self { id: id.into(), pair }
    }
    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let (x, y) = (BASE64URL_NOPAD.encode(&point[1..33]), BASE64URL_NOPAD.encode(&point[33..65]));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, "x": x, "y": y })
    }
}

/// What was asked for with a code.
#[derive(Clone)]
struct Asked {
    nonce: String,
    challenge: String,
    claims: Value,
}

pub struct Script {
    key: Key,
    other: Key,
    codes: HashMap<String, Asked>,
    /// How the next ID tokens are signed.
    pub signed: Signed,
    /// Claims that are said instead of the right ones; null takes one out.
    pub twist: Value,
    /// Said instead of a new ID token.
    pub again: Option<String>,
    /// The last ID token said.
    pub last: String,
    /// Answers name their issuer.
    pub names_itself: bool,
    /// Answers nothing but errors.
    pub down: bool,
    /// How often the keys were asked for.
    pub keys_asked: u32,
}

/// The provider.
#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    kontor: Kontor,
    script: Arc<Mutex<Script>>,
}

impl Issuer {
    /// Starts it at an address that is listened at already.
    pub fn start(listener: tokio::net::TcpListener, kontor: Kontor) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Script {
            key: Key::new("first"),
            other: Key::new("first"),
            codes: HashMap::new(),
            signed: Signed::Rightly,
            twist: json!({}),
            again: None,
            last: String::new(),
            names_itself: false,
            down: false,
            keys_asked: 0,
        };
        let issuer = Self { url, kontor, script: Arc::new(Mutex::new(script)) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(exchange))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    /// Tells it what to do.
    pub fn tell<T>(&self, what: impl FnOnce(&mut Script) -> T) -> T {
        what(&mut self.script.lock().unwrap())
    }

    /// It signs with another key from now on.
    pub fn rotate(&self) {
        self.tell(|s| s.key = Key::new("second"));
    }

    /// The person signs in there: the code that goes back.
    pub fn sign_in(&self, asked: &HashMap<String, String>, claims: Value) -> String {
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["client_id"], CLIENT);
        let code = kontor::kernel::secret::token(&SystemRandom);
        let asked =
            Asked { nonce: asked["nonce"].clone(), challenge: asked["code_challenge"].clone(), claims };
        self.tell(|s| s.codes.insert(code.clone(), asked));
        code
    }

    /// A token of these claims.
    pub fn token(&self, kind: &str, claims: &Value, signed: Signed) -> String {
        let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        self.tell(|s| {
            let algorithm = match signed {
                Signed::Rightly | Signed::ByAnother => "ES256",
                Signed::Not => "none",
                Signed::WithPublicKey => "HS256",
            };
            let head = encode(&json!({ "alg": algorithm, "kid": s.key.id, "typ": kind }));
            let text = format!("{head}.{}", encode(claims));
            let sign =
                |key: &Key| key.pair.sign(&RingRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec();
            let signature = match signed {
                Signed::Rightly => sign(&s.key),
                Signed::ByAnother => sign(&s.other),
                Signed::Not => Vec::new(),
                Signed::WithPublicKey => {
                    let public = s.key.pair.public_key().as_ref();
                    let mut mac = Hmac::<Sha256>::new_from_slice(public).unwrap();
                    mac.update(text.as_bytes());
                    mac.finalize().into_bytes().to_vec()
                }
            };
            format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
        })
    }

    fn seconds(&self) -> i64 {
        self.kontor.now().0 / 1000
    }

    /// A logout token, with claims that are said instead of the right ones.
    pub fn logout_token(&self, twist: &Value, signed: Signed) -> String {
        let mut id = [0u8; 8];
        SystemRandom.fill(&mut id);
        let claims = json!({
            "iss": self.url, "aud": CLIENT, "iat": self.seconds(), "exp": self.seconds() + 120,
            "jti": BASE64URL_NOPAD.encode(&id),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        self.token("logout+jwt", &twisted(claims, twist), signed)
    }
}

/// The claims with others instead; null takes one out.
pub fn twisted(mut claims: Value, twist: &Value) -> Value {
    for (name, value) in twist.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            other => claims.as_object_mut().unwrap().insert(name.clone(), other.clone()),
        };
    }
    claims
}

async fn describe(State(issuer): State<Issuer>) -> Response {
    let (down, names) = issuer.tell(|s| (s.down, s.names_itself));
    if down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let url = &issuer.url;
    Json(json!({
        "issuer": url, "authorization_endpoint": format!("{url}/authorise"), "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"), "end_session_endpoint": format!("{url}/leave"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": names,
    }))
    .into_response()
}

async fn keys(State(issuer): State<Issuer>) -> Response {
    let keys = issuer.tell(|s| {
        s.keys_asked += 1;
        s.key.public()
    });
    Json(json!({ "keys": [keys] })).into_response()
}

async fn exchange(State(issuer): State<Issuer>, Form(form): Form<HashMap<String, String>>) -> Response {
    if issuer.tell(|s| s.down) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let verifier = form.get("code_verifier").cloned().unwrap_or_default();
    let found = issuer.tell(|s| s.codes.remove(&form["code"]));
    let proved = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let Some(asked) = found.filter(|asked| asked.challenge == proved) else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    };
    let now = issuer.seconds();
    let right = json!({
        "iss": issuer.url, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": asked.nonce
    });
    let claims = twisted(right, &asked.claims);
    let (twist, signed, again) = issuer.tell(|s| (s.twist.clone(), s.signed, s.again.clone()));
    let token = again.unwrap_or_else(|| issuer.token("JWT", &twisted(claims, &twist), signed));
    issuer.tell(|s| s.last = token.clone());
    Json(json!({ "access_token": "opaque", "token_type": "Bearer", "id_token": token })).into_response()
}
