//! Signing in through a provider of single sign-on: there, back, and out again.

use super::{
    Host,
    forms::see,
    headers::plain_error,
    limits::{self, BEGIN, CALLBACK, LOGOUT},
    viewer::address,
};
use app::{i18n, t, wire::cookie};
use axum::{
    body::{Body, to_bytes},
    extract::{Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use kontor::{
    Error, Refusal,
    identity::service::{self, CameBack},
    kernel::{actor::Viewer, id::IdentityProviderId, locale::Locale},
};
use serde::Deserialize;

/// The cookie that binds what comes back from a provider to the browser that went there.
const BROWSER: &str = "kontor_sign_in";
/// Seconds it is kept: as long as a sign-in may take.
const SECONDS: u32 = 600;
/// The largest logout token taken.
const LIMIT: usize = 16 * 1024;

/// What a sign-in is begun with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    next: String,
    hint: String,
}

/// `GET /signin/with/{provider}`: leads to the provider. By a page of its own: a form that leads there would have to be
/// allowed to send what was typed to other sites.
pub async fn begin(
    State(host): State<Host>,
    Path(provider): Path<String>,
    Query(wish): Query<Wish>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let Some(viewer) = parts.extensions.get::<Viewer>().cloned() else {
        return plain_error(StatusCode::SERVICE_UNAVAILABLE);
    };
    let Ok(provider) = provider.parse::<IdentityProviderId>() else {
        return plain_error(StatusCode::NOT_FOUND);
    };
    if let Some(wait) = limits::too_many(&host, BEGIN, &viewer.ip) {
        return too_many(wait);
    }
    let next = local(&wish.next);
    let browser = browser(&parts).unwrap_or_else(|| host.kontor.token());
    match service::begin(&host.kontor, &viewer, provider, &browser, next, &wish.hint).await {
        Ok(begun) => {
            let page = onward(viewer.locale, &begun.url, &begun.name);
            with_cookie(page, &cookie::line(BROWSER, &browser, SECONDS, host.config.secure()))
        }
        Err(error) => refused(&error, next),
    }
}

/// What a provider sends people back with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Came {
    state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// `GET /signin/callback`: the person is back.
pub async fn callback(State(host): State<Host>, Query(came): Query<Came>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let Some(viewer) = parts.extensions.get::<Viewer>().cloned() else {
        return plain_error(StatusCode::SERVICE_UNAVAILABLE);
    };
    if let Some(wait) = limits::too_many(&host, CALLBACK, &viewer.ip) {
        return too_many(wait);
    }
    // A browser that never went there has no cookie, and no sign-in it could end.
    let browser = browser(&parts).unwrap_or_default();
    let came = CameBack { state: came.state, code: came.code, issuer: came.iss, error: came.error };
    match service::finish(&host.kontor, &viewer, &browser, &came).await {
        Ok(entered) => {
            let next = local(&entered.next);
            let to = match entered.code_needed {
                true => format!("/signin?step=code&next={}", encoded(next)),
                false => next.to_owned(),
            };
            let secure = host.config.secure();
            with_cookie(see(&to), &cookie::line(cookie::SESSION, &entered.token, cookie::YEAR, secure))
        }
        Err(error) => refused(&error, "/home"),
    }
}

/// `GET /signin/out/{provider}`: whoever has signed out here signs out there, if the provider has a page for it.
pub async fn out(State(host): State<Host>, Path(provider): Path<String>, request: Request) -> Response {
    let Ok(provider) = provider.parse::<IdentityProviderId>() else {
        return plain_error(StatusCode::NOT_FOUND);
    };
    let (parts, _) = request.into_parts();
    let viewer = parts.extensions.get::<Viewer>();
    let locale = viewer.map(|viewer| viewer.locale).unwrap_or_default();
    if let Some(wait) = viewer.and_then(|viewer| limits::too_many(&host, BEGIN, &viewer.ip)) {
        return too_many(wait);
    }
    match service::leave(&host.kontor, provider).await {
        Ok(Some((url, name))) => onward(locale, &url, &name),
        Ok(None) => see("/"),
        Err(error) => plain_error(status(&error)),
    }
}

/// `POST /hooks/oidc/{provider}/logout`: a provider tells that somebody signed out there. Outside the checks for people's
/// browsers: what counts is the token's signature.
pub async fn back_channel(
    State(host): State<Host>,
    Path(provider): Path<String>,
    request: Request,
) -> Response {
    let (parts, body): (Parts, Body) = request.into_parts();
    let ip = address(&host, &parts).map(|ip| ip.to_string()).unwrap_or_default();
    if let Some(wait) = limits::too_many(&host, LOGOUT, &ip) {
        return too_many(wait);
    }
    let Ok(provider) = provider.parse::<IdentityProviderId>() else {
        return plain_error(StatusCode::NOT_FOUND);
    };
    let Ok(body) = to_bytes(body, LIMIT).await else { return plain_error(StatusCode::PAYLOAD_TOO_LARGE) };
    let token = url::form_urlencoded::parse(&body).find(|(name, _)| name == "logout_token");
    let Some((_, token)) = token else { return plain_error(StatusCode::BAD_REQUEST) };
    match service::back_channel(&host.kontor, provider, &token).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => plain_error(status(&error)),
    }
}

/// The browser's own secret, if it has one that is ours.
fn browser(parts: &Parts) -> Option<String> {
    cookie::get(parts, BROWSER).filter(|token| token.len() == 43)
}

/// An address of ours.
fn local(next: &str) -> &str {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if safe { next } else { "/home" }
}

/// The sign-in page again, with what was wrong.
fn refused(error: &Error, next: &str) -> Response {
    match error {
        Error::Refused(Refusal::SingleSignOn { why }) => {
            see(&format!("/signin?problem={}&next={}", why.key(), encoded(next)))
        }
        other => plain_error(status(other)),
    }
}

fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn too_many(wait: u32) -> Response {
    let mut response = plain_error(StatusCode::TOO_MANY_REQUESTS);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    response
}

fn with_cookie(mut response: Response, line: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(line) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// A page that leads elsewhere by itself, also without script.
fn onward(locale: Locale, url: &str, name: &str) -> Response {
    let (title, link) = i18n::with_locale(locale, || {
        (t::account::sign_in_title().to_owned(), t::account::continue_with(name))
    });
    let (url, title, link) = (escaped(url), escaped(&title), escaped(&link));
    let lang = locale.key();
    Html(format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"refresh\" content=\"0; url={url}\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1><p><a href=\"{url}\">{link}</a></p></main></body></html>"
    ))
    .into_response()
}

/// A text inside of a page or of an attribute in double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_ours_are_gone_on_to() {
        assert_eq!(local("/admin?x=1"), "/admin?x=1");
        for foreign in ["//evil.test", "https://evil.test", "/\\evil.test", "", "/a\r\nSet-Cookie: x"] {
            assert_eq!(local(foreign), "/home", "{foreign:?}");
        }
    }

    #[tokio::test]
    async fn what_a_provider_is_called_is_text() {
        let page = onward(Locale::En, "https://idp.test/?a=1&b=\"><script>", "<b>'x'</b>");
        let body = to_bytes(page.into_body(), LIMIT).await.unwrap();
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains("url=https://idp.test/?a=1&amp;b=&quot;&gt;&lt;script&gt;\""), "{body}");
        assert!(body.contains("&lt;b&gt;&#39;x&#39;&lt;/b&gt;"), "{body}");
    }
}
