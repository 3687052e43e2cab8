//! Finds out who asks: address, language, session; and gathers what a page is told before it begins.

use super::{Host, headers::plain_error};
use app::{
    home::VERIFY,
    routes::DRAFTS,
    wire::{Boot, Kept, Me, Pending, Place, Standings, cookie},
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use kontor::{
    Error,
    account::service::{self, Resolved},
    kernel::{
        actor::Viewer,
        locale::{Locale, Theme},
        secret::hash_token,
    },
    organisation::rows::member,
};
use std::net::{IpAddr, SocketAddr};

/// The cookie that binds kept input to a browser that is not signed in.
const ANONYMOUS: &str = "kontor_browser";
/// The cookie that tells the next page what was just done.
pub const DONE: &str = "kontor_done";

/// Puts [`Viewer`], and for pages [`Boot`], into the request.
pub async fn resolve(State(host): State<Host>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (anonymous, is_new) = match cookie::get(&parts, ANONYMOUS).filter(|token| token.len() == 43) {
        Some(token) => (token, false),
        None => (host.kontor.token(), true),
    };
    let done = cookie::get(&parts, DONE);
    // The answer to a file that is checked is a page, too.
    let is_page = (parts.method == Method::GET && !parts.uri.path().starts_with("/api/"))
        || (parts.method == Method::POST && parts.uri.path() == VERIFY);
    if let Err(error) = describe(&host, &mut parts, &anonymous, is_page, done.clone()).await {
        tracing::error!(%error, "cannot find out who asks");
        return plain_error(
            StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        );
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let secure = host.config.secure();
    let mut set = |line: String| {
        if let Ok(value) = HeaderValue::from_str(&line) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    };
    if is_new {
        set(cookie::line(ANONYMOUS, &anonymous, cookie::YEAR, secure));
    }
    if is_page && done.is_some() {
        set(cookie::line(DONE, "", 0, secure));
    }
    response
}

async fn describe(
    host: &Host,
    parts: &mut Parts,
    anonymous: &str,
    is_page: bool,
    done: Option<String>,
) -> Result<(), Error> {
    let kontor = &host.kontor;
    let resolved = match cookie::get(parts, cookie::SESSION).filter(|token| !token.is_empty()) {
        Some(token) => service::resolve(kontor, &token).await?,
        None => None,
    };
    let person = resolved.as_ref().filter(|r| r.session.is_some()).map(|r| &r.account);
    // What somebody else set the account up with is for mails; pages follow the browser until the reader chooses.
    let locale = person
        .filter(|p| p.locale_chosen)
        .map(|p| p.locale)
        .or_else(|| cookie::get(parts, "kontor_language").and_then(|tag| Locale::from_key(&tag)))
        .or_else(|| parts.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Locale::negotiate))
        .unwrap_or_default();
    let theme = person
        .map(|p| p.theme)
        .or_else(|| cookie::get(parts, "kontor_theme").and_then(|key| Theme::from_key(&key)))
        .unwrap_or_default();
    let viewer = Viewer {
        session: resolved.as_ref().and_then(|r| r.session.clone()),
        ip: address(host, parts).map(|ip| ip.to_string()).unwrap_or_default(),
        user_agent: header_text(&parts.headers, header::USER_AGENT).chars().take(200).collect(),
        locale,
        anonymous: Some(hash_token(anonymous)),
    };
    if let Some(waiting) = resolved.as_ref().filter(|r| r.session.is_none()) {
        parts.extensions.insert(Pending { session: waiting.id, account: waiting.account.id });
    }
    if is_page {
        let boot = Boot {
            me: me(host, resolved.as_ref()).await?,
            locale,
            theme,
            path: parts.uri.path().to_owned(),
            kept: kept(host, &viewer, parts).await?,
            done,
            support_email: kontor.programme.support_email.clone(),
            demo: kontor.programme.demo,
            build: crate::bundle::hash().to_owned(),
        };
        parts.extensions.insert(boot);
        parts.extensions.insert(Standings::default());
    }
    parts.extensions.insert(viewer);
    parts.extensions.insert(kontor.clone());
    Ok(())
}

/// The reader and their places.
async fn me(host: &Host, resolved: Option<&Resolved>) -> Result<Me, Error> {
    let Some((session, person)) = resolved.map(|r| (r.session.as_ref(), &r.account)) else {
        return Ok(Me::default());
    };
    let passkey = person.passkeys > 0;
    // Whoever has given the password is told what will do for the second step, and nothing else.
    let Some(session) = session else { return Ok(Me { passkey, ..Me::default() }) };
    let places = member::places(host.kontor.db.read(), person.id).await?;
    let place = |(held, org): (member::Held, kontor::organisation::rows::organisation::Model)| Place {
        org: org.id,
        name: org.name,
        kind: org.kind,
        features: held.features,
    };
    Ok(Me {
        email: Some(session.email.clone()),
        name: if session.name.is_empty() { session.email.clone() } else { session.name.clone() },
        confirmed: session.confirmed,
        code: person.totp_on,
        passkey,
        places: places.into_iter().map(place).collect(),
    })
}

/// Input kept for this page: by the token in its address, or as a draft.
async fn kept(host: &Host, viewer: &Viewer, parts: &Parts) -> Result<Option<Kept>, Error> {
    let query = parts.uri.query().unwrap_or("");
    let token = url::form_urlencoded::parse(query.as_bytes())
        .find(|(n, _)| n == "state")
        .map(|(_, v)| v.into_owned());
    if let Some(token) = token
        && let Some((_, content)) = service::kept_input(&host.kontor, viewer, &token).await?
    {
        return Ok(serde_json::from_str(&content).ok());
    }
    let Some((_, form)) = DRAFTS.iter().find(|(page, _)| parts.uri.path().ends_with(page)) else {
        return Ok(None);
    };
    let draft = service::draft(&host.kontor, viewer, form).await?;
    Ok(draft.and_then(|content| serde_json::from_str(&content).ok()))
}

/// The address the request came from: the peer's, or what a trusted proxy says of it.
pub(super) fn address(host: &Host, parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
    let trusted = |ip: &IpAddr| host.config.trusted_proxies.iter().any(|net| net.contains(ip));
    if !trusted(&peer) {
        return Some(peer);
    }
    let forwarded = header_text(&parts.headers, header::HeaderName::from_static("x-forwarded-for"));
    // From the right: the first that is no proxy of ours.
    let named =
        forwarded.rsplit(',').map_while(|part| part.trim().parse::<IpAddr>().ok()).find(|ip| !trusted(ip));
    Some(named.unwrap_or(peer))
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned()
}
