//! The way of a form without script (design.md section 3): what was typed is kept, and the form shows it again with
//! what was wrong.

use super::{headers::plain_error, viewer::DONE};
use app::wire::{Kept, Outcome, cookie};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kontor::{
    Error,
    account::service,
    kernel::{Kontor, actor::Viewer},
};

/// Fields whose content is never kept.
const SECRET: [&str; 4] = ["password", "new_password", "code", "token"];

/// Wraps server functions called by a plain form.
pub async fn keep_input(mut request: Request, next: Next) -> Response {
    let outcome = Outcome::default();
    request.extensions_mut().insert(outcome.clone());
    let plain = request.uri().path().starts_with("/api/")
        && text(request.headers(), header::ACCEPT).contains("text/html")
        && text(request.headers(), header::CONTENT_TYPE).starts_with("application/x-www-form-urlencoded");
    let (Some(kontor), Some(viewer), true) =
        (request.extensions().get::<Kontor>().cloned(), request.extensions().get::<Viewer>().cloned(), plain)
    else {
        return unreadable_is_bad_request(next.run(request).await, &outcome);
    };
    let form = request.uri().path().to_owned();
    let back = back(request.headers());
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, super::BODY_LIMIT).await else {
        return plain_error(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let response = next.run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
    let failed = outcome.error().or_else(|| {
        // The form's fields did not even fit the call: leptos puts that into the address.
        text(response.headers(), header::LOCATION).contains("__err=").then_some(Error::BadRequest)
    });
    // What a failed call has set stays set: an application that is refused may have made an account before.
    let cookies: Vec<HeaderValue> =
        response.headers().get_all(header::SET_COOKIE).iter().filter(|_| failed.is_some()).cloned().collect();
    let mut answer = match failed {
        None => success(response, &back),
        Some(Error::Unauthenticated) => see(&format!("/signin?next={}", encode(&back))),
        Some(error) => {
            let kept = Kept { form: form.clone(), values: values(&bytes), error: Some(error.clone()) };
            match keep(&kontor, &viewer, &kept).await {
                Ok(Some(token)) => see(&with_state(&back, Some(&token))),
                Ok(None) | Err(_) => plain_error(
                    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                ),
            }
        }
    };
    for cookie in cookies {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if let Some(done) = outcome.done()
        && let Ok(value) = HeaderValue::from_str(&cookie::line(DONE, done, 60, false))
    {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

/// leptos answers 500 where a call's fields cannot even be read; whatever the body of a call fails with has set its own
/// status, and a panic never comes this far.
fn unreadable_is_bad_request(mut response: Response, outcome: &Outcome) -> Response {
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && outcome.error().is_none() {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

async fn keep(kontor: &Kontor, viewer: &Viewer, kept: &Kept) -> Result<Option<String>, Error> {
    let content = serde_json::to_string(kept).map_err(kontor::kernel::error::internal)?;
    service::keep_input(kontor, viewer, &kept.form, content).await
}

/// The typed fields, without secrets.
fn values(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body)
        .filter(|(name, _)| !SECRET.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// After success the reader sees where the call leads, or the page of the form again, without the earlier input.
fn success(mut response: Response, back: &str) -> Response {
    let location = text(response.headers(), header::LOCATION);
    let target = match location.strip_prefix('/') {
        Some(_) => location,
        None => with_state(back, None),
    };
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(value) = HeaderValue::from_str(&target) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    *response.body_mut() = Body::empty();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

/// The page of the form: path and query of the referrer.
fn back(headers: &HeaderMap) -> String {
    let referrer = url::Url::parse(&text(headers, header::REFERER)).ok();
    referrer.map_or_else(
        || "/".into(),
        |url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        },
    )
}

/// The address with another, or no, `state`.
fn with_state(address: &str, state: Option<&str>) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).filter(|(n, _)| n != "state") {
        pairs.append_pair(&name, &value);
    }
    if let Some(state) = state {
        pairs.append_pair("state", state);
    }
    match pairs.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

fn see(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_never_kept() {
        let body = b"email=a%40b.de&password=secret&new_password=x&code=123456&token=abc&city=K%C3%B6ln";
        assert_eq!(values(body), [("email".into(), "a@b.de".into()), ("city".into(), "Köln".into())]);
    }

    #[test]
    fn the_address_has_one_state() {
        assert_eq!(
            with_state("/apply?expertise=crm&state=old", Some("new")),
            "/apply?expertise=crm&state=new"
        );
        assert_eq!(with_state("/apply?state=old", None), "/apply");
    }
}
