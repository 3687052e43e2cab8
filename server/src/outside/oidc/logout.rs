//! Logout tokens (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6). openidconnect has no word for them; its
//! keys check the signature.

use super::{ALGORITHMS, OLD, SKEW, bad};
use kontor::identity::port::{Client, Fault, SignedOut};
use openidconnect::{
    JsonWebKey as _, JsonWebKeyAlgorithm, JsonWebKeySet, JsonWebKeyUse as _,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde::Deserialize;

/// What every logout token has among its events.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Body {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: Option<i64>,
    jti: String,
    sub: Option<String>,
    sid: Option<String>,
    events: serde_json::Map<String, serde_json::Value>,
    nonce: Option<serde_json::Value>,
}

/// A logout token that can be read, but is not believed yet.
pub struct Token {
    header: Header,
    body: Body,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl Token {
    /// Takes it apart.
    pub fn read(token: &str) -> Result<Self, Fault> {
        let (signed, signature) = token.rsplit_once('.').ok_or_else(|| bad("no logout token"))?;
        let (header, body) = signed.split_once('.').ok_or_else(|| bad("no logout token"))?;
        let decode = |part: &str| data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).map_err(bad);
        Ok(Self {
            header: serde_json::from_slice(&decode(header)?).map_err(bad)?,
            body: serde_json::from_slice(&decode(body)?).map_err(bad)?,
            signed: signed.as_bytes().to_vec(),
            signature: decode(signature)?,
        })
    }

    /// Whether one of the keys has signed it, in a way that is believed.
    pub fn is_signed_by(&self, keys: &JsonWebKeySet<CoreJsonWebKey>) -> bool {
        let named = |key: &&CoreJsonWebKey| {
            self.header.kid.is_none() || key.key_id().map(|id| id.as_str()) == self.header.kid.as_deref()
        };
        let fits = |key: &&CoreJsonWebKey| {
            key.key_use().is_none_or(|usage| usage.allows_signature())
                && match key.signing_alg() {
                    JsonWebKeyAlgorithm::Algorithm(algorithm) => *algorithm == self.header.alg,
                    JsonWebKeyAlgorithm::Unspecified => true,
                    JsonWebKeyAlgorithm::Unsupported => false,
                }
        };
        ALGORITHMS.contains(&self.header.alg)
            && keys
                .keys()
                .iter()
                .filter(named)
                .filter(fits)
                .any(|key| key.verify_signature(&self.header.alg, &self.signed, &self.signature).is_ok())
    }

    /// Checks what it says; `now` in seconds.
    pub fn checked(self, client: &Client, now: i64) -> Result<SignedOut, Fault> {
        let Self { header, body, .. } = self;
        let kind = header.typ.unwrap_or_default().to_lowercase();
        let kind = kind.strip_prefix("application/").unwrap_or(&kind);
        if !["", "jwt", "logout+jwt"].contains(&kind) || header.crit.is_some() {
            return Err(bad("a token of another kind"));
        }
        if body.iss != client.issuer {
            return Err(bad("another issuer's"));
        }
        let ours = match &body.aud {
            Audience::One(one) => *one == client.client_id,
            Audience::Many(many) => many.contains(&client.client_id),
        };
        if !ours {
            return Err(bad("made for another party"));
        }
        if !(-SKEW..=OLD).contains(&(now - body.iat)) || body.exp.is_some_and(|exp| exp <= now) {
            return Err(bad("too old, or not yet made"));
        }
        if !body.events.get(EVENT).is_some_and(|event| event.is_object()) {
            return Err(bad("about no logout"));
        }
        // An ID token is none.
        if body.nonce.is_some() {
            return Err(bad("a logout token has no nonce"));
        }
        if (body.sub.is_none() && body.sid.is_none()) || body.jti.is_empty() {
            return Err(bad("about nobody"));
        }
        Ok(SignedOut { subject: body.sub, sid: body.sid, token_id: body.jti })
    }
}
